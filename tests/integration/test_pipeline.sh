#!/usr/bin/env bash
# The machine-learning pipeline of the examples: what its steps log, who they say they are, and how it ends.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
data=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../examples/pipeline/data" && pwd)
out=$work/stdout
err=$work/stderr

insights=$work/insights.db
insights_pid= insights_count=0
trap 'stop_receiver; [[ -z $insights_pid ]] || kill "$insights_pid" 2>/dev/null; rm -rf "$work"' EXIT

# Beside the receiver of OTLP one that plays the service and refuses whatever a careful exporter never sends; logs go to
# the console, to both of them.
start_both() {
    local line
    start_receiver
    [[ -z $insights_pid ]] || kill "$insights_pid"
    insights_count=$((insights_count + 1))
    insights=$work/insights-$insights_count.db
    exec 7< <(exec "$desk" serve --listen 127.0.0.1:0 --db "$insights" --strict)
    insights_pid=$!
    read -r -t 60 line <&7 || { fail "the receiver did not start"; exit 1; }
    export OTEL_LOGS_EXPORTER=console,otlp,azure_monitor OTEL_EXPORTER_OTLP_ENDPOINT=$url
    export APPLICATIONINSIGHTS_CONNECTION_STRING="InstrumentationKey=$key;IngestionEndpoint=${line#listening on }"
}
key=5f3b2c1d-1111-4222-8333-444455556666

# What holds for the tables by one way holds for those by the other.
by_both() {
    local here=$db
    "$@"
    db=$insights "$@"
    [[ $db == "$here" ]] || fail 'not the same tables as before'
}

# run <exit code> <data directory> <argument>...: with the environment as it is.
run() {
    local expected=$1 code=0
    shift
    mkdir -p "$work/out"
    "$bin/pipeline" "${@:2}" "$1" "$work/out" >"$out" 2>"$err" || code=$?
    [[ $code == "$expected" ]] || { fail "the pipeline returned $code instead of $expected"; cat "$out" "$err" >&2; }
}

attribute() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

all="(SELECT cloud_RoleName, severityLevel, message, customDimensions FROM traces
      UNION ALL SELECT cloud_RoleName, severityLevel, outerMessage, customDimensions FROM exceptions)"

all_ids="(SELECT operation_Id, customDimensions FROM traces UNION ALL SELECT operation_Id, customDimensions FROM exceptions)"

a_run_fills_the_tables() {
    start_both
    export OTEL_RESOURCE_ATTRIBUTES='team=ice%20%26%20snow,experiment_name=the%20user%27s%2C%20own,step_name=outer'
    run 0 "$data" --run-id 'run 1, a=b'
    unset OTEL_RESOURCE_ATTRIBUTES
    by_both the_tables_say_what_happened
    by_both every_record_says_whose_it_is
    [[ $(rows "SELECT 1 FROM $all") == $(db=$insights rows "SELECT 1 FROM $all") ]] || fail 'one way has more records'
    db=$insights expect_rows 0 "SELECT 1 FROM traces WHERE iKey IS NOT '$key'"
}

the_tables_say_what_happened() {
    # Eleven rows of the real data have gaps, two of ours have wrong values, one is cut short; one of ours is no row.
    expect_rows 14 "SELECT 1 FROM traces WHERE message = 'row left out' AND severityLevel = 2 AND
        $(attribute input.row) > 0 AND $(attribute reason) <> '' AND cloud_RoleName = 'prepare'"
    expect_rows 1 "SELECT 1 FROM traces WHERE $(attribute input.value) = 'heavy' AND $(attribute reason) = 'not a number'"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'csv.ParseError' AND severityLevel = 3 AND $(attribute Level) = 'ERROR'"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE outerMessage LIKE 'the row has a quote%' AND $(attribute input.row) = '5'"
    expect_rows 1 "SELECT 1 FROM traces WHERE $(attribute reason) = '4 of 8 fields' AND $(attribute input.row) = '4'"
    expect_rows 5 "SELECT 1 FROM traces WHERE cloud_RoleName = 'train' AND message = 'loss' AND severityLevel = 1"
    expect_rows 15 "SELECT 1 FROM traces WHERE cloud_RoleName = 'train' AND message = 'loss' AND severityLevel = 0"
    expect_rows 1 "SELECT 1 FROM traces WHERE cloud_RoleName = 'score' AND
        CAST($(attribute accuracy) AS REAL) > 0.85 AND $(attribute rows) = '84'"
    expect_rows 1 "SELECT 1 FROM (SELECT count(*) AS errors FROM $all WHERE severityLevel >= 3) WHERE errors = 1"
}

every_record_says_whose_it_is() {
    local step
    expect_rows 0 "SELECT 1 FROM $all WHERE $(attribute parent_run_id) IS NOT 'run 1, a=b'
        OR $(attribute build_url) IS NOT 'https://ci.example.com/pipeline/builds/1.0.0' OR $(attribute build_version) IS NOT '1.0.0'
        OR $(attribute run_url) IS NOT 'https://ml.example.com/runs?id=run 1, a=b'
        OR $(attribute experiment_name) IS NOT 'the user''s, own' OR $(attribute team) IS NOT 'ice & snow'"
    # One record says something else of itself.
    expect_rows 1 "SELECT 1 FROM $all WHERE $(attribute run_type) IS NOT 'training'"
    expect_rows 1 "SELECT 1 FROM traces WHERE $(attribute run_type) = 'evaluation' AND $(attribute accuracy) IS NOT NULL"
    for step in prepare train score; do
        expect_rows 1 "SELECT DISTINCT $(attribute step_id) FROM $all WHERE cloud_RoleName = '$step'"
        expect_rows 0 "SELECT 1 FROM $all WHERE cloud_RoleName = '$step' AND $(attribute step_name) IS NOT '$step'"
    done
    expect_rows 3 "SELECT DISTINCT $(attribute step_id) AS id FROM $all WHERE id IS NOT NULL"
    expect_rows 1 "SELECT DISTINCT 1 FROM $all WHERE cloud_RoleName = 'pipeline' AND $(attribute step_name) = 'outer'"
}

one_trace_goes_through_all() {
    expect_rows 1 "SELECT DISTINCT operation_Id FROM (SELECT operation_Id FROM traces UNION ALL SELECT operation_Id FROM exceptions)"
    expect_rows 0 "SELECT 1 FROM traces WHERE length(operation_Id) <> 32"
    expect_rows 4 "SELECT DISTINCT cloud_RoleName, operation_ParentId FROM traces"
    expect_rows 1 "SELECT 1 WHERE 'prepare train score' = (SELECT group_concat(step, ' ') FROM (SELECT cloud_RoleName AS step
        FROM traces WHERE cloud_RoleName <> 'pipeline' GROUP BY cloud_RoleName ORDER BY min(timestamp)))"
    export OTEL_LOGS_EXPORTER=otlp TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
    run 0 "$data" --run-id 'in a trace' --experiment traced
    unset TRACEPARENT
    expect_rows 1 "SELECT DISTINCT operation_Id FROM $all_ids WHERE $(attribute experiment_name) = 'traced'"
    expect_rows 1 "SELECT DISTINCT 1 FROM traces WHERE operation_Id = '0af7651916cd43dd8448eb211c80319c' AND
        cloud_RoleName = 'train' AND $(attribute parent_run_id) = 'in a trace'"
}

the_console_shows_it_too() {
    [[ $(grep -c 'row left out' "$out") == 14 ]] || fail "not 14 warnings on the console"
    expect_text "$out" 'csv\.ParseError'
    expect_text "$out" 'model\.scored.*accuracy'
}

without_labels_it_makes_its_own() {
    export OTEL_LOGS_EXPORTER=otlp
    run 0 "$data" --experiment 'second'
    expect_empty "$out"
    expect_rows 1 "SELECT DISTINCT $(attribute parent_run_id) AS id FROM $all WHERE $(attribute experiment_name) = 'second'
        AND length(id) = 36"
}

labels_that_are_malformed_are_left_out() {
    export OTEL_LOGS_EXPORTER=otlp OTEL_RESOURCE_ATTRIBUTES='team=snow,no equals sign'
    run 0 "$data" --experiment 'third'
    unset OTEL_RESOURCE_ATTRIBUTES
    expect_text "$err" 'OTEL_RESOURCE_ATTRIBUTES is malformed'
    expect_rows 4 "SELECT DISTINCT cloud_RoleName FROM $all WHERE $(attribute experiment_name) = 'third'"
}

a_step_that_fails_ends_the_run() {
    start_both
    mkdir "$work/gaps"
    head -n 50 "$data/penguins.csv" >"$work/gaps/penguins.csv"
    cp "$data/damaged.csv" "$work/gaps"
    run 1 "$work/gaps"
    by_both the_tables_say_why
    run 1 "$work/nothing there"
    by_both expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'data.InputError' AND outerMessage = 'No such file or directory'"
    unset APPLICATIONINSIGHTS_CONNECTION_STRING
}

the_tables_say_why() {
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'data.TooFewRows' AND severityLevel = 3
        AND outerMessage = 'too few rows left to learn from' AND $(attribute step_name) = 'prepare'
        AND json_extract(details, '\$[0].stack') LIKE '%at step_run+0x%(prepare)%'"
    expect_rows 1 "SELECT 1 FROM traces WHERE cloud_RoleName = 'pipeline' AND message = 'step failed' AND $(attribute step) = 'prepare'"
    expect_rows 0 "SELECT 1 FROM traces WHERE cloud_RoleName IN ('train', 'score')"
}

a_run_is_not_harmed_by_a_dead_receiver() {
    stop_receiver
    export OTEL_LOGS_EXPORTER=console,otlp OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 OTEL_C_RETRY_MAX_MS=300
    run 0 "$data"
    expect_text "$out" 'model\.scored'
}

a_run_fills_the_tables
the_console_shows_it_too
one_trace_goes_through_all
without_labels_it_makes_its_own
labels_that_are_malformed_are_left_out
a_step_that_fails_ends_the_run
a_run_is_not_harmed_by_a_dead_receiver
finish
