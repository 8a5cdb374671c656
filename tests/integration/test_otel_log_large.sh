#!/usr/bin/env bash
# A large file through otel-log to a receiver: every line once, in order, the books say so, and the memory stays small.
# 100,000 lines; a million with OTEL_TEST_LONG=1. OTEL_LOG and COLLECTOR_DESK name the two programs.
set -euo pipefail
otel_log=${OTEL_LOG:?OTEL_LOG does not name the program}
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
count=100000
[[ -z ${OTEL_TEST_LONG:-} || $OTEL_TEST_LONG == 0 ]] || count=1000000
most_kib=40960
grep -qa __asan_init "$otel_log" && most_kib=1048576 # the sanitizer's own memory
err=$work/stderr

seq -f '%.0f of a large file, with some words behind it as lines of logs have' "$count" >"$work/lines"
start_receiver
code=0
OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url python3 -c '
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdin=sys.stdin)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)' "$otel_log" --stats --timeout 60000 <"$work/lines" >"$work/peak" 2>"$err" || code=$?
peak=$(<"$work/peak")
[[ $code == 0 ]] || { fail "otel-log returned $code"; cat "$err" >&2; }
[[ $peak -gt 1000 && $peak -lt $most_kib ]] || fail "$peak KiB of memory"

expect_rows "$count" 'SELECT 1 FROM traces'
expect_rows 0 "SELECT 1 FROM traces WHERE CAST(message AS INTEGER) <> rowid
    OR message <> rowid || ' of a large file, with some words behind it as lines of logs have'"
tail -n 1 "$err" | python3 -c '
import json, sys
s = json.load(sys.stdin)
n = int(sys.argv[1])
p, = s["pipelines"]
sys.exit(not (s["accepted"] == s["delivered"] == p["taken"] == p["exported"] == n and s["filtered"] == s["suppressed"] == 0
    and p["rejected"] == p["queued"] == p["spooled"] == 0 and not any(p["dropped"].values())))' "$count" ||
    fail "the books: $(cat "$err")"
printf '%s lines, %s KiB\n' "$count" "$peak"
finish
