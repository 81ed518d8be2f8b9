"""Looks over the forms of `waymark-server forms` with ODK Validate, which pyxform carries: `validate_forms.py FOLDER`."""

import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import pyxform

JAR = pathlib.Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
XFORMS = "{http://www.w3.org/2002/xforms}"


def complaint(form):
    """What ODK Validate says against a form; nothing if it takes it."""
    done = subprocess.run(["java", "-Djava.awt.headless=true", "-jar", str(JAR), str(form)], capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"ended with {done.returncode}"


def unbound(form):
    """Elements of the instance without a bind, and binds and controls of none: ODK Validate does not mind all of these."""
    root = ET.parse(form).getroot()
    data = root.find(f".//{XFORMS}instance/{XFORMS}data")
    there = {"/data/" + element.tag.removeprefix(XFORMS) for element in data} - {"/data/meta"}
    there.add("/data/meta/instanceID")
    bound = {bind.get("nodeset") for bind in root.iter(f"{XFORMS}bind")}
    asked = {element.get("ref") for element in root.iter() if element.get("ref")}
    return sorted(there ^ bound) + sorted(asked - there)


def main():
    forms = sorted(pathlib.Path(sys.argv[1]).glob("*.xml"))
    faults = [] if forms else ["there are no forms"]
    for form in forms:
        said = complaint(form)
        if said:
            faults.append(f"{form.name}: {said}")
        faults += [f"{form.name}: {name} is not bound, or bound to nothing" for name in unbound(form)]
    # That it would say so if one were wrong.
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong.xml"
        good = forms[0].read_text() if forms else ""
        wrong.write_text(good.replace('<bind nodeset="/data/event"', '<bind relevant="/data/event =" nodeset="/data/event"'))
        if good and not complaint(wrong):
            faults.append("ODK Validate took a form with half an expression in it")
        wrong.write_text(good.replace('ref="/data/', 'ref="/nothing/'))
        if good and not unbound(wrong):
            faults.append("a form whose questions lead nowhere was taken")
    print(f"{len(forms)} forms looked over, {len(faults)} faults")
    sys.exit("\n".join(faults) or 0)


main()
