#!/usr/bin/env bash
# The resource and schema URLs as they leave a program: in the console's JSON and in OTLP's bytes, which Python reads
# without our help.
# OTEL_LOG names the program.
set -euo pipefail
otel_log=${OTEL_LOG:?OTEL_LOG does not name the program}
work=$(mktemp -d)
server=""
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
unset "${!OTEL_@}"

cat >"$work/check.py" <<'PYTHON'
# check.py json <line> | serve <port file>: the resource and its schema URL; then the conditions of the arguments.
import http.server, json, os, socket, sys

def fields(data):
    """(number, value) of each field of a message; a value with a length is bytes."""
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128: return value
    while at < len(data):
        tag = varint()
        if tag & 7 == 0: yield tag >> 3, varint()
        elif tag & 7 == 2:
            size = varint()
            yield tag >> 3, data[at:at + size]
            at += size
        else:
            size = {1: 8, 5: 4}[tag & 7]
            yield tag >> 3, data[at:at + size]
            at += size

def of_bytes(request):
    logs = next(value for number, value in fields(request) if number == 1)
    url, scope_url, attributes = "", "", {}
    for number, value in fields(logs):
        if number == 2: scope_url = b"".join(url for part, url in fields(value) if part == 3).decode()
        if number == 3: url = value.decode()
        if number != 1: continue
        for _, pair in fields(value):
            pair = dict(fields(pair))
            (kind, content), = fields(pair[2])
            attributes[pair[1].decode()] = content.decode() if kind == 1 else content
    return url, scope_url, attributes

def of_json(line):
    logs = json.loads(line)["resourceLogs"][0]
    read = lambda value: int(value["intValue"]) if "intValue" in value else list(value.values())[0]
    attributes = {a["key"]: read(a["value"]) for a in logs["resource"]["attributes"]}
    return logs.get("schemaUrl", ""), logs["scopeLogs"][0].get("schemaUrl", ""), attributes

def receive(port_file):
    received = []
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()
        def log_message(self, *_): pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.timeout = 60
    with open(port_file + ".new", "w") as file: file.write(str(server.server_port))
    os.rename(port_file + ".new", port_file)
    server.handle_request()
    return received[0]

url, scope_url, a = of_json(sys.argv[2]) if sys.argv[1] == "json" else of_bytes(receive(sys.argv[2]))
CONVENTIONS = "https://opentelemetry.io/schemas/"
for condition in sys.argv[3:]:
    if not eval(condition):
        sys.exit(f"not so: {condition}\nurl {url!r}, attributes {a}")
PYTHON

line='{"body": "hello", "scope": {"name": "shop", "schema_url": "https://example.org/1.0.0"}}'
json() { # conditions...; the environment says the rest
    local written
    written=$(OTEL_LOGS_EXPORTER=console OTEL_C_CONSOLE_FORMAT=json "$otel_log" --json <<<"$line")
    python3 "$work/check.py" json "$written" "$@"
}

json 'scope_url == "https://example.org/1.0.0"' 'a["host.name"]' \
    'len(a["service.instance.id"]) == 36' '"os.type" not in a' '"process.command" not in a' \
    "url == $(sed -n 's/^#define OTEL_SEMCONV_SCHEMA_URL //p' "$SOURCE_DIR/sdk/include/otel/sdk/resource.h")"
OTEL_C_RESOURCE_DETECTORS=all json 'a["os.type"] == "linux"' 'a["process.executable.name"] == "otel-log"' \
    'a["process.pid"] > 0' 'a["host.name"]' '"process.command" not in a' 'url.startswith(CONVENTIONS)'
OTEL_C_RESOURCE_DETECTORS=none json '"host.name" not in a' 'a["telemetry.sdk.language"] == "c"' 'url == ""'
OTEL_C_RESOURCE_DETECTORS=os,process_command json 'a["os.type"]' 'a["process.command"].endswith("otel-log")' \
    '"host.name" not in a'
OTEL_RESOURCE_ATTRIBUTES=host.name=mine OTEL_SERVICE_NAME=shop json 'a["host.name"] == "mine"' \
    'a["service.name"] == "shop"'

python3 "$work/check.py" serve "$work/port" 'a["host.name"]' 'a["os.type"] == "linux"' 'a["process.pid"] > 0' \
    'len(a["service.instance.id"]) == 36' 'url.startswith(CONVENTIONS)' \
    'scope_url == "https://example.org/1.0.0"' &
server=$!
for _ in $(seq 3000); do [ -s "$work/port" ] && break; sleep 0.02; done
OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$(cat "$work/port")" \
    OTEL_C_RESOURCE_DETECTORS=all "$otel_log" --json <<<"$line"
wait "$server"
server=""
echo "the resource arrives whole"
