"""What the Azure exporter should make of a record, worked out once more from the rules, for comparison."""
import base64
import datetime
import json
import math
import re
import socket

LEVELS = ("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SAID = {"WARNING": ("WARN", "WARNING"), "CRITICAL": ("FATAL", "CRITICAL")}
LONG = {"gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.evaluation.explanation"}
AVAILABILITY = "microsoft.availability."
CLUSTER = ["k8s.%s.name" % k for k in ("deployment", "replicaset", "statefulset", "job", "cronjob", "daemonset")]
RESOURCE_TAGS = {"service.version": ("ai.application.ver", 1024), "device.id": ("ai.device.id", 1024),
                 "device.model.name": ("ai.device.model", 256), "device.manufacturer": ("ai.device.oemName", 256),
                 "device.type": ("ai.device.type", 64), "device.locale": ("ai.device.locale", 64)}
PROGRAM = "azure_map"


def units(text):
    return len(text.encode("utf-16-le")) // 2


def cut(text, limit):
    if units(text) <= limit:
        return text
    return text.encode("utf-16-le")[:2 * limit].decode("utf-16-le", "ignore")


def number_text(number):
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return next(t for t in ("%.*g" % (p, number) for p in (15, 16, 17)) if float(t) == number)


def json_text(value):
    (kind, v), = value.items() if value else (("none", None),)
    if kind == "none":
        return "null"
    if kind == "stringValue":
        return json.dumps(v, ensure_ascii=False)
    if kind == "boolValue":
        return "true" if v else "false"
    if kind == "intValue":
        return str(int(v))
    if kind == "doubleValue":
        text = number_text(float(v))
        return text if math.isfinite(float(v)) else f'"{text}"'
    if kind == "bytesValue":
        return f'"{v}"'
    if kind == "arrayValue":
        return "[" + ",".join(json_text(x) for x in v.get("values", [])) + "]"
    return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + json_text(x)
                          for k, x in entries(v.get("values", [])).items()) + "}"


def text_of(value):
    (kind, v), = value.items() if value else (("none", None),)
    if kind == "none":
        return ""
    if kind == "stringValue":
        return v
    if kind == "doubleValue":
        return number_text(float(v))
    if kind == "bytesValue":
        return bytes_text(v)
    return json_text(value)


def bytes_text(encoded):
    """A string in another encoding than UTF-8 comes as bytes, and reads as text all the same."""
    data = base64.b64decode(encoded)
    text = "".join(c if ord(c) < 0xdc80 or ord(c) > 0xdcff else "\ufffd" for c in data.decode("utf-8", "surrogateescape"))
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    words = len(re.findall(rb"[0-9A-Za-z ]", data))
    return text if 0 < bad <= len(data) // 4 and words > len(data) // 2 and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]", text) else encoded


def entries(attributes):
    """Each key once, the last counts; no empty ones."""
    found = {}
    for a in attributes:
        found.pop(a["key"], None)
        if a["key"]:
            found[a["key"]] = a["value"]
    return found


class Properties(dict):
    """Keys cut; of two that are one then the later has it, the earlier goes by another."""

    def put(self, key, text):
        key = cut(key, 150)
        if key in self and self[key] != text:
            for n in range(2, 10):
                other = f"{cut(key, 148)}~{n}"
                if other not in self:
                    self[other] = self[key]
                    break
        self[key] = text

    def offer(self, key, text):
        self.setdefault(cut(key, 150), text)

    def yield_to(self, key, text):
        key = cut(key, 150)
        others = [key] + [f"{cut(key, 148)}~{n}" for n in range(2, 10)]
        if self.get(key) != text:
            self.setdefault(next((k for k in others if k not in self), key), text)


def add(properties, key, value, flatten, offer=False, made=False):
    inside = entries(value["kvlistValue"].get("values", [])) if "kvlistValue" in value else {}
    if flatten and inside and units(key) <= 148:
        for inner, v in inside.items():
            add(properties, f"{key}.{inner}", v, flatten, offer, True)
        return
    text = cut(text_of(value), 262144 if key in LONG else 8192)
    (properties.offer if offer else properties.yield_to if made else properties.put)(key, text)


def finite(value):
    (kind, v), = value.items() if value else (("none", None),)
    return kind == "intValue" or (kind == "doubleValue" and math.isfinite(float(v)))


def number_of(value):
    (kind, v), = value.items() if value else (("none", None),)
    if kind == "stringValue":
        return float(v) if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", v) and math.isfinite(float(v)) else None
    return float(v) if finite(value) else None


def resource_part(attributes, lean, flatten):
    get = lambda key, limit=256: cut(text_of(attributes[key]), limit) if key in attributes else ""
    tags, name, space = {}, get("service.name"), get("service.namespace")
    cluster = next((get(k) for k in CLUSTER if get(k)), "")
    unnamed = not name or name.startswith("unknown_service")
    by_cluster = unnamed and cluster
    name = name or "unknown_service:" + PROGRAM
    tags["ai.cloud.role"] = cut(cluster if by_cluster else f"{space}.{name}" if space else name, 256)
    tags["ai.cloud.roleInstance"] = (get("k8s.pod.name") or get("service.instance.id") or get("host.name") or
                                     socket.gethostname())
    for key, (tag, limit) in RESOURCE_TAGS.items():
        if get(key, limit):
            tags[tag] = get(key, limit)
    gone = set(RESOURCE_TAGS) | {"service.name", "service.instance.id"} | (set() if by_cluster or not space else {"service.namespace"})
    dimensions = Properties()
    for key, value in attributes.items():
        if not lean and key not in gone and not key.startswith("telemetry.sdk."):
            add(dimensions, key, value, flatten)
    return tags, dimensions, get("process.executable.name", 8192) or PROGRAM


def time_text(nanoseconds):
    seconds = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=nanoseconds // 10**9)
    return f"{seconds:%Y-%m-%dT%H:%M:%S}.{nanoseconds % 10**9 // 100:07}Z"


def is_duration(text):
    return re.fullmatch(r"(\d{1,3}\.)?([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?", text) is not None


def duration_of(value):
    if "stringValue" in value and is_duration(value["stringValue"]):
        return value["stringValue"]
    number = number_of(value)
    if number is None:
        return None
    ticks = min(int(max(number, 0) * 10000 + 0.5), 1000 * 864000000000 - 1)
    seconds, part = divmod(ticks, 10**7)
    days, seconds = divmod(seconds, 86400)
    return f"{f'{days}.' if days else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{part:07}"


class Record:
    def __init__(self, record, scope, resource, lean, flatten, sequence):
        self.record, self.scope, self.lean, self.flatten, self.sequence = record, scope, lean, flatten, sequence
        self.attributes, self.used = entries(record.get("attributes", [])), set()
        self.tags, self.origin, self.process = resource_part(resource, lean, flatten)
        self.body = text_of(record.get("body", {}))
        self.data, self.kept, self.measurements = {"ver": 2}, Properties(), {}

    def says(self, key):
        return key in self.attributes and text_of(self.attributes[key]) != ""

    def take(self, key, limit):
        self.used.add(key)
        return cut(text_of(self.attributes.get(key, {})), limit)

    def exception(self):
        kind = self.take("exception.type", 1024) or "Exception"
        message = self.take("exception.message", 32768) or cut(self.body, 32768) or kind
        stack = self.take("exception.stacktrace", 32768)
        one = {"id": 1, "outerId": 0, "typeName": kind, "message": message, "hasFullStack": stack != ""}
        if stack:
            one["stack"] = stack
        self.data["exceptions"] = [one]
        return "Exception", [message]

    def availability(self):
        needed = [AVAILABILITY + n for n in ("id", "name", "duration", "success")]
        if not all(self.says(n) for n in needed) or duration_of(self.attributes[needed[2]]) is None:
            return None
        success = text_of(self.attributes[needed[3]]).lower()
        self.data.update(id=self.take(needed[0], 512), name=self.take(needed[1], 1024),
                         duration=duration_of(self.attributes[needed[2]]), success=success == "true")
        self.used.add(needed[2])
        if success in ("true", "false"):
            self.used.add(needed[3])
        if self.says(AVAILABILITY + "runLocation"):
            self.data["runLocation"] = self.take(AVAILABILITY + "runLocation", 1024)
        if self.says(AVAILABILITY + "message"):
            self.data["message"] = self.take(AVAILABILITY + "message", 8192)
        elif self.body:
            self.data["message"] = cut(self.body, 8192)
        return "Availability", [self.data.get("message"), self.data["name"]]

    def kind(self):
        if self.says("exception.type") or self.says("exception.message"):
            return self.exception()
        if self.says("microsoft.custom_event.name"):
            self.data["name"] = self.take("microsoft.custom_event.name", 512)
            return "Event", [self.data["name"]]
        availability = self.availability()
        if availability:
            return availability
        self.data["message"] = cut(self.body or self.record.get("eventName", "") or "n/a", 32768)
        return "Message", None

    def context(self):
        if int(self.record.get("traceId") or "0", 16):
            self.tags["ai.operation.id"] = self.record["traceId"]
            if int(self.record.get("spanId") or "0", 16):
                self.tags["ai.operation.parentId"] = self.record["spanId"]
        for key, tag, limit in (("enduser.id", "ai.user.authUserId", 1024), ("enduser.pseudo.id", "ai.user.id", 128),
                                ("session.id", "ai.session.id", 64), ("microsoft.client.ip", "ai.location.ip", 46)):
            if self.says(key):
                self.tags[tag] = self.take(key, limit)
        if self.says("client.address"):
            self.tags.setdefault("ai.location.ip", cut(text_of(self.attributes["client.address"]), 46))
        agent = text_of(self.attributes.get("user_agent.original", {}))
        if self.says("user_agent.synthetic.type") or "AlwaysOn" in agent:
            self.tags["ai.operation.syntheticSource"] = "True"
        names = [k for k in ("microsoft.operation_name", "ai.operation.name") if self.says(k)]
        if names:
            self.tags["ai.operation.name"] = self.take(names[0], 1024)

    def rate(self):
        for key in ("microsoft.sample_rate", "_MS.sampleRate"):
            rate = number_of(self.attributes.get(key, {}))
            if rate is not None and 0 < rate <= 100:
                self.used.add(key)
                return rate if rate < 100 else None
        return None

    def read_measurements(self):
        key = "microsoft.custom_measurements"
        value = self.attributes.get(key, {})
        if "kvlistValue" in value:
            found = entries(value["kvlistValue"].get("values", []))
        else:
            try:
                parsed = json.loads(value.get("stringValue", ""))
            except ValueError:
                parsed = None
            found = {k: plain(v) for k, v in parsed.items()} if isinstance(parsed, dict) else {}
        if not any(finite(v) for v in found.values()):
            return
        self.used.add(key)
        for name, v in found.items():
            if finite(v):
                self.measurements[cut(name, 150)] = int(v["intValue"]) if "intValue" in v else float(v["doubleValue"])
            else:
                self.kept.yield_to(name, cut(text_of(v), 8192))

    def add_level(self):
        number, text = self.record.get("severityNumber", 0), self.record.get("severityText", "")
        name = LEVELS[(number - 1) // 4] if number else cut(text, 8192)
        told = text.upper() in SAID.get(name, (name,)) if number else \
            not self.lean and not ("level" in self.kept and "Level" in self.kept)
        if name and not self.lean:
            self.kept.offer("level", name)
            self.kept.offer("Level", name)
        if text and not told:
            self.kept.offer("severity_text", cut(text, 8192))

    def add_place(self):
        file = next((text_of(self.attributes[k]) for k in ("code.file.path", "code.filepath") if self.says(k)), "")
        line = next((text_of(self.attributes[k]) for k in ("code.line.number", "code.lineno") if self.says(k)), "")
        if file:
            self.kept.offer("fileName", cut(file, 8192))
            base = re.split(r"[/\\]", cut(file, 8192))[-1]
            module = base[:1] + base[1:].rpartition(".")[0] if "." in base[1:] else base
            if module:
                self.kept.offer("module", module)
        if line:
            self.kept.offer("lineNumber", cut(line, 8192))
        own = text_of(self.attributes.get("process.executable.name", {}))
        self.kept.offer("process", cut(own or self.process, 8192))

    def built_in(self):
        self.add_level()
        if not self.lean:
            self.add_place()
        if self.sequence:
            self.kept.offer("sequence", str(self.sequence))
        if self.record.get("eventName"):
            self.kept.offer("otel.event.name", cut(self.record["eventName"], 8192))
        for key, name in (("logger_name", "name"), ("otel.scope.name", "name"), ("otel.scope.version", "version")):
            if self.scope.get(name):
                self.kept.offer(key, self.scope[name])
        for key, value in entries(self.scope.get("attributes", [])).items():
            add(self.kept, key, value, self.flatten, offer=True)
        for key, text in self.origin.items():
            self.kept.offer(key, text)

    def item(self):
        for key, value in self.attributes.items():
            if key not in SPECIAL:
                add(self.kept, key, value, self.flatten)
        kind, told = self.kind()
        self.context()
        rate = self.rate()
        self.read_measurements()
        for key in SPECIAL:
            if key in self.attributes and key not in self.used:
                add(self.kept, key, self.attributes[key], self.flatten)
        if told is not None and self.body and cut(self.body, 32768) not in told:
            free = next((k for k in ("message", "body", "otel.body") if k not in self.kept), None)
            if free:
                self.kept[free] = cut(self.body, 8192)
        self.built_in()
        if self.record.get("droppedAttributesCount"):
            self.kept.offer("otel.dropped_attributes_count", str(self.record["droppedAttributesCount"]))
        if kind in ("Message", "Exception") and self.record.get("severityNumber"):
            self.data["severityLevel"] = (0, 0, 1, 2, 3, 4)[(self.record["severityNumber"] - 1) // 4]
        if self.kept:
            self.data["properties"] = dict(self.kept)
        if self.measurements:
            self.data["measurements"] = self.measurements
        item = {"ver": 1, "name": "Microsoft.ApplicationInsights." + kind, "tags": self.tags,
                "time": time_text(int(self.record["timeUnixNano"]) or int(self.record["observedTimeUnixNano"])),
                "data": {"baseType": kind + "Data", "baseData": self.data}}
        if rate is not None:
            item["sampleRate"] = rate
        return item


def plain(value):
    """A value of JSON as one of OTLP."""
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        return {"stringValue": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}
    return {"stringValue": value} if isinstance(value, str) else {"doubleValue": float(value)}


SPECIAL = ["enduser.id", "session.id", "code.lineno", "code.filepath", "exception.type", "client.address",
           "_MS.sampleRate", "code.file.path", "code.line.number", "exception.message", "enduser.pseudo.id",
           "ai.operation.name", "microsoft.client.ip", "user_agent.original", "exception.stacktrace",
           "microsoft.sample_rate", "process.executable.name", "microsoft.operation_name", "user_agent.synthetic.type",
           "microsoft.availability.id", "microsoft.custom_event.name", "microsoft.availability.name",
           "microsoft.custom_measurements", "microsoft.availability.success", "microsoft.availability.message",
           "microsoft.availability.duration", "microsoft.availability.runLocation"]


def map_request(request, lean=False, flatten=False, sequence=False):
    items = []
    for logs in request["resourceLogs"]:
        resource = entries(logs["resource"].get("attributes", []))
        for scope in logs["scopeLogs"]:
            for record in scope["logRecords"]:
                number = len(items) + 1 if sequence else 0
                items.append(Record(record, scope.get("scope", {}), resource, lean, flatten, number).item())
    return items
