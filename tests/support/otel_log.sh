# For tests of the command otel-log, sourced after `set -euo pipefail`: how to run it, and how to look at the records it
# sends to the console ($out) and at what it says ($err). OTEL_LOG and COLLECTOR_DESK name the two programs.
otel_log=${OTEL_LOG:?OTEL_LOG does not name the program}
export BUILD_DIR=${BUILD_DIR:-.}
source "$(dirname "${BASH_SOURCE[0]}")/receiver.sh"
out=$work/stdout
err=$work/stderr

# send <exit code> <argument>...: standard input is passed on; output in $out and $err.
send() {
    local expected=$1 code=0
    shift
    "$otel_log" "$@" >"$out" 2>"$err" || code=$?
    [[ $code == "$expected" ]] || { fail "otel-log $* returned $code instead of $expected"; cat "$err" >&2; }
}

cat >"$work/check.py" <<'PYTHON'
# Evaluates conditions over r, the records of a console's JSON, and s, the books of --stats.
import json, sys
def value(v):
    if v is None or not v: return None
    (kind, x), = v.items()
    if kind == "arrayValue": return [value(y) for y in x.get("values", [])]
    if kind == "kvlistValue": return attributes(x.get("values", []))
    if kind == "intValue": return int(x)
    if kind == "doubleValue": return float(x)
    if kind == "bytesValue": return ("bytes", x)
    return x
def attributes(pairs):
    keys = [p["key"] for p in pairs]
    assert len(set(keys)) == len(keys), "a key twice: %s" % keys
    return {p["key"]: value(p.get("value")) for p in pairs}
class Record: pass
def flatten(path):
    for line in open(path, encoding="utf-8"):
        for resource in json.loads(line)["resourceLogs"]:
            for scope in resource["scopeLogs"]:
                for record in scope["logRecords"]:
                    flat = Record()
                    named = scope.get("scope", {})
                    flat.scope, flat.version, flat.url = named.get("name"), named.get("version"), scope.get("schemaUrl")
                    flat.scope_attributes = attributes(named.get("attributes", []))
                    flat.body, flat.a = value(record.get("body")), attributes(record.get("attributes", []))
                    flat.severity, flat.text = record.get("severityNumber", 0), record.get("severityText", "")
                    flat.time, flat.observed = int(record.get("timeUnixNano", 0)), int(record["observedTimeUnixNano"])
                    flat.event, flat.flags = record.get("eventName"), record.get("flags", 0)
                    flat.trace, flat.span = record.get("traceId"), record.get("spanId")
                    yield flat
r = list(flatten(sys.argv[1]))
try: s = json.loads(open(sys.argv[2]).read().splitlines()[-1])
except (IndexError, ValueError): s = None
bad = [c for c in sys.argv[3:] if not eval(c)]
for c in bad: print("does not hold: " + c)
if bad: print("records: %s\nbooks: %s" % ([vars(x) for x in r[:5]], s))
sys.exit(bool(bad))
PYTHON
check() { python3 "$work/check.py" "$out" "$err" "$@" >"$work/said" 2>&1 || fail "$(cat "$work/said")"; }

to_console() { export OTEL_LOGS_EXPORTER=console OTEL_C_CONSOLE_FORMAT=json; }
to_receiver() { export OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$1; }

# A condition becomes true within a minute: a command and its arguments.
eventually() {
    for _ in {1..1200}; do
        "$@" >/dev/null 2>&1 && return
        sleep 0.05
    done
    fail "not within a minute: $*"
}
