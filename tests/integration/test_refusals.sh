#!/usr/bin/env bash
# What becomes of records when the receiver answers 503, 429, 400, 413 or 401: tried again or refused, and counted.
set -euo pipefail
otel_log=${OTEL_LOG:?OTEL_LOG does not name the program}
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
out=$work/stdout
err=$work/stderr

# receiver <argument>...: a receiver with those options on the port of the last one, the tables stay; sets url.
receiver() {
    serve "$@"
    receiver_port=${url##*:}
}

# send <exit code> <variable=value>... [-- <option>...]: as many lines; 700 are two batches.
lines=700
send() {
    local expected=$1 code=0 variables=()
    shift
    while [[ $# -gt 0 && $1 != -- ]]; do variables+=("$1"); shift; done
    shift || true
    seq $lines | env OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT="$url" OTEL_BLRP_SCHEDULE_DELAY=50 "${variables[@]}" \
        "$otel_log" --stats "$@" >"$out" 2>"$err" || code=$?
    [[ $code == "$expected" ]] || { fail "otel-log with '${variables[*]}' returned $code instead of $expected"; cat "$err" >&2; }
}

# has_books <name=number>...: of the one pipeline; those that are not named are 0.
has_books() {
    tail -n 1 "$err" | python3 -c '
import json, sys
found = json.load(sys.stdin)["pipelines"][0]
flat = {**{k: v for k, v in found.items() if isinstance(v, int)}, **found["dropped"]}
expected = dict.fromkeys(flat, 0) | {k: int(v) for k, v in (a.split("=") for a in sys.argv[1:])}
sys.exit("books: %s" % flat if flat != expected else 0)' "$@"
}
books() { has_books "$@" || fail "not the books $*: $(cat "$err")"; }

# Stopped with all records left: said and counted by the thread that exports, if a busy machine lets it come to that in
# time. What it misses three times in a row is wrong.
left_at_stop() {
    for _ in 1 2 3; do
        send 1 X=x -- --timeout 700
        ! has_books taken=700 after_stop=700 || return 0
    done
    fail "not all is left at the stop: $(cat "$err")"
}

refused_for_good() { # status
    rm -f "$db"*
    receiver --fail "$1"
    send 1 OTEL_BLRP_SCHEDULE_DELAY=60000 # only a full batch goes before the end
    books taken=700 rejected=700
    expect_text "$err" "ERROR: otlp: [0-9]+ records were refused: HTTP $1"
    [[ $(grep -c 'records were refused' "$err") -le 2 ]] || fail "more words than batches: $(cat "$err")"
    expect_rows 0 'SELECT 1 FROM logs'
}

tried_again_until_given_up() { # status
    local lines=400
    rm -f "$db"*
    receiver --fail "$1"
    send 1 OTEL_C_RETRY_MAX_MS=1200 -- --timeout 20000
    books taken=400 retry_exhausted=400
    expect_text "$err" "WARN: otlp: cannot export, trying again: HTTP ${1%,*}"
    expect_text "$err" "given up after [2-9] attempts: HTTP ${1%,*}"
    [[ $(grep -c 'trying again' "$err") == 1 ]] || fail "said more than once: $(cat "$err")"
}

tried_again_until_stopped() { # status
    receiver --fail "$1"
    left_at_stop
    expect_text "$err" "stopped before 700 records could be exported: HTTP ${1%,*}"
}

# The receiver is there again while the sender still tries: everything arrives, once.
tried_again_until_taken() { # status
    local sender code=0 try
    rm -f "$db"* "$err"
    receiver --fail "$1"
    send 0 X=x -- --timeout 60000 &
    sender=$!
    for ((try = 0; try < 600; try++)); do ! grep -q 'trying again' "$err" 2>/dev/null || break; sleep 0.1; done
    kill "$desk_pid" && wait "$desk_pid" 2>/dev/null || true
    desk_pid=
    receiver
    wait "$sender" || code=$?
    [[ $code == 0 ]] || fail "the sender returned $code"
    books taken=700 exported=700
    expect_text "$err" "trying again: HTTP ${1%,*}"
    expect_text "$err" 'exporting again'
    expect_rows 700 'SELECT message FROM traces'
    expect_rows 700 'SELECT DISTINCT message FROM traces'
}

# The stop does not wait longer than its deadline for a Retry-After.
a_long_retry_after_does_not_hold_the_stop() {
    local began took
    receiver --fail 429,3600
    began=$(date +%s%N)
    left_at_stop
    took=$((($(date +%s%N) - began) / 1000000))
    [[ $took -lt 30000 ]] || fail "$took ms to stop within 700"
}

for status in 400 401 404 413 500 501; do refused_for_good $status; done
for status in 429 502 503 504 503,0; do tried_again_until_given_up $status; done
tried_again_until_stopped 503,1
tried_again_until_taken 503,1
tried_again_until_taken 429
a_long_retry_after_does_not_hold_the_stop
finish
