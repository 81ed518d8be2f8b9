"""S3 as moto imitates it, with what moto leaves out before it: signatures and times of presigned addresses are checked, by the
code with which boto makes them. Refuses as Amazon does. Listens on two free ports and says where in one line of JSON: `address` is
checked, `inside` is not. Ends with its input.

    python s3.py KEY-ID SECRET
"""

import json
import os
import sys
import threading
import time
from calendar import timegm
from urllib.parse import parse_qsl, urlencode, quote

# The bucket's own rules decide which pages are let in.
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"

from botocore.auth import S3SigV4QueryAuth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

REGION = "us-east-1"
# Seconds by which a clock may be ahead.
SKEW = 900
FORM = "%Y%m%dT%H%M%SZ"


def seconds(stamp):
    return timegm(time.strptime(stamp, FORM))


def readable(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def signature(environ, query, secret):
    """What boto would sign this request with, had it been made at its moment with its key."""
    names = query["X-Amz-SignedHeaders"].split(";")
    headers = {name: environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in names}
    unsigned = [(name, value) for name, value in query.items() if name != "X-Amz-Signature"]
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/~")
    url = f"http://{environ['HTTP_HOST']}{path}?{urlencode(unsigned, quote_via=quote, safe='~')}"
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url, headers=headers)
    request.context["timestamp"] = query["X-Amz-Date"]
    signer = S3SigV4QueryAuth(Credentials(query["X-Amz-Credential"].split("/")[0], secret), "s3", REGION)
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


def refusal(environ, key_id, secret):
    """The members of the error with which the request is refused; None if it is let in."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    if "X-Amz-Signature" not in query:
        return {"Code": "AccessDenied", "Message": "Access Denied"}
    now, begun = time.time(), seconds(query["X-Amz-Date"])
    if begun - now > SKEW:
        return {
            "Code": "RequestTimeTooSkewed",
            "Message": "The difference between the request time and the current time is too large.",
            "RequestTime": query["X-Amz-Date"],
            "ServerTime": readable(now),
            "MaxAllowedSkewMilliseconds": str(SKEW * 1000),
        }
    expires = begun + int(query["X-Amz-Expires"])
    if expires < now:
        return {
            "Code": "AccessDenied",
            "Message": "Request has expired",
            "X-Amz-Expires": query["X-Amz-Expires"],
            "Expires": readable(expires),
            "ServerTime": readable(now),
        }
    if query["X-Amz-Credential"].split("/")[0] != key_id:
        return {"Code": "InvalidAccessKeyId", "Message": "The AWS Access Key Id you provided does not exist in our records."}
    if query["X-Amz-Signature"] != signature(environ, query, secret):
        return {"Code": "SignatureDoesNotMatch", "Message": "The request signature we calculated does not match."}
    return None


def checked(inner, key_id, secret):
    def app(environ, start):
        is_preflight = environ["REQUEST_METHOD"] == "OPTIONS"

        # moto lets pages read what it has, and not its errors.
        def readable_by_pages(status, headers, failed=None):
            if not is_preflight and not any(name.lower() == "access-control-allow-origin" for name, _ in headers):
                headers = [*headers, ("Access-Control-Allow-Origin", "*")]
            return start(status, headers, failed)

        refused = None if is_preflight else refusal(environ, key_id, secret)
        if refused is None:
            return inner(environ, readable_by_pages)
        members = "".join(f"<{name}>{value}</{name}>" for name, value in refused.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{members}</Error>'.encode()
        readable_by_pages("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return app


def serve(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def main():
    key_id, secret = sys.argv[1:]
    moto = DomainDispatcherApplication(create_backend_app)
    print(json.dumps({"address": serve(checked(moto, key_id, secret)), "inside": serve(moto)}), flush=True)
    sys.stdin.read()


main()
