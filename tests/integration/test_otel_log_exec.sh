#!/usr/bin/env bash
# otel-log and traces: the context of the environment and of the options; exec: a command in a span of its own, its record,
# its output, its exit status.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
tool=${OTEL_LOG:-$BUILD_DIR/tools/otel-log/otel-log}
trace=0af7651916cd43dd8448eb211c80319c span=b7ad6b7169203331
export TRACEPARENT=00-$trace-$span-01
attribute() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

expect_status() { # wanted, command...
    local status=0
    "${@:2}" >"$work/out" 2>"$work/err" || status=$?
    [[ $status == "$1" ]] || { fail "$status instead of $1: ${*:2}"; cat "$work/err" >&2; }
}

start_receiver
export OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_BAGGAGE_ATTRIBUTES=run.id

a_record_belongs_to_the_callers_span() {
    BAGGAGE=run.id=r-1 expect_status 0 "$tool" plain
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'plain' AND operation_Id = '$trace' AND operation_ParentId = '$span'
        AND $(attribute run.id) = 'r-1'"
    expect_status 0 "$tool" --traceparent 00-11111111111111111111111111111111-2222222222222222-00 --baggage run.id=r-2 given
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'given' AND operation_Id = '11111111111111111111111111111111' AND
        operation_ParentId = '2222222222222222' AND $(attribute run.id) = 'r-2'"
    echo '{"body":"own","trace_id":"33333333333333333333333333333333","span_id":"4444444444444444"}' |
        expect_status 0 "$tool" --json
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'own' AND operation_Id = '33333333333333333333333333333333'"
    TRACEPARENT=nonsense expect_status 0 "$tool" lonely
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'lonely' AND coalesce(operation_Id, '') = ''"
    for wrong in x "00-$trace-$span" 00-00000000000000000000000000000000-$span-01; do
        expect_status 2 "$tool" --traceparent "$wrong" text
    done
    expect_status 2 "$tool" --baggage 'secret value' text
    expect_no_text "$work/err" 'secret'
}

a_command_runs_in_a_span_of_its_own() {
    BAGGAGE=run.id=r-3 expect_status 0 "$tool" exec -- "$tool" -s WARN child
    expect_rows 2 "SELECT 1 FROM traces WHERE operation_Id = '$trace' AND $(attribute run.id) = 'r-3'"
    expect_rows 1 "SELECT DISTINCT operation_ParentId FROM traces WHERE $(attribute run.id) = 'r-3' AND
        operation_ParentId <> '$span'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'exec $tool' AND severityLevel = 1 AND
        $(attribute process.exit.code) = '0' AND CAST($(attribute duration_ms) AS INTEGER) >= 0"
    # One span deeper each time; and the environment is otherwise as it was, with each name once.
    expect_status 0 "$tool" exec -- "$tool" exec -- env
    [[ $(grep -c '^TRACEPARENT=' "$work/out") == 1 && $(grep -c "^HOME=" "$work/out") -le 1 ]] || fail 'names stand twice'
    expect_no_text "$work/out" "TRACEPARENT=00-$trace-$span"
    expect_rows 2 "SELECT DISTINCT operation_ParentId FROM traces WHERE message IN ('exec env', 'exec $tool') AND
        $(attribute run.id) IS NULL"
    (unset TRACEPARENT && expect_status 0 "$tool" exec -- sh -c "test \${#TRACEPARENT} = 55")
}

it_exits_as_the_command_did() {
    expect_status 7 "$tool" exec -- sh -c 'exit 7'
    expect_status 143 "$tool" exec -- sh -c 'kill $$'
    expect_status 127 "$tool" exec -- "$work/no such command"
    touch "$work/plain file"
    expect_status 126 "$tool" exec -- "$work/plain file"
    expect_status 2 "$tool" exec --
    expect_status 2 "$tool" --capture text
    expect_rows 4 "SELECT 1 FROM traces WHERE severityLevel = 3 AND CAST($(attribute process.exit.code) AS INTEGER) IN (7, 143, 127, 126)"
    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 expect_status 5 "$tool" exec --timeout 100 -- sh -c 'exit 5'
    OTEL_SDK_DISABLED=true expect_status 6 "$tool" exec -- sh -c 'exit 6'
    expect_status 141 "$tool" exec -- sh -c 'kill -PIPE $$' # we ignore it, the command does not
}

output_becomes_records_and_output() {
    expect_status 0 "$tool" exec --capture -- sh -c 'echo one; echo two >&2; printf three'
    [[ $(cat "$work/out") == $'one\nthree' && $(cat "$work/err") == two ]] || fail 'the output is not what it was'
    expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('one', 'three') AND severityLevel = 1 AND $(attribute log.iostream) = 'stdout'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'two' AND severityLevel = 2 AND $(attribute log.iostream) = 'stderr'"
    # A line that says its priority is believed, on either stream.
    expect_status 0 "$tool" exec --capture --prio-prefix -- sh -c 'echo "<6>calm" >&2; echo "<3>loud"'
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'calm' AND severityLevel = 1"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'loud' AND severityLevel = 3"
    # What a command leaves behind does not keep us.
    local began=$SECONDS
    expect_status 0 "$tool" exec --capture -- sh -c 'sleep 20 & echo left'
    ((SECONDS - began < 15)) || fail 'waited for a process that was left behind'
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'left'"
}

a_signal_reaches_the_command() {
    "$tool" exec -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done' >"$work/ready" &
    local pid=$! status=0
    for ((try = 0; try < 600; try++)); do [[ -s $work/ready ]] && break; sleep 0.1; done
    kill "$pid"
    wait "$pid" || status=$?
    [[ $status == 9 ]] || fail "$status instead of 9 after SIGTERM"
}

a_record_belongs_to_the_callers_span
a_command_runs_in_a_span_of_its_own
it_exits_as_the_command_did
output_becomes_records_and_output
a_signal_reaches_the_command
finish
