#!/usr/bin/env bash
# The templates of examples/azure: JSON, with the queries that the README lists, and the desk answers every one of them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
azure=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../examples/azure" && pwd)
run=931024c2-3720-11ea-b247-c49deda841c1

# Prints every query of the templates, a line each, with the parameter of the workbook filled in.
queries_of_templates() {
    python3 - "$azure" "$run" <<'PY'
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
def walk(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == 'query' and isinstance(value, str) and not value.startswith('['):
                yield value
            else:
                yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)
for path in sorted(folder.glob('*.json')):
    for query in walk(json.loads(path.read_text())):
        assert '\n' not in query, path
        print(query.replace('{Run}', sys.argv[2]))
PY
}

# Two records of now: an error of that run, and an exception.
fill() {
    python3 - "$run" >"$work/records.json" <<'PY'
import json, sys, time
def attribute(key, value): return {'key': key, 'value': {'stringValue': value}}
now = str(time.time_ns())
records = [{'timeUnixNano': now, 'severityNumber': 17, 'body': {'stringValue': 'broken'}},
           {'timeUnixNano': now, 'severityNumber': 17, 'attributes': [attribute('exception.type', 'E')]}]
resource = [attribute('parent_run_id', sys.argv[1]), attribute('run_type', 'training'), attribute('step_name', 'train')]
print(json.dumps({'resourceLogs': [{'resource': {'attributes': resource}, 'scopeLogs': [{'logRecords': records}]}]}))
PY
    curl -sSf -m 60 -o /dev/null -H 'Content-Type: application/json' --data-binary "@$work/records.json" "$url/v1/logs"
}

each_file_of_the_readme_is_there() {
    local file count=0
    while read -r file; do
        [[ -s $azure/$file ]] || fail "the README names $file"
        count=$((count + 1))
    done < <(grep -oE '\]\([a-z_]+[a-z_./]*\)' "$azure/README.md" | tr -d '()]')
    ((count >= 7)) || fail "only $count files in the README"
}

the_four_queries_are_everywhere() {
    local file
    for file in run training errors error_count; do
        grep -qxF -- "$(<"$azure/queries/$file.kql")" "$work/queries" || fail "no template has $file.kql"
        expect_rows 1 "$(<"$azure/queries/$file.kql")"
    done
}

the_desk_answers_all_of_them() {
    local query
    while read -r query; do expect_rows 1 "$query"; done < <(grep -v 'by step' "$work/queries")
    expect_rows 1 "$(grep 'by step' "$work/queries")" # both errors are of one step and one day
    (($(wc -l <"$work/queries") >= 7)) || fail 'queries are missing'
}

# What the desk is told to look for is what the service is.
both_rules_are_one() {
    local query line
    query=$(sed -n 's/^query *= *//p' "$azure/alerts.conf")
    grep -qxF -- "$query" "$work/queries" || fail "alert.json does not ask: $query"
    stop_receiver
    coproc DESK { exec "$desk" serve --listen 127.0.0.1:0 --db "$db" --alerts "$azure/alerts.conf"; }
    desk_pid=$DESK_PID
    read -r -t 60 line <&"${DESK[0]}" || fail 'the desk does not start with the rules'
}

start_receiver
queries_of_templates >"$work/queries" || fail 'a template is no JSON'
fill
each_file_of_the_readme_is_there
the_four_queries_are_everywhere
the_desk_answers_all_of_them
both_rules_are_one
finish
