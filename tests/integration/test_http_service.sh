#!/usr/bin/env bash
# Two services of the example http_service, one behind the other: the caller's trace and baggage are in the logs of both.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
trace=0af7651916cd43dd8448eb211c80319c
attribute() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

# start_service <name> <argument>...: sets port and pid.
start_service() {
    local out=$work/$1.out
    OTEL_SERVICE_NAME=$1 "$bin/http_service" 0 "${@:2}" >"$out" 2>"$work/$1.err" &
    pid=$!
    for ((try = 0; try < 600; try++)); do
        read -r port <"$out" && [[ -n $port ]] && return 0
        sleep 0.1
    done
    fail "$1 did not start"
}

# Ends as an operator ends it: what is queued is sent first.
stop_service() {
    kill "$1"
    wait "$1" || fail "a service ended with $?"
}

start_receiver
export OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_BAGGAGE_ATTRIBUTES=run.id
start_service stock
stock=$pid stock_url=http://127.0.0.1:$port/stock
start_service orders "$stock_url"
orders=$pid orders_url=http://127.0.0.1:$port/order

curl -sf -H "TraceParent: 00-$trace-b7ad6b7169203331-01" -H 'baggage: run.id=r%201' "$orders_url" >/dev/null ||
    fail "the call failed"
curl -sf -H 'traceparent: no such thing' "$orders_url" >/dev/null || fail "the call with a bad header failed"
stop_service "$stock"
[[ $(curl -s -o /dev/null -w '%{http_code}' "$orders_url") == 502 ]] || fail "a dead service behind was not noticed"
stop_service "$orders"

expect_rows 4 "SELECT 1 FROM traces WHERE operation_Id = '$trace' AND $(attribute run.id) = 'r 1'"
expect_rows 2 "SELECT DISTINCT cloud_RoleName FROM traces WHERE operation_Id = '$trace'"
expect_rows 2 "SELECT DISTINCT operation_ParentId FROM traces WHERE operation_Id = '$trace'"
expect_rows 0 "SELECT 1 FROM traces WHERE operation_ParentId = 'b7ad6b7169203331'"
# The others began traces of their own: one with both services, one that ended at the first.
expect_rows 3 "SELECT DISTINCT operation_Id FROM traces"
expect_rows 1 "SELECT 1 FROM traces WHERE message = 'the next service failed' AND severityLevel = 3"
finish
