#!/usr/bin/env python3
"""The rulings on headers, worked out once more by nothing of the library, behind the line protocol of propagation_probe.
Where others differ from us a ruling decides; this peer must not differ at all."""
import json
import re
import sys

PARENT = re.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
STATE_KEY = re.compile("[a-z0-9][a-z0-9_*/@-]{0,255}")
STATE_VALUE = re.compile(r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]")
TOKEN = re.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
B3 = re.compile("([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(-([01d])(-[0-9a-f]{16})?)?")
OWS = " \t"


def environment_name(name):
    normal = re.sub("[^A-Z0-9_]", "_", re.sub("[a-z]", lambda m: m[0].upper(), name)) or "_"
    return "_" + normal if normal[0].isdigit() else normal


def values(request, wanted):
    found = []
    if request["carrier"] == "env":
        return [request["headers"][n] for n in [environment_name(wanted)] if n in request["headers"]]
    for name, value in request["headers"].items():
        if name.lower() == wanted:
            found += value if isinstance(value, list) else [value]
    return found


def ids(trace, span):
    return (trace.zfill(32), span) if int(trace, 16) and int(span, 16) else None


def read_state(headers):
    """The members that stay; any fault drops all."""
    kept, count = {}, 0
    for member in filter(None, (m.strip(OWS) for m in ",".join(headers).split(","))):
        key, equals, value = member.partition("=")
        count += 1
        if count > 32 or not equals or not STATE_KEY.fullmatch(key) or not STATE_VALUE.fullmatch(value):
            return ""
        kept.setdefault(key, value)
    return ",".join(f"{key}={value}" for key, value in kept.items())


def read_tracecontext(request, context):
    parents = values(request, "traceparent")
    text = parents[0].strip(OWS) if len(parents) == 1 else ""
    match = PARENT.match(text)
    if not match or match[1] == "ff" or not ids(match[2], match[3]):
        return
    if len(text) > 55 and (match[1] == "00" or text[55] != "-"):
        return
    context.update(ids=ids(match[2], match[3]), flags=int(match[4], 16) & 3, debug=False,
                   state=read_state(values(request, "tracestate")))


def read_pair(text, value_needed):
    name, equals, value = text.partition("=")
    name, value = name.strip(OWS), value.strip(OWS)
    good = TOKEN.fullmatch(name) and VALUE.fullmatch(value) and (equals or not value_needed)
    return (name, value) if good else None


def read_member(text):
    pair, *properties = text.split(";")
    read = read_pair(pair, True)
    if not read or any(p.strip(OWS) and not read_pair(p, False) for p in properties):
        return None
    if re.search("%(?![0-9a-fA-F]{2})", read[1]):
        return None
    octets = re.sub(b"%([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), read[1].encode())
    kept = [p for p in properties if p.strip(OWS)]
    metadata = ";".join(kept) if len(kept) == len(properties) else ";".join(p.strip(OWS) for p in kept)
    return read[0], octets.decode("utf-8", "replace"), metadata.strip(OWS)


def read_baggage(request, context):
    """From the left what fits, members with a fault left out."""
    entries, size, count = {}, 0, 0
    for member in ",".join(values(request, "baggage")).split(","):
        read, length = read_member(member.strip(OWS)), len(member.strip(OWS))
        if not read or count == 64 or size + length > 8192:
            continue
        size, count = size + length + 1, count + 1
        entries.pop(read[0], None)
        entries[read[0]] = read[1:]
    if entries:
        context["baggage"] = entries


def read_b3_single(request):
    for value in values(request, "b3")[:1]:
        match = B3.fullmatch(value)
        if match and ids(match[1], match[2]):
            return {"ids": ids(match[1], match[2]), "flags": int(match[4] in ("1", "d")), "debug": match[4] == "d"}
    return None


def read_b3_multi(request):
    trace, span, sampled, flags = ((values(request, "x-b3-" + n) + [None])[0] for n in ("traceid", "spanid", "sampled", "flags"))
    if trace is None or span is None or not B3.fullmatch(trace + "-" + span) or not ids(trace, span):
        return None
    if flags == "1":
        return {"ids": ids(trace, span), "flags": 1, "debug": True}
    if sampled not in (None, "0", "1", "true", "false"):
        return None
    return {"ids": ids(trace, span), "flags": int(sampled in ("1", "true")), "debug": False}


def read_b3(request, context):
    found = read_b3_single(request) or read_b3_multi(request)
    if found:
        context.update(found, state="")


def send_tracecontext(context):
    sent = {"traceparent": "00-%s-%s-%02x" % (*context["ids"], context["flags"] & 3)} if context["ids"] else {}
    return {**sent, "tracestate": context["state"]} if context["state"] else sent


def sendable(name, metadata):
    return TOKEN.fullmatch(name) and all(read_pair(p, False) for p in metadata.split(";") if p.strip(OWS))


def send_baggage(context):
    """Whole members while they fit."""
    text, count = "", 0
    for name, (value, metadata) in context["baggage"].items():
        octets = "".join(chr(b) if VALUE.fullmatch(chr(b)) and b != 0x25 else f"%{b:02X}" for b in value.encode())
        member = f"{name}={octets}" + (";" + metadata.replace("\t", " ") if metadata else "")
        if sendable(name, metadata) and count < 64 and len(text) + (1 if text else 0) + len(member) <= 8192:
            text, count = text + ("," if text else "") + member, count + 1
    return {"baggage": text} if text else {}


def send_b3(context):
    state = "d" if context["debug"] else str(context["flags"] & 1)
    return {"b3": "%s-%s-%s" % (*context["ids"], state)} if context["ids"] else {}


def send_b3_multi(context):
    if not context["ids"]:
        return {}
    state = {"x-b3-flags": "1"} if context["debug"] else {"x-b3-sampled": str(context["flags"] & 1)}
    return {"x-b3-traceid": context["ids"][0], "x-b3-spanid": context["ids"][1], **state}


READ = {"tracecontext": read_tracecontext, "baggage": read_baggage, "b3": read_b3, "b3multi": read_b3}
SEND = {"tracecontext": send_tracecontext, "baggage": send_baggage, "b3": send_b3, "b3multi": send_b3_multi}


def answer(request):
    context, sent = {"ids": None, "flags": 0, "debug": False, "state": "", "baggage": {}}, {}
    before = request.get("context", {})
    if before.get("trace_id"):
        context.update(ids=(before["trace_id"], before["span_id"]), flags=int(before["flags"], 16),
                       state=before["tracestate"])
    context["baggage"] = {name: (value, metadata) for name, value, metadata in before.get("baggage", [])}
    if "envkey" in request:
        return {"id": request["id"], "envkey": environment_name(request["envkey"])}
    for name in request["propagators"].split(","):
        READ[name](request, context)
    for name in request["propagators"].split(","):
        sent.update(SEND[name](context))
    if request["carrier"] == "env":
        sent = {environment_name(name): value for name, value in sent.items()}
    trace, span = context["ids"] or ("", "")
    return {"id": request["id"], "trace_id": trace, "span_id": span, "flags": f"{context['flags']:02x}" if trace else "",
            "tracestate": context["state"], "inject": sent,
            "baggage": [[name, value, metadata] for name, (value, metadata) in context["baggage"].items()]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
