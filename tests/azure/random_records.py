"""Random records through the Azure exporter's mapping and through model.py, which must agree. What is too large for
one item must be cut: to texts that are prefixes, in an item that is full.
usage: random_records.py <azure_map> [--seed N] [--count N]"""
import argparse
import base64
import random
import sys

import items as lib
import model

CHARACTERS = ["a", "b", " ", "\n", '"', "\\", "/", "\x01", "\x1b", "\x7f", "é", "ß", "€", "日", "🚀", "\ue001"]
WORDS = ["", "x", "text", "true", "False", "WARN", "error", "NOTICE", "25", "1e3", "-7", "00:00:01.5", "1.00:00:00",
         "AlwaysOn probe", "/src/disk.c", "c:\\a\\b.tar.gz", ".hidden", "/dir/", "203.0.113.7", "unknown_service:x",
         '{"a":1,"b":"x","c":[1,null]}', "{}", "[1]", "Traceback", "io_error", "x" * 70, "message"]
KEYS = ["k", "a", "a.b", "level", "Level", "fileName", "message", "body", "logger_name", "otel.event.name", "process",
        "http.request.method", "url.full", "microsoft.foo", "_MS.note", "gen_ai.input.messages", "gen_ai.prompt",
        "ключ", "sequence", "k" * 149, "k" * 150, "k" * 151, "k" * 152, "é" * 151, "🚀" * 76, "severity_text", "n"]
RESOURCE = ["service.name", "service.namespace", "service.version", "service.instance.id", "host.name", "k8s.pod.name",
            "k8s.job.name", "k8s.deployment.name", "telemetry.sdk.name", "device.id", "device.model.name", "team",
            "parent_run_id", "process.executable.name", "level", "k"]
LENGTHS = [45, 46, 47, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025]
LONG = [8191, 8192, 8193, 9000]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, most=12):
        r = self.random
        if r.random() < 0.5:
            return r.choice(WORDS)
        return "".join(r.choices(CHARACTERS, k=r.randint(0, most)))

    def long_text(self):
        r = self.random
        length = r.choice(LENGTHS) if r.random() < 0.8 else r.choice(LONG)
        return (r.choice(CHARACTERS) + r.choice(CHARACTERS)) * (length // 2) + "a" * (length % 2)

    def value(self, depth=0):
        r, kind = self.random, self.random.random()
        if kind < 0.4:
            return {"stringValue": self.text()}
        if kind < 0.5:
            return {"intValue": str(r.choice([0, 1, 25, 150, -7, 2**53 + 1, 2**63 - 1, -2**63]))}
        if kind < 0.6:
            return {"doubleValue": r.choice([0.5, 25.0, 2.0, -1.0, 1e-7, 0.1, 1e300, "NaN", "Infinity", r.random()])}
        if kind < 0.66:
            return {"boolValue": r.random() < 0.5}
        if kind < 0.7:
            return {}
        if kind < 0.75:
            latin = r.choice(["Gr\xfc\xdfe aus K\xf6ln", "caf\xe9", "na\xefve\n", "\xe9t\xe9", "plain", "a\x01b\xe9defg"])
            data = latin.encode("latin-1") if r.random() < 0.5 else bytes(r.choices(range(256), k=r.randint(0, 5)))
            return {"bytesValue": base64.b64encode(data).decode()}
        if kind < 0.85 or depth > 2:
            return {"stringValue": self.long_text()} if depth == 0 else {"stringValue": self.text()}
        if kind < 0.92:
            return {"arrayValue": {"values": [self.nested(depth) for _ in range(r.randint(0, 3))]}}
        return {"kvlistValue": {"values": [{"key": r.choice(["x", "y", "b", "é", "n" * 80]), "value": self.nested(depth)}
                                           for _ in range(r.randint(0, 4))]}}

    def nested(self, depth):
        """Texts inside JSON: characters whose escapes differ from writer to writer are left out."""
        value = self.value(depth + 1)
        if "stringValue" in value:
            value["stringValue"] = "".join(c for c in value["stringValue"] if c not in "\x7f\x01\x1b")
        return value

    def attributes(self, keys, most):
        chosen = self.random.sample(keys, self.random.randint(0, min(most, len(keys))))
        return [{"key": k, "value": self.value()} for k in chosen]

    def special(self):
        """Some of a family, mostly with words that fit."""
        r = self.random
        family = r.choice(["exception.", "microsoft.availability.", "microsoft.custom", "code.", "", "enduser", "ai.op"])
        keys = [k for k in model.SPECIAL if k.startswith(family)]
        chosen = self.attributes(keys, len(keys) if family else 3)
        if family == "microsoft.availability." and r.random() < 0.6:
            fitting = {"id": "7", "name": "ping", "success": r.choice(["true", "False", "yes"]),
                       "duration": r.choice(["00:00:01", "1500", "9.23:59:59.1234567"])}
            chosen = [{"key": family + k, "value": {"stringValue": v}} for k, v in fitting.items()]
        return chosen

    def record(self):
        r = self.random
        record = {"timeUnixNano": str(r.choice([1, r.randint(1, 2**62), 1767323045999999999])),
                  "observedTimeUnixNano": "1767323045678901234",
                  "attributes": self.attributes(KEYS, 6) + (self.special() if r.random() < 0.7 else [])}
        if r.random() < 0.1:
            record["timeUnixNano"] = "0"
        if r.random() < 0.9:
            record["body"] = self.value()
        if r.random() < 0.8:
            record["severityNumber"] = r.randint(1, 24)
        for key, chance in (("severityText", 0.4), ("eventName", 0.2)):
            if r.random() < chance:
                record[key] = self.text()
        if r.random() < 0.4:
            record["traceId"] = "%032x" % r.choice([0, r.getrandbits(128)])
            record["spanId"] = "%016x" % r.choice([0, r.getrandbits(64)])
        if r.random() < 0.1:
            record["droppedAttributesCount"] = 3
        return record

    def request(self, records):
        r = self.random
        scope = {"name": r.choice(["", "lib.io", "shop"]), "version": r.choice(["", "1.2"]),
                 "attributes": self.attributes(["short", "k", "level", "a"], 3)}
        return {"resourceLogs": [{"resource": {"attributes": self.attributes(RESOURCE, 6)},
                                  "scopeLogs": [{"scope": scope, "logRecords": [self.record() for _ in range(records)]}]}]}


def strip(item):
    """What the model has no opinion about."""
    assert item.pop("iKey")
    assert 0 < len(item["tags"].pop("ai.internal.sdkVersion")) <= 64
    data = item["data"]["baseData"]
    assert data.pop("problemId", "x")
    note = data.get("properties", {}).pop("otel.truncated", None)
    return note


def is_cut(ours, theirs):
    """Everything is there, as it is or as a prefix of some length."""
    for path, kind, a, b in lib.differences(ours, theirs):
        if kind != "other" or not isinstance(a, str) or not b.startswith(a) or len(a) < 5:
            return f"{path} {kind}: {lib.short(a)}, not {lib.short(b)}"
    return None


def check(line, ours, theirs):
    note = strip(ours)
    wrong = list(lib.differences(ours, theirs))
    if not wrong:
        return None
    path, kind, a, b = wrong[0]
    if len(line) < 65536 - 400 or not note:
        return f"{path} {kind}: ours {lib.short(a)}, theirs {lib.short(b)}"
    return is_cut(ours, theirs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4000)
    arguments = parser.parse_args()
    done = cut = failures = 0
    for batch in range(arguments.count // 50):
        maker = Maker(arguments.seed * 1000003 + batch)
        options = [o for o in ("lean", "flatten", "sequence") if maker.random.random() < 0.25]
        request = maker.request(50)
        lines, ours = lib.map_records(arguments.program, request, *options)
        theirs = model.map_request(request, **{o: True for o in options})
        assert len(ours) == len(theirs)
        for n, (line, a, b) in enumerate(zip(lines, ours, theirs)):
            assert len(line) <= 65536
            done += 1
            cut += "otel.truncated" in a["data"]["baseData"].get("properties", {})
            wrong = check(line, a, b)
            if wrong:
                failures += 1
                print(f"batch {batch} record {n} {options}: {wrong}")
    print(f"{done} records, {cut} with something cut, {failures} that differ from the model")
    return 1 if failures or not cut else 0


sys.exit(main())
