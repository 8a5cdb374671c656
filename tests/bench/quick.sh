#!/usr/bin/env bash
# The bench itself, in its short form: every mode runs, nothing is lost, the JSON holds what it promises. No figure that
# is a time is looked at.
# usage: quick.sh <build directory>
set -euo pipefail
json=$(mktemp)
trap 'rm -f "$json"' EXIT
"$(dirname "$0")/run" --quick --json "$json" "$1"
python3 - "$json" <<'PYTHON'
import json, sys

figures = {f["name"]: f for f in json.load(open(sys.argv[1]))["figures"]}
names = ["yardstick " + y for y in ("clock_gettime", "memcpy_176", "mutex_lock_unlock", "malloc_free", "snprintf",
                                    "write_dev_null", "protobuf_c")]
names += ["log call, no SDK", "log call, level off", "seam, provider idle", "emit, one core", "emit, all cores",
          "emit, one core, 0 attributes", "emit, one core, 7 attributes", "emit, all cores, 2 threads",
          "emit, all cores, 8 threads", "emit, all cores, 64 threads", "emit, dropped at a full queue",
          "OTLP/HTTP flood, process", "OTLP/HTTP flood, gzip, process", "Azure Monitor flood, process",
          "Azure Monitor flood, gzip, process", "OTLP/HTTP paced, process", "  of that the bench's own sleeping",
          "OTLP/HTTP paced, without the sleeping", "a record on the wire", "the same in the queue", "size of all",
          "size of the Azure exporter"]
missing = [n for n in names if not figures.get(n, {}).get("median")]
wrong = [n for n, f in figures.items() if "wrong" in f]
if figures["allocations an emit"]["largest"] != 0:
    wrong.append("allocations an emit")
if figures["the same in the queue"]["median"] > figures["a record on the wire"]["median"] + 16:
    wrong.append("the same in the queue")
print("missing:", missing, "wrong:", wrong)
sys.exit(bool(missing or wrong))
PYTHON
