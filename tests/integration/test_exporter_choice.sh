#!/usr/bin/env bash
# One compiled program, many exporters: OTEL_LOGS_EXPORTER chooses when the program runs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
out=$work/stdout
err=$work/stderr

# run <exit code> <program> [variable=value]...: with its output in $out and $err.
run() {
    local expected=$1 program=$2 code=0
    shift 2
    env "$@" "$bin/$program" >"$out" 2>"$err" || code=$?
    [[ $code == "$expected" ]] || { fail "$program with '$*' returned $code instead of $expected"; cat "$err" >&2; }
}

on_console() {
    expect_text "$out" 'shop\.checkout.*ready'
    expect_text "$out" 'order placed.*A-17'
    [[ $(grep -c . "$out") == 2 ]] || fail "not two lines: $(cat "$out")"
}

at_receiver() { # how many records
    expect_rows "$1" "SELECT 1 FROM traces WHERE cloud_RoleName = 'shop'"
    expect_rows "$(($1 / 2))" "SELECT 1 FROM traces WHERE message = 'order placed' \
        AND json_extract(customDimensions, '\$.\"order.id\"') = 'A-17' AND json_extract(customDimensions, '\$.items') = '3'"
}

for program in hello hello_cxx; do
    start_receiver
    endpoint=OTEL_EXPORTER_OTLP_ENDPOINT=$url

    run 0 $program # nothing said: the program's own fallback
    on_console
    run 0 $program OTEL_LOGS_EXPORTER= "$endpoint" # empty is unset
    on_console
    run 0 $program OTEL_LOGS_EXPORTER=console "$endpoint"
    on_console
    expect_empty "$err"
    at_receiver 0

    run 0 $program OTEL_LOGS_EXPORTER=otlp "$endpoint"
    expect_empty "$out"
    expect_empty "$err"
    at_receiver 2

    run 0 $program OTEL_LOGS_EXPORTER=console,otlp "$endpoint"
    on_console
    at_receiver 4

    run 0 $program OTEL_LOGS_EXPORTER=' otlp , console ' "$endpoint"
    on_console
    at_receiver 6

    run 0 $program OTEL_LOGS_EXPORTER=none "$endpoint"
    expect_empty "$out"
    expect_empty "$err"

    run 0 $program OTEL_SDK_DISABLED=true OTEL_LOGS_EXPORTER=console,otlp "$endpoint"
    expect_empty "$out"

    # An unknown name is skipped, in words that list what there is; nothing takes its place.
    run 0 $program OTEL_LOGS_EXPORTER=nonsense "$endpoint"
    expect_empty "$out"
    expect_text "$err" 'nonsense'
    expect_text "$err" 'console'
    expect_text "$err" 'otlp'
    run 0 $program OTEL_LOGS_EXPORTER=nonsense,console "$endpoint"
    on_console
    expect_text "$err" 'nonsense'
    at_receiver 6
done

# A service name of the operator's, and nobody at the other end: the console is not disturbed, and the exit code says it.
run 0 hello OTEL_SERVICE_NAME=other OTEL_LOGS_EXPORTER=otlp "$endpoint"
expect_rows 2 "SELECT 1 FROM traces WHERE cloud_RoleName = 'other'"
stop_receiver
run 1 hello OTEL_LOGS_EXPORTER=console,otlp OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9
on_console
[[ -s $err ]] || fail "not a word about two records that were lost"

# The redactor stands in front of whatever is chosen.
start_receiver
run 0 custom_processor OTEL_LOGS_EXPORTER=console,otlp OTEL_EXPORTER_OTLP_ENDPOINT="$url"
expect_text "$out" 'user signed in.*\*\*\*'
expect_no_text "$out" 'ada@example'
expect_rows 2 "SELECT 1 FROM traces"
expect_rows 1 "SELECT 1 FROM traces WHERE json_extract(customDimensions, '\$.\"user.email\"') = '***'"
expect_rows 0 "SELECT 1 FROM traces WHERE customDimensions LIKE '%ada@%'"

# An exporter that the program brings along is chosen like ours, beside ours; its name is listed too.
run 0 custom_exporter OTEL_LOGS_EXPORTER=syslog
expect_empty "$out"
expect_text "$err" 'custom_exporter\[[0-9]+\]: backup\.daemon: backup started volume=home'
expect_text "$err" 'backup\.daemon: disk nearly full free\.percent=4'
run 0 custom_exporter OTEL_LOGS_EXPORTER=Syslog,console
expect_text "$out" 'backup started'
expect_text "$err" 'backup started'
run 0 custom_exporter OTEL_LOGS_EXPORTER=nonsense
expect_text "$err" 'syslog'
expect_empty "$out"
finish
