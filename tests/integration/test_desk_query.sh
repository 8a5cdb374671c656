#!/usr/bin/env bash
# collector_desk query: both languages, the three formats, and what is refused.
set -euo pipefail
work=$(mktemp -d)
desk=$COLLECTOR_DESK db=$work/logs.db
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'test_desk_query: %s\n' "$*" >&2
    exit 1
}

# A database as `serve` makes it, with three rows.
make_database() {
    "$desk" serve --listen 127.0.0.1:0 --db "$db" >"$work/address" &
    local pid=$! deadline=$((SECONDS + 60))
    until [[ -s $work/address ]]; do
        [[ $SECONDS -lt $deadline ]] || fail 'serve does not listen'
        kill -0 "$pid" || fail 'serve ended'
        sleep 0.05
    done
    kill "$pid"
    wait "$pid" || fail 'serve did not end cleanly'
    python3 - "$db" <<'PY'
import json, sqlite3, sys
rows = [('2026-01-02T03:04:05.6789012Z', 'one, "two"\r\nthree', 1, {'Level': 'INFO', 'x y': 'a'}, {'total': 2.5}),
        ('2026-01-02T03:30:00.0000000Z', 'disk \x1b full', 3, {'Level': 'ERROR', 'nested': '{"a":1}'}, None),
        ('2026-01-02T04:00:00.0000000Z', None, 9007199254740993, None, None)]
db = sqlite3.connect(sys.argv[1])
for t, m, s, d, c in rows:
    db.execute('INSERT INTO traces(timestamp, message, severityLevel, customDimensions, customMeasurements) '
               'VALUES(?, ?, ?, ?, ?)', (t, m, s, d and json.dumps(d), c and json.dumps(c)))
db.commit()
PY
}

# What the query prints, byte by byte.
expect() { # expected, arguments...
    printf "$1" >"$work/expected"
    shift
    "$desk" query --db "$db" "$@" >"$work/found" 2>"$work/error" || fail "$*: $(<"$work/error")"
    cmp -s "$work/expected" "$work/found" || fail "$*
found:    $(cat -v "$work/found")
expected: $(cat -v "$work/expected")"
}

refused() { # status, what is said, arguments...
    local status=$1 said=$2 code=0
    shift 2
    "$desk" query "$@" >"$work/found" 2>"$work/error" || code=$?
    [[ $code == "$status" && ! -s $work/found ]] || fail "$*: exit $code, $(<"$work/found")"
    grep -qF -- "$said" "$work/error" || fail "$*: $(<"$work/error")"
}

make_database

expect 'severityLevel\n            3\n(1 rows)\n' "traces | where customDimensions.Level == 'ERROR' | project severityLevel"
expect 'n\n3\n(1 rows)\n' 'SELECT count(*) AS n FROM traces'
expect 'n\n3\n(1 rows)\n' '  wItH a AS (SELECT 1 FROM traces) SELECT count(*) AS n FROM a'
expect 'message\ndisk \\x1B full\n(1 rows)\n' "traces | where message has 'disk' | project message"

expect '[\n{"t":"2026-01-02T03:04:05.6789012Z","d":{"Level": "INFO", "x y": "a"},"m":{"total": 2.5},"total":2.5,"high":false}\n]\n' \
    --format json 'traces | take 1 | project t = timestamp, d = customDimensions, m = customMeasurements,
    total = customMeasurements.total, high = severityLevel > 1'
expect '[\n{"severityLevel":9007199254740993,"message":null,"customDimensions":null}\n]\n' --format json \
    'traces | where severityLevel > 4 | project severityLevel, message, customDimensions'
expect '[\n{"customDimensions":{"Level": "INFO", "x y": "a"},"n":1}\n]\n' --format json \
    'SELECT customDimensions, 1 AS n FROM traces LIMIT 1'
expect '[\n{"text":"{\\"Level\\": \\"INFO\\", \\"x y\\": \\"a\\"}"}\n]\n' --format json \
    'traces | take 1 | project text = tostring(customDimensions)'
expect '[]\n' --format json 'traces | where false'
"$desk" query --db "$db" --format json 'union traces, exceptions' | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 3' ||
    fail 'the rows are no JSON'

expect 'message,severityLevel\r\n"one, ""two""\r\nthree",1\r\ndisk \x1b full,3\r\n,9007199254740993\r\n' --format csv \
    'traces | project message, severityLevel'
expect 'Level\r\nINFO\r\n' --format csv "traces | where customDimensions['x y'] == 'a' | project Level = customDimensions.Level"
expect 'message\r\n' --format csv 'traces | where false | project message'

refused 1 'line 2, column 9: found "nosuch"; expected the name of a column' --db "$db" $'traces\n| where nosuch == 1'
refused 1 'line 1, column 1: found "SELECT"' --db "$db" --language kql 'SELECT 1'
refused 1 'line 1, column 8' --db "$db" 'SELECT nonsense FROM traces'
for query in 'DELETE FROM traces' "ATTACH '$db' AS other" 'PRAGMA journal_mode = delete' 'PRAGMA page_size' 'SAVEPOINT s' VACUUM; do
    refused 1 'only queries: this statement does something else' --db "$db" --language sql "$query"
done
expect 'wide    n\n日本語  1\ne\xcc\x81😀     2\nascii   3\n(3 rows)\n' \
    "SELECT column1 AS wide, column2 AS n FROM (VALUES ('日本語', 1), ('e$(printf '\xcc\x81')😀', 2), ('ascii', 3))"
refused 1 'found "DELETE"' --db "$db" 'DELETE FROM traces'
refused 1 'unable to open' --db "$work/nothing.db" 'traces'
refused 2 '--format is table, json or csv' --db "$db" --format xml traces
refused 2 '--language is kql or sql' --db "$db" --language english traces
refused 2 '--db is missing' traces
refused 2 'lacks the query' --db "$db"
refused 2 'takes one query' --db "$db" traces '| take 1'
refused 2 '--limit is unknown' --db "$db" --limit 5 traces

! "$desk" query --db "$db" traces >/dev/full 2>"$work/error" || fail 'a full disk was not noticed'
grep -q 'cannot be written' "$work/error" || fail "a full disk: $(<"$work/error")"
