#!/usr/bin/env python3
"""Sends records of every shape through otel-log to the real OpenTelemetry Collector, and compares what its file exporter
writes with what must come out.

usage: collector.py <collector> <otel-log>      collector: built by collector/build.sh
"""
import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
receivers:
  otlp/plain:
    protocols: {{http: {{endpoint: "127.0.0.1:{plain}"}}}}
  otlp/small:
    protocols: {{http: {{endpoint: "127.0.0.1:{small}", max_request_body_size: 20000}}}}
  otlp/secure:
    protocols:
      http:
        endpoint: "127.0.0.1:{secure}"
        auth: {{authenticator: basicauth}}
        tls: {{cert_file: {work}/server.pem, key_file: {work}/server.key, client_ca_file: {work}/ca.pem}}
extensions:
  basicauth: {{htpasswd: {{inline: "desk:pass word"}}}}
exporters:
  file: {{path: {work}/out.jsonl}}
service:
  extensions: [basicauth]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp/plain, otlp/small, otlp/secure], exporters: [file]}}
"""

CERTIFICATES = """
set -e
cd "$0"
key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
leaf() { key $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr; echo "subjectAltName=IP:127.0.0.1" >$1.ext
    openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem; }
key ca; openssl req -x509 -new -key ca.key -subj /CN=ca -days 2 -out ca.pem
leaf server; leaf client
"""

# What is given to `otel-log --json`, and the scope and the record that must come out: OTLP as JSON, as the Collector
# writes it (64-bit integers are strings, what is zero or empty is left out, bytes are base64).
TIMES = {"time": "2024-02-29T12:34:56.123456789Z", "observed_time": "1700000000000000001"}
TIMES_OUT = {"timeUnixNano": "1709210096123456789", "observedTimeUnixNano": "1700000000000000001"}
EVERYTHING = {
    **TIMES, "severity": "ERROR2", "severity_text": "Oops", "event": "cart.checked_out",
    "trace_id": "0102030405060708090a0b0c0d0e0f10", "span_id": "a1a2a3a4a5a6a7a8", "trace_flags": 1,
    "body": {"a": [1, -2.5, True, None, "x", {"b": {}}], "e": []},
    "attributes": {"most": 2**63 - 1, "least": -2**63, "one": 1.0, "text": "ü€😀\t\"\\", "null": None, "list": [1, 2]},
    "scope": {"name": "sc", "version": "1", "schema_url": "http://s/1", "attributes": {"k": "v"}},
    "exception": {"type": "T", "message": "m", "stacktrace": "at\nb"}, "other": -1,
}
EVERYTHING_OUT = {
    **TIMES_OUT, "severityNumber": 18, "severityText": "Oops", "eventName": "cart.checked_out",
    "traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "a1a2a3a4a5a6a7a8", "flags": 1,
    "body": {"kvlistValue": {"values": [
        {"key": "a", "value": {"arrayValue": {"values": [
            {"intValue": "1"}, {"doubleValue": -2.5}, {"boolValue": True}, {}, {"stringValue": "x"},
            {"kvlistValue": {"values": [{"key": "b", "value": {"kvlistValue": {}}}]}}]}}},
        {"key": "e", "value": {"arrayValue": {}}}]}},
    "attributes": {
        "other": {"intValue": "-1"}, "most": {"intValue": str(2**63 - 1)}, "least": {"intValue": str(-2**63)},
        "one": {"doubleValue": 1}, "text": {"stringValue": "ü€😀\t\"\\"}, "null": {},
        "list": {"arrayValue": {"values": [{"intValue": "1"}, {"intValue": "2"}]}},
        "exception.type": {"stringValue": "T"}, "exception.message": {"stringValue": "m"},
        "exception.stacktrace": {"stringValue": "at\nb"}},
}
SCOPE_OUT = {"scope": {"name": "sc", "version": "1", "attributes": [{"key": "k", "value": {"stringValue": "v"}}]},
             "schemaUrl": "http://s/1"}
OWN_SCOPE = {"scope": {"name": "otel-log"}}


def simple(given, out, **more):
    return ({**TIMES, **given}, OWN_SCOPE, {**TIMES_OUT, "severityNumber": 9, "severityText": "INFO", **out, **more})


SHAPES = [
    (EVERYTHING, SCOPE_OUT, EVERYTHING_OUT),
    simple({"body": "plain"}, {"body": {"stringValue": "plain"}}),
    simple({"body": ""}, {"body": {"stringValue": ""}}),
    simple({"body": 0}, {"body": {"intValue": "0"}}),
    simple({"body": -0.0}, {"body": {"doubleValue": 0}}),
    simple({"body": 1e300}, {"body": {"doubleValue": 1e300}}),
    simple({"body": False}, {"body": {"boolValue": False}}),
    simple({"body": [[[[]]]]}, {"body": {"arrayValue": {"values": [{"arrayValue": {"values": [{"arrayValue": {
        "values": [{"arrayValue": {}}]}}]}}]}}}),
    simple({"body": "x" * 100000}, {"body": {"stringValue": "x" * 100000}}),
    simple({"body": "a", "severity": "TRACE"}, {"body": {"stringValue": "a"}}, severityNumber=1, severityText="TRACE"),
    simple({"body": "b", "severity": 24}, {"body": {"stringValue": "b"}}, severityNumber=24, severityText="FATAL4"),
    simple({"body": "c", **{f"k{i}": i for i in range(100)}},
           {"body": {"stringValue": "c"}, "attributes": {f"k{i}": {"intValue": str(i)} for i in range(100)}}),
]


class Failure(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}:\n  found  {found}\n  wanted {wanted}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Collector:
    def __init__(self, program, work):
        self.work, self.read = work, 0
        self.ports = {name: free_port() for name in ("plain", "small", "secure")}
        (work / "config.yaml").write_text(CONFIGURATION.format(work=work, **self.ports))
        subprocess.run(["sh", "-c", CERTIFICATES, work], check=True, capture_output=True)
        self.log = open(work / "collector.log", "wb")
        self.process = subprocess.Popen([program, "--config", f"file:{work}/config.yaml"], stderr=self.log, stdout=self.log)
        for port in self.ports.values():
            self.wait_for(port)

    def wait_for(self, port):
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise Failure("the Collector does not listen:\n" + (self.work / "collector.log").read_text()[-3000:])

    def requests(self, records):
        """The lines that are new, once they hold so many records."""
        for _ in range(1200):
            text = (self.work / "out.jsonl").read_text()[self.read:]
            lines = [json.loads(line) for line in text.splitlines()] if text.endswith("\n") else []
            found = sum(1 for _ in records_of(lines))
            if found >= records:
                break
            time.sleep(0.05)
        self.read += len(text)
        expect(found, records, "records at the Collector")
        return lines

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


def records_of(lines):
    for line in lines:
        for resource in line["resourceLogs"]:
            for scope in resource["scopeLogs"]:
                for record in scope.get("logRecords", []):
                    yield resource, scope, record


def send(otel_log, collector, port, text, arguments=(), scheme="http", **environment):
    """The exit status, and what was said."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    variables.update(OTEL_LOGS_EXPORTER="otlp", OTEL_RESOURCE_ATTRIBUTES="a=b", no_proxy="*",
                     OTEL_EXPORTER_OTLP_ENDPOINT=f"{scheme}://127.0.0.1:{collector.ports[port]}")
    variables.update({"OTEL_EXPORTER_OTLP_" + name: str(value) for name, value in environment.items()})
    done = subprocess.run([otel_log, "--timeout", "3000", *arguments], input=text.encode(), capture_output=True,
                          env=variables, timeout=60)
    return done.returncode, done.stderr.decode()


def by_key(record):
    if "attributes" in record:
        keys = {a["key"]: a["value"] for a in record["attributes"]}
        expect(len(keys), len(record["attributes"]), "keys that come twice")
        record = {**record, "attributes": keys}
    return record


def every_shape(otel_log, collector, **environment):
    text = "".join(json.dumps(given) + "\n" for given, _, _ in SHAPES)
    expect(send(otel_log, collector, "plain", text, ["--json"], **environment), (0, ""), "otel-log")
    found = list(records_of(collector.requests(len(SHAPES))))
    for given, scope_wanted, wanted in SHAPES:
        same = [(r, s, x) for r, s, x in found if by_key(x) == wanted and {k: s[k] for k in s if k != "logRecords"} ==
                scope_wanted]
        if not same:
            raise Failure(f"this one did not come as it should: {given}\n  there are {[x for _, _, x in found]}")
    resource = {a["key"]: a["value"] for a in found[0][0]["resource"]["attributes"]}
    expect(resource["a"], {"stringValue": "b"}, "the resource")
    expect(resource["telemetry.sdk.language"], {"stringValue": "c"}, "the resource")


def shapes_come_out_right(otel_log, collector):
    every_shape(otel_log, collector)


def shapes_come_out_right_compressed(otel_log, collector):
    every_shape(otel_log, collector, COMPRESSION="gzip")


def bodies_of(lines):
    return [record["body"]["stringValue"] for _, _, record in records_of(lines)]


def many_come_once_and_in_order(otel_log, collector):
    lines = [f"{i} of many" for i in range(20000)]
    expect(send(otel_log, collector, "plain", "\n".join(lines) + "\n"), (0, ""), "otel-log")
    expect(bodies_of(collector.requests(len(lines))), lines, "bodies")


def too_much_for_the_collector_goes_in_several(otel_log, collector):
    lines = [f"{i} of many that make requests of more than 20 kB" for i in range(2000)]
    code, said = send(otel_log, collector, "small", "\n".join(lines) + "\n")
    expect(code, 0, said)
    expect("request body too large" in said, True, said)
    expect(bodies_of(collector.requests(len(lines))), lines, "bodies")


def one_that_is_too_large_is_rejected(otel_log, collector):
    code, said = send(otel_log, collector, "small", "before\n" + "x" * 30000 + "\nafter\n")
    expect(code, 1, said)
    expect(bodies_of(collector.requests(2)), ["before", "after"], "bodies")


def secure(collector, **more):
    work = collector.work
    password = base64.b64encode(b"desk:pass word").decode().replace("=", "%3D")
    return {"scheme": "https", "CERTIFICATE": work / "ca.pem", "CLIENT_CERTIFICATE": work / "client.pem",
            "CLIENT_KEY": work / "client.key", "HEADERS": "authorization=Basic%20" + password, "COMPRESSION": "gzip", **more}


def with_certificates_and_a_password(otel_log, collector):
    expect(send(otel_log, collector, "secure", "secret\n", **secure(collector)), (0, ""), "otel-log")
    expect(bodies_of(collector.requests(1)), ["secret"], "bodies")


def the_wrong_password_is_said(otel_log, collector):
    code, said = send(otel_log, collector, "secure", "x\n", **secure(collector, HEADERS="authorization=Basic%20bm86bm8"))
    expect(code, 1, said)
    expect("HTTP 401" in said and "bm86bm8" not in said, True, said)
    collector.requests(0)


def no_client_certificate_is_said(otel_log, collector):
    code, said = send(otel_log, collector, "secure", "x\n", **secure(collector, CLIENT_CERTIFICATE="", CLIENT_KEY=""))
    expect(code, 1, said)
    expect("certificate required" in said or "another client certificate" in said, True, said)
    collector.requests(0)


def an_unknown_path_is_said(otel_log, collector):
    code, said = send(otel_log, collector, "plain", "x\n", LOGS_ENDPOINT=f"http://127.0.0.1:{collector.ports['plain']}")
    expect(code, 1, said)
    expect("HTTP 404" in said, True, said)
    collector.requests(0)


TESTS = [shapes_come_out_right, shapes_come_out_right_compressed, many_come_once_and_in_order,
         too_much_for_the_collector_goes_in_several, one_that_is_too_large_is_rejected, with_certificates_and_a_password,
         the_wrong_password_is_said, no_client_certificate_is_said, an_unknown_path_is_said]


def main(program, otel_log):
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        collector = Collector(program, pathlib.Path(work))
        for test in TESTS:
            try:
                test(otel_log, collector)
                print(f"{test.__name__}: passed")
            except Failure as failure:
                failed += 1
                print(f"{test.__name__}: FAILED\n{failure}")
        collector.stop()
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
