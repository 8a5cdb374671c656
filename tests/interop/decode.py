#!/usr/bin/env python3
"""Receives what otlp_records sends over OTLP/HTTP, decodes it, and compares it field by field with what was given.

usage: decode.py <otlp_records>

What the specification makes of what was given (bad UTF-8, keys that come twice, limits) is worked out here, by nothing
of the library. Two decoders: a strict one of ours, below, and OpenTelemetry's own Python classes when the package
opentelemetry-proto is there (tests/run puts it into build/tests-python when it can be had).
"""
import codecs
import collections
import gzip
import http.server
import json
import os
import struct
import subprocess
import sys
import threading
import time

try:
    from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
except ImportError:
    logs_service_pb2 = None

ATTRIBUTES_MAX, DEPTH_MAX = 128, 64
SHORT_NAMES = ["", *(n + d for n in ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL") for d in ("", "2", "3", "4"))]


class Wrong(Exception):
    """The bytes are not what the protocol says."""


# A strict reader of the wire format. ----------------------------------------------------------------------------------
# A message is {number: (name, kind)}; kind: a message's table, or the name of a scalar; a leading * is `repeated`.

KEY_VALUE, ANY_VALUE = {}, {}
ANY_VALUE.update({1: ("string", "text"), 2: ("bool", "varint"), 3: ("int", "varint"), 4: ("double", "fixed64"),
                  5: ("array", {1: ("*values", ANY_VALUE)}), 6: ("map", {1: ("*values", KEY_VALUE)}),
                  7: ("bytes", "raw")})
KEY_VALUE.update({1: ("key", "text"), 2: ("value", ANY_VALUE)})
LOG_RECORD = {1: ("time", "fixed64"), 2: ("severity", "varint"), 3: ("severity_text", "text"), 5: ("body", ANY_VALUE),
              6: ("*attributes", KEY_VALUE), 7: ("dropped", "varint"), 8: ("flags", "fixed32"), 9: ("trace_id", "raw"),
              10: ("span_id", "raw"), 11: ("observed", "fixed64"), 12: ("event_name", "text")}
SCOPE = {1: ("name", "text"), 2: ("version", "text"), 3: ("*attributes", KEY_VALUE), 4: ("dropped", "varint")}
SCOPE_LOGS = {1: ("scope", SCOPE), 2: ("*records", LOG_RECORD), 3: ("schema_url", "text")}
RESOURCE = {1: ("*attributes", KEY_VALUE), 2: ("dropped", "varint")}
RESOURCE_LOGS = {1: ("resource", RESOURCE), 2: ("*scopes", SCOPE_LOGS), 3: ("schema_url", "text")}
REQUEST = {1: ("*resources", RESOURCE_LOGS)}
WIRE_TYPES = {"varint": 0, "fixed64": 1, "fixed32": 5}


def read_varint(data, at):
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise Wrong("a varint that ends in the middle")
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            if value >= 1 << 64:
                raise Wrong("a varint of more than 64 bits")
            return value, at
    raise Wrong("a varint of more than ten bytes")


def read_bytes(data, at, size):
    if at + size > len(data):
        raise Wrong("a field that reaches beyond its message")
    return data[at:at + size], at + size


def read_field(data, at, wire_type):
    if wire_type == 0:
        return read_varint(data, at)
    if wire_type == 2:
        size, at = read_varint(data, at)
        return read_bytes(data, at, size)
    return read_bytes(data, at, 8 if wire_type == 1 else 4)


def convert(kind, field):
    if isinstance(kind, dict):
        return read_message(kind, field)
    if kind == "text":
        return field.decode("utf-8")  # strict: an error ends the test
    if kind in ("fixed64", "fixed32"):
        return int.from_bytes(field, "little")
    return field


def read_message(table, data):
    message, at = {name[1:]: [] for name, _ in table.values() if name[0] == "*"}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        if tag >> 3 not in table:
            raise Wrong(f"field {tag >> 3} in a message that has none")
        name, kind = table[tag >> 3]
        if tag & 7 != (2 if isinstance(kind, dict) else WIRE_TYPES.get(kind, 2)):
            raise Wrong(f"wire type {tag & 7} for {name}")
        field, at = read_field(data, at, tag & 7)
        if name[0] == "*":
            message[name[1:]].append(convert(kind, field))
        elif name in message or (table is ANY_VALUE and message):
            raise Wrong(f"{name} twice")
        else:
            message[name] = convert(kind, field)
    return message


def plain_value(message):
    """An AnyValue as (kind, content)."""
    if not message:
        return ("empty",)
    (kind, content), = message.items()
    if kind == "array":
        return (kind, [plain_value(v) for v in content["values"]])
    if kind == "map":
        return (kind, plain_attributes(content["values"]))
    if kind == "int":
        return (kind, content - (1 << 64) if content >> 63 else content)
    return (kind, bool(content) if kind == "bool" else content)


def plain_attributes(messages):
    for message in messages:
        if "value" not in message or not message.get("key"):
            raise Wrong(f"an attribute without key or value: {message}")
    return sorted(((m["key"], plain_value(m["value"])) for m in messages), key=repr)


def our_decoder(body):
    for resource_logs in read_message(REQUEST, body)["resources"]:
        resource = plain_attributes(resource_logs["resource"]["attributes"])
        for scope_logs in resource_logs["scopes"]:
            scope = scope_logs.get("scope", {"attributes": []})
            identity = (scope.get("name", ""), scope.get("version", ""), scope_logs.get("schema_url", ""),
                        repr(plain_attributes(scope["attributes"])))
            for record in scope_logs["records"]:
                record["attributes"] = plain_attributes(record["attributes"])
                record["body"] = plain_value(record.get("body", {}))
                yield resource, identity, record


# The same from OpenTelemetry's own classes. ---------------------------------------------------------------------------

def their_value(value):
    kind = value.WhichOneof("value")
    content = getattr(value, kind) if kind else None
    if kind is None:
        return ("empty",)
    if kind == "array_value":
        return ("array", [their_value(v) for v in content.values])
    if kind == "kvlist_value":
        return ("map", their_attributes(content.values))
    if kind == "double_value":
        return ("double", struct.unpack("<Q", struct.pack("<d", content))[0])
    return (kind.removesuffix("_value"), content)


def their_attributes(messages):
    return sorted(((m.key, their_value(m.value)) for m in messages), key=repr)


def their_decoder(body):
    request = logs_service_pb2.ExportLogsServiceRequest.FromString(body)
    for resource_logs in request.resource_logs:
        for scope_logs in resource_logs.scope_logs:
            scope = scope_logs.scope
            identity = (scope.name, scope.version, scope_logs.schema_url, repr(their_attributes(scope.attributes)))
            for r in scope_logs.log_records:
                yield their_attributes(resource_logs.resource.attributes), identity, {
                    "time": r.time_unix_nano, "observed": r.observed_time_unix_nano, "severity": r.severity_number,
                    "severity_text": r.severity_text, "body": their_value(r.body), "flags": r.flags,
                    "attributes": their_attributes(r.attributes), "dropped": r.dropped_attributes_count,
                    "trace_id": r.trace_id, "span_id": r.span_id, "event_name": r.event_name}


# What must have been sent. --------------------------------------------------------------------------------------------

codecs.register_error("question", lambda error: ("?", error.start + 1))


def name_of(digits):
    """A name: what is not UTF-8 in it becomes a question mark, byte by byte."""
    return bytes.fromhex(digits or "").decode("utf-8", "question")


def meant_value(value, depth=1):
    kind = value[0]
    if kind == "text":
        raw = bytes.fromhex(value[1])
        try:
            return ("string", raw.decode("utf-8"))
        except UnicodeDecodeError:
            return ("bytes", raw)
    if kind == "bytes":
        return (kind, bytes.fromhex(value[1]))
    if kind == "int":
        return (kind, int(value[1]))
    if kind == "double":
        return (kind, int(value[1], 16))
    if kind in ("array", "map") and depth > DEPTH_MAX:
        return ("empty",)
    if kind == "array":
        return (kind, [meant_value(v, depth + 1) for v in value[1]])
    if kind == "map":
        entries = {key: entry for key, entry in value[1] if key}  # the last of a key
        return (kind, sorted(((name_of(k), meant_value(v, depth + 1)) for k, v in entries.items()), key=repr))
    return tuple(value)


def meant_attributes(given):
    """The attributes, and how many were dropped: no key, or one too many."""
    kept, dropped = {}, 0
    for key, value in given["attributes"]:
        if not key or (key not in kept and len(kept) == ATTRIBUTES_MAX):
            dropped += 1
        else:
            kept[key] = value
    for part in ("type", "message", "stacktrace"):
        text, key = given.get("exception", {}).get(part), f"exception.{part}".encode().hex()
        if text is not None and len(kept) == ATTRIBUTES_MAX:
            dropped += 1
        elif text is not None:
            kept[key] = ["text", text]
    if given.get("site"):
        file, line, function = given["site"]
        kept[b"code.file.path".hex()] = ["text", file.encode().hex()]
        kept[b"code.line.number".hex()] = ["int", str(line)]
        kept[b"code.function.name".hex()] = ["text", function.encode().hex()]
    return sorted(((name_of(k), meant_value(v)) for k, v in kept.items()), key=repr), dropped


def meant_record(given):
    severity = given["severity"] if 0 <= given["severity"] <= 24 else 0
    attributes, dropped = meant_attributes(given)
    span = given.get("span", {"trace_id": "", "span_id": "", "flags": 0})
    traced = int(span["trace_id"] or "0", 16)  # a trace without a span is one, a span without a trace is none
    spanned = traced and int(span["span_id"] or "0", 16)
    return {"severity": severity,
            "severity_text": name_of(given["severity_text"]) if given.get("severity_text") else SHORT_NAMES[severity],
            "event_name": name_of(given.get("event_name")), "body": meant_value(given["body"]),
            "attributes": attributes, "dropped": dropped + given.get("dropped", 0),
            "trace_id": bytes.fromhex(span["trace_id"]) if traced else b"",
            "span_id": bytes.fromhex(span["span_id"]) if spanned else b"", "flags": span["flags"] if traced else 0}


def meant_identity(given):
    scope = given["scope"]
    attributes = sorted(((name_of(k), meant_value(v)) for k, v in scope["attributes"]), key=repr)
    return name_of(scope["name"]), name_of(scope["version"]), name_of(scope["schema_url"]), repr(attributes)


def about_now(nanoseconds):
    return abs(nanoseconds / 1e9 - time.time()) < 600


def check_times(given, record):
    """A time that was given; else now for macros and what was observed, and nothing for a full record."""
    wanted, observed = given.get("time"), given.get("observed", "0")
    at, seen = record.get("time", 0), record.get("observed", 0)
    good = about_now(at) if wanted is None else at == int(wanted)
    return good and (about_now(seen) if observed == "0" else seen == int(observed))


def compare(given, record):
    """What is wrong with a record, in words."""
    for field, wanted in meant_record(given).items():
        got = record.get(field, b"" if field in ("trace_id", "span_id") else "" if isinstance(wanted, str) else 0)
        if got != wanted:
            yield f"{field}: {got!r:.600} instead of {wanted!r:.600}"
    if not check_times(given, record):
        yield f"times: {record.get('time')}, {record.get('observed')} for {given.get('time')}, {given.get('observed')}"


# The receiver. --------------------------------------------------------------------------------------------------------

class Receiver(http.server.BaseHTTPRequestHandler):
    bodies = []

    def do_POST(self):  # noqa: N802, the name is the library's
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/x-protobuf" or self.path != "/v1/logs":
            self.bodies.append(Wrong(f"{self.path} {self.headers['Content-Type']}"))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def send(program, port, arguments, settings):
    """Runs the program; what it printed and what arrived."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    environment.update({"OTEL_LOGS_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
                        "OTEL_C_BLRP_WAIT_MS": "60000", "OTEL_RESOURCE_ATTRIBUTES": "some.key=a%20b", **settings})
    Receiver.bodies = bodies = []
    done = subprocess.run([program, *arguments], env=environment, stdout=subprocess.PIPE, timeout=100, check=False)
    if done.returncode:
        raise Wrong(f"{program} ended with {done.returncode}")
    for body in bodies:
        if isinstance(body, Wrong):
            raise body
    return [json.loads(line) for line in done.stdout.splitlines()], bodies


def check_resource(resource):
    for wanted in (("service.name", ("string", "interop \u20ac")), ("some.key", ("string", "a b")),
                   ("service.version", ("string", "9")), ("telemetry.sdk.language", ("string", "c"))):
        if wanted not in resource:
            yield f"the resource lacks {wanted}: {resource}"


def check(decoder, given, bodies):
    """All that is wrong with a run."""
    arrived = collections.defaultdict(list)
    for body in bodies:
        for resource, identity, record in decoder(body):
            yield from check_resource(resource)
            arrived[identity].append(record)
    expected = collections.defaultdict(list)
    for one in given:
        expected[meant_identity(one)].append(one)
    if set(arrived) != set(expected):
        yield f"scopes: {set(arrived)} instead of {set(expected)}"
    for identity, records in expected.items():
        if len(arrived[identity]) != len(records):
            yield f"{len(arrived[identity])} records of {identity} instead of {len(records)}"
        for one, record in zip(records, arrived[identity]):
            yield from compare(one, record)


def spoil(given):
    """For the self-test: one wrong thing in each of some fields."""
    yield "a severity", lambda r: r.update(severity=(max(r["severity"], 0) + 1) % 25)
    yield "a body", lambda r: r.update(body=["text", "00"])
    yield "an attribute", lambda r: r["attributes"].append(["6e6577", ["int", "1"]])
    yield "an event name", lambda r: r.update(event_name="6e6577")
    yield "a time", lambda r: r.update(time="77")
    yield "a scope", lambda r: r["scope"].update(version="6e6577")


def self_test(decoder, given, bodies):
    """A comparison that cannot fail proves nothing."""
    for what, change in spoil(given):
        altered = json.loads(json.dumps(given))
        change(altered[len(altered) // 2])
        if not any(True for _ in check(decoder, altered, bodies)):
            raise Wrong(f"{what} that was changed went unnoticed")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    long = bool(os.environ.get("OTEL_TEST_LONG"))
    decoders = [("our decoder", our_decoder)]
    if logs_service_pb2:
        decoders.append(("OpenTelemetry's Python classes", their_decoder))
    failures = total = 0
    for seed in range(1, 41 if long else 5):
        settings = {"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip" if seed % 2 else "none"}
        deep = ["deep"] if seed % 4 == 0 else []
        given, bodies = send(sys.argv[1], server.server_port, [str(seed), "200" if deep else "1500", *deep], settings)
        total += len(given)
        for name, decoder in decoders:
            if deep and decoder is their_decoder:
                continue  # these classes refuse messages nested more than a hundred deep
            wrong = list(check(decoder, given, bodies))
            failures += len(wrong)
            for line in wrong[:5]:
                print(f"seed {seed}, {name}: {line}")
            if seed == 1 and not wrong:
                self_test(decoder, given, bodies)
    print(f"{total} records, read by {' and '.join(name for name, _ in decoders)}: {failures} differences")
    sys.exit(1 if failures or not total else 0)


main()
