#!/usr/bin/env bash
# The examples event_loop, library and prefork against the real receiver: how many records, whose, with which trace ids;
# and custom_detector and async_processor on the console.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
out=$work/stdout
err=$work/stderr

# run <program> <argument>...: must succeed, with nothing on standard error.
run() {
    "$bin/$1" "${@:2}" >"$out" 2>"$err" || fail "$1 returned $?"
    expect_empty "$err"
}

to_receiver() { export OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_BLRP_SCHEDULE_DELAY=100; }
by_default() { unset OTEL_LOGS_EXPORTER OTEL_EXPORTER_OTLP_ENDPOINT OTEL_C_LOG_LEVELS; }

attribute() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }
message() { printf "SELECT 1 FROM traces WHERE message = '%s'" "$1"; }

an_event_loop_needs_no_thread() {
    by_default
    run event_loop
    expect_text "$out" '^200 requests, 600 records, 1 thread$'
    [[ $(grep -c 'shop.server: ' "$out") == 600 ]] || fail "not 600 lines on the console"

    start_receiver
    to_receiver
    run event_loop
    expect_text "$out" '^200 requests, 600 records, 1 thread$'
    expect_rows 600 "SELECT 1 FROM traces WHERE cloud_RoleName = 'shop'"
    expect_rows 200 "SELECT operation_Id FROM traces GROUP BY operation_Id
        HAVING count(*) = 3 AND count(DISTINCT message) = 3 AND count(DISTINCT $(attribute request)) = 1"
    expect_rows 0 "SELECT 1 FROM traces WHERE length(operation_Id) <> 32 OR length(operation_ParentId) <> 16"
    expect_rows 200 "$(message 'request answered') AND $(attribute http.response.status_code) = '200'"

    by_default
    OTEL_C_LOG_LEVELS='*=warn' run event_loop
    expect_text "$out" '^200 requests, 0 records, 1 thread$'
    OTEL_SDK_DISABLED=true run event_loop
    expect_text "$out" '^200 requests, 0 records, 1 thread$'
}

a_library_is_heard_where_there_is_an_sdk() {
    by_default
    run library_plain 21.5C 70.7F warm -300C
    [[ $(tr '\n' ' ' <"$out") == '21.50 21.50 ? ? ' ]] || fail "library_plain printed: $(cat "$out")"
    if ldd "$bin/library_plain" | grep -E 'libotel(-sdk|\.so)|libcurl'; then fail "library_plain links an SDK"; fi

    run library_heard 21.5C warm
    expect_text "$out" 'WARN  thermometer: not a temperature input=warm'
    expect_text "$out" 'INFO  weather.station: measured celsius=21.5'

    start_receiver
    to_receiver
    OTEL_C_LOG_LEVELS='*=info,thermometer=warn' run library_heard 21.5C 70.7F warm -300C
    expect_rows 4 "SELECT 1 FROM traces WHERE cloud_RoleName = 'weather'"
    expect_rows 2 "SELECT 1 FROM traces WHERE $(attribute logger_name) = 'thermometer'"
    expect_rows 1 "$(message 'colder than possible') AND severityLevel = 3 AND $(attribute input) = '-300C'"
}

wait_for_rows() { # how many, query
    local try
    for ((try = 0; try < 600; try++)); do
        [[ $(rows "$2") != "$1" ]] || return 0
        sleep 0.1
    done
    fail "$(rows "$2") rows instead of $1 after a minute: $2"
}

# Sends a line; prints the answer.
request() { # port, text
    local line
    exec 9<>"/dev/tcp/127.0.0.1/$1"
    printf '%s\n' "$2" >&9
    read -r -t 60 line <&9 || line=
    exec 9<&-
    printf '%s\n' "$line"
}

workers_log_each_for_itself() {
    local port master answer i code=0
    start_receiver
    to_receiver
    "$bin/prefork" 3 >"$out" 2>"$err" &
    master=$!
    wait_for_rows 3 "$(message 'worker ready')"
    port=$(sed -n '1s/^listening on 127.0.0.1://p' "$out")

    answer=$(request "$port" first)
    [[ $answer == 'hello from '* ]] || fail "the answer was: $answer"
    kill -KILL "${answer#hello from }" # its record may be lost with it, so it is not counted
    wait_for_rows 4 "$(message 'worker ready')"
    for ((i = 0; i < 40; i++)); do
        [[ $(request "$port" "request $i") == 'hello from '* ]] || fail "no answer to request $i"
    done
    kill -TERM "$master"
    wait "$master" || code=$?
    [[ $code == 0 ]] || fail "prefork returned $code"
    expect_empty "$err"

    local counted="$(attribute request.line) LIKE 'request %'"
    expect_rows 40 "$(message 'request received') AND $counted"
    expect_rows 40 "SELECT operation_Id FROM traces WHERE operation_Id IN (SELECT operation_Id FROM traces WHERE $counted)
        GROUP BY operation_Id HAVING count(*) = 2 AND count(DISTINCT $(attribute process.pid)) = 1"
    expect_rows 3 "$(message 'worker leaves')"
    expect_rows 4 "SELECT DISTINCT $(attribute process.pid) FROM traces WHERE message = 'worker ready'"
    # The master's own, once, whatever was queued when it forked.
    expect_rows 1 "$(message 'starting workers') AND $(attribute process.pid) = '$master'"
    expect_rows 1 "$(message 'worker died') AND $(attribute status) = '9'"
    expect_rows 1 "$(message 'all workers are gone')"
}

a_detector_is_asked_unless_left_out() {
    by_default
    run custom_detector
    expect_text "$out" 'INFO  shop: open'
    if grep -qF shop.rack "$out"; then fail "a rack that nobody named: $(cat "$out")"; fi
    SHOP_RACK=7 run custom_detector
    expect_text "$out" 'INFO  shop: open shop.rack=7'
    SHOP_RACK=7 OTEL_C_RESOURCE_DETECTORS=all run custom_detector
    expect_text "$out" 'INFO  shop: open shop.rack=7'
    SHOP_RACK=7 OTEL_C_RESOURCE_DETECTORS=host,os run custom_detector
    if grep -qF shop.rack "$out"; then fail "the detector was not left out: $(cat "$out")"; fi
}

what_takes_long_is_done_in_the_background() {
    local i
    by_default
    run async_processor
    for i in 1 2 3 4 5; do
        expect_text "$out" "INFO  shop.checkout: order placed customer.id=$i customer.name=\"customer no. $i\""
    done
    [[ $(wc -l <"$out") == 5 ]] || fail "not five lines: $(cat "$out")"
}

a_detector_is_asked_unless_left_out
what_takes_long_is_done_in_the_background
an_event_loop_needs_no_thread
a_library_is_heard_where_there_is_an_sdk
workers_log_each_for_itself
finish
