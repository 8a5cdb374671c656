#!/usr/bin/env bash
# The receiver of the examples as a process: what it stores, what it answers, and that nothing it answered 200 to is lost.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
pb='Content-Type: application/x-protobuf'
json='Content-Type: application/json'
gzip='Content-Encoding: gzip'

# The example of the specification's tables: service.name svc, scope lib 1, one INFO record "hi" with k = 5 and ids.
vector=0a750a170a150a0c736572766963652e6e616d6512050a03737663125a0a080a036c6962120131124e
vector+=09010000000000000010091a04494e464f2a040a02686932070a016b120218054501000000
vector+=4a100102030405060708090a0b0c0d0e0f105208010203040506070859020000000000000062026576

unhex() { python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$1"; }

# post <file> <curl argument>...: prints the status; the body of the answer is in $work/answer, its head in $work/head.
post() {
    local file=$1
    shift
    curl -sS -m 60 -o "$work/answer" -D "$work/head" -w '%{http_code}' --data-binary "@$file" "$@" "$url/v1/logs" || true
}

# expect_post <status> <file> <curl argument>...
expect_post() {
    local expected=$1 got
    shift
    got=$(post "$@")
    [[ $got == "$expected" ]] || fail "$got instead of $expected to: $*"
}

# one_record <members of the record>: an OTLP-JSON request.
one_record() {
    printf '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"train"}},
        {"key":"service.namespace","value":{"stringValue":"churn"}},{"key":"service.instance.id","value":{"stringValue":"i7"}},
        {"key":"parent_run_id","value":{"stringValue":"run-1"}}]},
        "scopeLogs":[{"scope":{"name":"lib","version":"2"},"logRecords":[{%s}]}]}]}' "$1"
}

log_json() { # members of the record
    one_record "$1" >"$work/one.json"
    expect_post 200 "$work/one.json" -H "$json"
}

dimension() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

both_encodings_give_the_same_row() {
    local same="message = 'hi' AND severityLevel = 1 AND itemType = 'trace' AND cloud_RoleName = 'svc'
        AND timestamp = '1970-01-01T00:00:00.0000000Z' AND operation_Id = '0102030405060708090a0b0c0d0e0f10'
        AND operation_ParentId = '0102030405060708' AND $(dimension k) = '5' AND $(dimension level) = 'INFO'
        AND $(dimension Level) = 'INFO' AND $(dimension otel.scope.name) = 'lib' AND $(dimension otel.scope.version) = '1'
        AND $(dimension otel.event.name) = 'ev'"
    start_receiver
    unhex "$vector" >"$work/vector.pb"
    expect_post 200 "$work/vector.pb" -H "$pb"
    [[ ! -s $work/answer ]] || fail 'the answer to protobuf is not empty'
    expect_text "$work/head" 'application/x-protobuf'
    expect_rows 1 "SELECT 1 FROM traces WHERE $same"
    gzip -c "$work/vector.pb" >"$work/vector.gz"
    expect_post 200 "$work/vector.gz" -H "$pb" -H "$gzip"
    cat "$work/vector.gz" "$work/vector.gz" >"$work/twice.gz" # two members are one request of two ResourceLogs
    expect_post 200 "$work/twice.gz" -H "$pb" -H "$gzip"
    expect_rows 4 "SELECT 1 FROM traces WHERE $same"
    printf '%s' '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},
        "scopeLogs":[{"scope":{"name":"lib","version":"1"},"logRecords":[{"timeUnixNano":"1","observedTimeUnixNano":"2",
        "severityNumber":9,"severityText":"INFO","body":{"stringValue":"hi"},"attributes":[{"key":"k","value":{"intValue":"5"}}],
        "flags":1,"traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"0102030405060708","eventName":"ev"}]}]}]}' \
        >"$work/vector.json"
    expect_post 200 "$work/vector.json" -H 'Content-Type: Application/JSON; charset=utf-8'
    expect_text "$work/answer" '^\{"partialSuccess":\{\}\}$'
    expect_rows 5 "SELECT 1 FROM traces WHERE $same"
    : >"$work/empty"
    expect_post 200 "$work/empty" -H "$pb"
    expect_rows 5 'SELECT 1 FROM traces'
}

severities_are_the_portals() {
    local number expected=(1 0 0 0 0 0 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4)
    for number in "${!expected[@]}"; do printf '{"severityNumber":%s,"body":{"intValue":"%s"}}\n' "$number" "$number"; done |
        paste -sd, | { printf '{"resourceLogs":[{"scopeLogs":[{"logRecords":['; cat; printf ']}]}]}'; } >"$work/levels.json"
    start_receiver
    expect_post 200 "$work/levels.json" -H "$json"
    for number in "${!expected[@]}"; do
        expect_rows 1 "SELECT 1 FROM traces WHERE message = '$number' AND severityLevel = ${expected[number]}"
    done
    expect_rows 4 "SELECT 1 FROM traces WHERE $(dimension level) = 'CRITICAL' AND $(dimension Level) = 'CRITICAL'"
    expect_rows 1 "SELECT 1 FROM traces WHERE $(dimension level) IS NULL AND cloud_RoleName = 'unknown_service'"
}

values_become_texts() {
    start_receiver
    log_json '"timeUnixNano":1767323045678901234,"severityNumber":13,"severityText":"NOTICE","body":{"stringValue":"v"},"attributes":[
        {"key":"int","value":{"intValue":"9223372036854775807"}},{"key":"number","value":{"intValue":-7}},
        {"key":"double","value":{"doubleValue":0.1}},{"key":"nan","value":{"doubleValue":"NaN"}},
        {"key":"bool","value":{"boolValue":false}},{"key":"bytes","value":{"bytesValue":"aGVsbG8gd29ybGQ="}},
        {"key":"none","value":{}},{"key":"","value":{"intValue":1}},{"key":"twice","value":{"intValue":1}},
        {"key":"twice","value":{"stringValue":"last \"quoted\" \u0001 \u20ac"}},
        {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{},{"doubleValue":"NaN"},{"intValue":"2"}]}}},
        {"key":"map","value":{"kvlistValue":{"values":[{"key":"b","value":{"boolValue":true}}]}}},
        {"key":"parent_run_id","value":{"stringValue":"mine"}},{"key":"code.file.path","value":{"stringValue":"/src/train.step.c"}},
        {"key":"code.line.number","value":{"intValue":"214"}},{"key":"code.function.name","value":{"stringValue":"step"}}]'
    expect_rows 1 "SELECT 1 FROM traces WHERE timestamp = '2026-01-02T03:04:05.6789012Z' AND cloud_RoleName = 'churn.train'
        AND cloud_RoleInstance = 'i7' AND $(dimension int) = '9223372036854775807' AND $(dimension number) = '-7'
        AND $(dimension double) = '0.1' AND $(dimension nan) = 'NaN' AND $(dimension bool) = 'false'
        AND $(dimension bytes) = 'aGVsbG8gd29ybGQ=' AND $(dimension none) = ''
        AND $(dimension twice) = 'last \"quoted\" ' || char(1) || ' €' AND $(dimension list) = '[\"a\",null,\"NaN\",2]'
        AND $(dimension map) = '{\"b\":true}' AND $(dimension parent_run_id) = 'mine' AND $(dimension severity_text) = 'NOTICE'
        AND $(dimension fileName) = '/src/train.step.c' AND $(dimension module) = 'train.step'
        AND $(dimension lineNumber) = '214' AND $(dimension logger_name) = 'lib'"
    expect_rows 0 "SELECT 1 FROM traces, json_each(customDimensions) AS d WHERE d.type <> 'text' OR d.key = ''"
    expect_rows 0 "SELECT d.key FROM traces, json_each(customDimensions) AS d GROUP BY traces.rowid, d.key HAVING count(*) > 1"
    log_json '"observedTimeUnixNano":"1767323045000000000","eventName":"only.a.name"'
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'only.a.name' AND timestamp = '2026-01-02T03:04:05.0000000Z'
        AND $(dimension parent_run_id) = 'run-1'"
}

exceptions_have_their_table() {
    start_receiver
    log_json '"severityNumber":17,"body":{"stringValue":"could not read"},"attributes":[
        {"key":"exception.type","value":{"stringValue":"OSError"}},{"key":"exception.message","value":{"stringValue":"I/O \"error\""}},
        {"key":"exception.stacktrace","value":{"stringValue":"at a\nat b"}},{"key":"code.function.name","value":{"stringValue":"read"}}]'
    log_json '"body":{"stringValue":"b"},"attributes":[{"key":"exception.message","value":{"stringValue":"b"}}]'
    log_json '"attributes":[{"key":"exception.type","value":{"stringValue":"Lonely"}}]'
    log_json '"body":{"stringValue":"stack alone"},"attributes":[{"key":"exception.stacktrace","value":{"stringValue":"s"}}]'
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'OSError' AND outerMessage = 'I/O \"error\"' AND severityLevel = 3
        AND problemId = 'OSError at read' AND itemType = 'exception' AND $(dimension message) = 'could not read'
        AND json_extract(details, '\$[0].type') = 'OSError' AND json_extract(details, '\$[0].message') = outerMessage
        AND json_extract(details, '\$[0].stack') = 'at a' || char(10) || 'at b'
        AND customDimensions NOT LIKE '%exception.%'"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'Exception' AND outerMessage = 'b' AND $(dimension message) IS NULL"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'Lonely' AND outerMessage = 'Lonely'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'stack alone' AND $(dimension exception.stacktrace) = 's'"
    expect_rows 3 'SELECT 1 FROM exceptions'
    expect_rows 1 'SELECT 1 FROM traces'
    expect_rows 4 "SELECT 1 FROM logs WHERE $(dimension parent_run_id) = 'run-1'"
}

the_other_columns_are_filled() {
    start_receiver
    printf '%s' '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.version","value":{"stringValue":"1.4.2"}},
        {"key":"telemetry.sdk.language","value":{"stringValue":"c"}},{"key":"telemetry.sdk.version","value":{"stringValue":"9.1"}},
        {"key":"device.model.name","value":{"stringValue":"X1"}}]},"scopeLogs":[{"logRecords":[{"attributes":[
        {"key":"enduser.id","value":{"stringValue":"alice"}},{"key":"enduser.pseudo.id","value":{"stringValue":"anon"}},
        {"key":"session.id","value":{"stringValue":"s-1"}},{"key":"client.address","value":{"stringValue":"198.51.100.7"}},
        {"key":"microsoft.client.ip","value":{"stringValue":"203.0.113.7"}},{"key":"ai.operation.name","value":{"stringValue":"second"}},
        {"key":"microsoft.operation_name","value":{"stringValue":"GET /"}},{"key":"microsoft.sample_rate","value":{"doubleValue":25}},
        {"key":"user_agent.synthetic.type","value":{"stringValue":"bot"}}]},{}]}]}]}' >"$work/context.json"
    expect_post 200 "$work/context.json" -H "$json"
    expect_rows 1 "SELECT 1 FROM traces WHERE user_AuthenticatedId = 'alice' AND user_Id = 'anon' AND session_Id = 's-1'
        AND client_IP = '203.0.113.7' AND operation_Name = 'GET /' AND operation_SyntheticSource = 'True' AND itemCount = 4"
    expect_rows 1 "SELECT 1 FROM traces WHERE user_Id IS NULL AND client_IP IS NULL AND itemCount = 1"
    expect_rows 2 "SELECT DISTINCT itemId FROM traces WHERE application_Version = '1.4.2' AND sdkVersion = 'c:otel9.1'
        AND client_Model = 'X1' AND length(itemId) = 36"
}

events_and_results_have_their_tables() {
    local text='"key":"microsoft.availability' event
    event='{"key":"microsoft.custom_event.name","value":{"stringValue":"trained"}},{"key":"k","value":{"intValue":1}}'
    start_receiver
    log_json "\"body\":{\"stringValue\":\"b\"},\"attributes\":[$event]"
    log_json "\"body\":{\"stringValue\":\"b\"},\"attributes\":[$event,{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"E\"}}]"
    log_json "\"body\":{\"stringValue\":\"from the body\"},\"attributes\":[{$text.id\",\"value\":{\"stringValue\":\"i\"}},
        {$text.name\",\"value\":{\"stringValue\":\"ping\"}},{$text.duration\",\"value\":{\"stringValue\":\"1.00:00:00.5\"}},
        {$text.success\",\"value\":{\"stringValue\":\"FALSE\"}},{$text.runLocation\",\"value\":{\"stringValue\":\"West\"}}]"
    log_json "\"body\":{\"stringValue\":\"incomplete\"},\"attributes\":[{$text.name\",\"value\":{\"stringValue\":\"ping\"}}]"
    expect_rows 1 "SELECT 1 FROM customEvents WHERE name = 'trained' AND $(dimension message) = 'b' AND $(dimension k) = '1'
        AND $(dimension microsoft.custom_event.name) IS NULL AND itemType = 'customEvent'"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'E' AND $(dimension microsoft.custom_event.name) = 'trained'"
    expect_rows 1 "SELECT 1 FROM availabilityResults WHERE id = 'i' AND name = 'ping' AND duration = 86400500 AND success = 'False'
        AND location = 'West' AND message = 'from the body' AND customDimensions NOT LIKE '%microsoft.%'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'incomplete' AND $(dimension microsoft.availability.name) = 'ping'"
    expect_rows 2 'SELECT 1 FROM logs'
}

measurements_are_numbers() {
    local name='"key":"microsoft.custom_measurements","value"' number='"value":{"doubleValue":' all
    start_receiver
    all='{"key":"a",'$number'1.5}},{"key":"b","value":{"intValue":"9223372036854775807"}}'
    log_json "\"body\":{\"stringValue\":\"map\"},\"attributes\":[{$name:{\"kvlistValue\":{\"values\":[$all]}}}]"
    log_json "\"body\":{\"stringValue\":\"text\"},\"attributes\":[{$name:{\"stringValue\":\"{\\\"c\\\": 1e3}\"}}]"
    all+=',{"key":"n",'$number'"NaN"}},{"key":"s","value":{"stringValue":"x"}}'
    log_json "\"body\":{\"stringValue\":\"mixed\"},\"attributes\":[{$name:{\"kvlistValue\":{\"values\":[$all]}}}]"
    log_json "\"body\":{\"stringValue\":\"none\"},\"attributes\":[{$name:{\"stringValue\":\"no JSON\"}}]"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'map' AND customMeasurements = '{\"a\":1.5,\"b\":9223372036854775807}'
        AND $(dimension microsoft.custom_measurements) IS NULL"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'text' AND customMeasurements = '{\"c\":1e3}'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'mixed' AND customMeasurements LIKE '{\"a\":1.5,\"b\":%7}'
        AND $(dimension microsoft.custom_measurements) LIKE '%\"s\":\"x\"%'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'none' AND customMeasurements IS NULL
        AND $(dimension microsoft.custom_measurements) = 'no JSON'"
}

# As the desk made it when it knew two tables of few columns.
an_older_database_goes_on() {
    stop_receiver
    rm -f "$db"*
    python3 - "$db" <<'PY'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
common = 'customDimensions TEXT, operation_Id TEXT, operation_ParentId TEXT, cloud_RoleName TEXT, cloud_RoleInstance TEXT'
database.executescript(f"""PRAGMA journal_mode = WAL;
    CREATE TABLE traces(timestamp TEXT NOT NULL, message TEXT, severityLevel INTEGER, {common},
                        itemType TEXT NOT NULL DEFAULT 'trace');
    CREATE TABLE exceptions(timestamp TEXT NOT NULL, problemId TEXT, type TEXT, outerMessage TEXT, details TEXT,
                            severityLevel INTEGER, {common}, itemType TEXT NOT NULL DEFAULT 'exception');
    CREATE VIEW logs AS SELECT timestamp, message FROM traces;
    INSERT INTO traces(timestamp, message) VALUES('2026-01-01T00:00:00.0000000Z', 'old');""")
PY
    serve
    log_json '"body":{"stringValue":"new"},"attributes":[{"key":"session.id","value":{"stringValue":"s"}}]'
    expect_rows 1 "SELECT 1 FROM logs WHERE message = 'old' AND itemId IS NULL AND itemCount = 1 AND session_Id IS NULL"
    expect_rows 1 "SELECT 1 FROM logs WHERE message = 'new' AND session_Id = 's' AND itemType = 'trace'"
    expect_rows 0 'SELECT 1 FROM customEvents, availabilityResults, requests, dependencies, customMetrics, pageViews'
    serve
    expect_rows 2 'SELECT 1 FROM logs'
    stop_receiver
    python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version = 99")' "$db"
    ! "$desk" serve --listen 127.0.0.1:0 --db "$db" >/dev/null 2>"$work/error" || fail 'started on a newer database'
    expect_text "$work/error" 'a newer collector_desk'
}

bad_requests_are_refused() {
    local status
    start_receiver
    unhex "$vector" >"$work/good"
    head -c 60 "$work/good" >"$work/cut"
    { cat "$work/good"; printf '\n\005abc'; } >"$work/half" # a good ResourceLogs, then one that is cut: none is kept
    printf 'not gzip' >"$work/no.gz"
    gzip -c "$work/good" | head -c 50 >"$work/cut.gz"
    printf '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"kept?"}},7]}]}]}' >"$work/half.json"
    printf '{"resourceLogs":[' >"$work/cut.json"
    expect_post 400 "$work/cut" -H "$pb"
    [[ $(head -c 3 "$work/answer" | od -An -tx1) == ' 08 03 12' ]] || fail 'a refusal is no google.rpc.Status'
    expect_post 400 "$work/half" -H "$pb"
    expect_post 400 "$work/no.gz" -H "$pb" -H "$gzip"
    expect_post 400 "$work/cut.gz" -H "$pb" -H "$gzip"
    expect_post 400 "$work/half.json" -H "$json"
    expect_post 400 "$work/cut.json" -H "$json"
    expect_text "$work/answer" '^\{"code":3,"message":".*byte 17.*"\}$'
    head -c 300000 /dev/urandom >"$work/noise"
    expect_post 400 "$work/noise" -H "$pb"
    python3 -c 'print("[" * 100000)' >"$work/deep.json"
    expect_post 400 "$work/deep.json" -H "$json"
    expect_post 415 "$work/good"
    expect_post 415 "$work/good" -H 'Content-Type: application/protobuf'
    expect_post 415 "$work/good" -H "$pb" -H 'Content-Encoding: br'
    expect_post 405 "$work/good" -H "$pb" -X PUT
    expect_text "$work/head" '^Allow: POST'
    status=$(curl -sS -o /dev/null -w '%{http_code}' -d x "$url/v1/traces")
    [[ $status == 404 ]] || fail "$status for another path"
    status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/healthz")
    [[ $status == 200 ]] || fail "$status for /healthz"
    expect_rows 0 'SELECT 1 FROM logs'
}

too_large_is_refused() {
    start_receiver
    truncate -s 67108865 "$work/large"
    expect_post 413 "$work/large" -H "$pb"
    expect_post 413 "$work/large" -H "$pb" -H 'Transfer-Encoding: chunked'
    truncate -s 300M "$work/large"
    expect_post 413 "$work/large" -H "$pb"
    head -c 67108865 /dev/zero | gzip -1 >"$work/bomb.gz"
    expect_post 413 "$work/bomb.gz" -H "$pb" -H "$gzip"
    unhex "$vector" >"$work/good"
    expect_post 200 "$work/good" -H "$pb"
    expect_rows 1 'SELECT 1 FROM traces'
    rm "$work/large" "$work/bomb.gz"
}

a_hostile_terminal_text_is_shown_escaped() {
    local code=0
    start_receiver
    log_json '"body":{"stringValue":"\u001b[31mred\u0007 a\nb \u202e\u0085 é"}'
    "$desk" query --db "$db" 'SELECT message, severityLevel AS s, NULL AS n FROM traces' >"$work/table"
    printf '%s\n' 'message                              s  n' '\x1B[31mred\x07 a\nb \u202E\u0085 é  1' '(1 rows)' >"$work/expected"
    sed -i 's/ *$//' "$work/table"
    diff "$work/expected" "$work/table" >&2 || fail 'the table does not look as it should'
    "$desk" query --db "$db" 'SELECT nonsense FROM traces' >"$work/table" 2>"$work/error" || code=$?
    [[ $code == 1 ]] || fail "$code for bad SQL"
    expect_empty "$work/table"
    expect_text "$work/error" 'no such column'
    for sql in 'DELETE FROM traces' 'SELECT 1; DELETE FROM traces' "VACUUM INTO '$work/copy'" '' ; do
        ! "$desk" query --db "$db" "$sql" >/dev/null 2>&1 || fail "query took: $sql"
    done
    expect_rows 1 'SELECT 1 FROM traces'
    ! "$desk" query --db "$work/nothing" 'SELECT 1' >/dev/null 2>&1 || fail 'a database that is not there was read'
}

# The nth of the README's queries.
readme_query() {
    awk -v nth="$1" '/^```sql/ { inside = ++count == nth; next } /^```/ { inside = 0 } inside' \
        "$(dirname "${BASH_SOURCE[0]}")/../../examples/collector_desk/README.md"
}

the_queries_of_the_readme_work() {
    local now old i attributes expected=(0 3 2 1 1)
    now=$(date +%s%N)
    old=$((now - 8 * 86400 * 1000000000))
    attributes='"attributes":[{"key":"run_type","value":{"stringValue":"training"}}'
    attributes+=',{"key":"parent_run_id","value":{"stringValue":"931024c2-3720-11ea-b247-c49deda841c1"}}'
    start_receiver
    log_json "\"timeUnixNano\":$now,\"severityNumber\":9,$attributes]"
    log_json "\"timeUnixNano\":$old,\"severityNumber\":17,$attributes]"
    log_json "\"timeUnixNano\":$now,\"severityNumber\":17,$attributes,{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"E\"}}]"
    for i in 1 2 3 4; do expect_rows "${expected[i]}" "$(readme_query $i)"; done
    "$desk" query --db "$db" "$(readme_query 4)" | sed -n 2p | grep -qx ' *1' || fail 'the errors are not counted'
}

clients_at_a_time_lose_nothing() {
    start_receiver
    python3 - "$url" <<'PY' || fail 'concurrent clients'
import http.client, json, sys, threading
host = sys.argv[1][len('http://'):]
bad = []
def client(number):
    connection = http.client.HTTPConnection(host, timeout=60)
    for request in range(25):
        records = [{'body': {'stringValue': f'{number}-{request}-{i}'}} for i in range(20)]
        body = json.dumps({'resourceLogs': [{'scopeLogs': [{'logRecords': records}]}]})
        connection.request('POST', '/v1/logs', body, {'Content-Type': 'application/json'})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            bad.append(answer.status)
threads = [threading.Thread(target=client, args=(i,)) for i in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
sys.exit(bool(bad))
PY
    expect_rows 8000 'SELECT DISTINCT message FROM traces'
}

what_was_answered_survives_a_kill() {
    start_receiver
    log_json '"body":{"stringValue":"before"}'
    kill -9 "$desk_pid"
    wait "$desk_pid" 2>/dev/null || true
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'before'"
    serve
    log_json '"body":{"stringValue":"after"}'
    expect_rows 2 'SELECT 1 FROM traces'
}

failures_can_be_ordered() {
    rm -f "$db"*
    unhex "$vector" >"$work/good"
    serve --fail '503,7'
    expect_post 503 "$work/good" -H "$pb"
    expect_text "$work/head" '^Retry-After: 7'
    serve --fail 400
    expect_post 400 "$work/good" -H "$json"
    expect_no_text "$work/head" '^Retry-After'
    expect_rows 0 'SELECT 1 FROM traces'
    for wrong in '--fail 200' '--fail x' '--fail 503,' '--delay -1' '--delay' '--listen nowhere' '--nonsense 1'; do
        ! "$desk" serve --db "$work/other.db" $wrong >/dev/null 2>&1 || fail "taken: $wrong"
    done
}

# Three at a time, not one after the other. Too late is what is too late three times in a row.
answers_can_be_late() {
    local begun finished try
    rm -f "$db"*
    unhex "$vector" >"$work/good"
    serve --delay 700
    for try in 1 2 3; do
        begun=$(date +%s%3N)
        for i in 1 2 3; do curl -sS -o /dev/null --data-binary "@$work/good" -H "$pb" "$url/v1/logs" & clients[i]=$!; done
        wait "${clients[@]}"
        finished=$(($(date +%s%3N) - begun))
        ((finished >= 2000)) || break
    done
    ((finished >= 700 && finished < 2000)) || fail "three answers at 700 ms took $finished ms"
    expect_rows $((3 * try)) 'SELECT 1 FROM traces'
}

answers_can_fail_to_come() {
    rm -f "$db"*
    serve --hang
    python3 - "$url" "$vector" <<'PY' || fail 'an answer under --hang'
import http.client, socket, sys
host, port = sys.argv[1][len('http://'):].split(':')
body = bytes.fromhex(sys.argv[2])
head = f'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {len(body)}\r\n\r\n'
for i in range(400): # more than there are connections at a time: those that hang up must be let go
    client = socket.create_connection((host, int(port)), timeout=20)
    client.sendall(head.encode() + body)
    client.settimeout(0.5 if i % 100 == 0 else 0.001)
    try: sys.exit(f'answered: {client.recv(100)}')
    except socket.timeout: client.close()
PY
    curl -sS -m 10 -o /dev/null "$url/healthz" || fail 'no /healthz under --hang'
    expect_rows 0 'SELECT 1 FROM traces'
}

it_stops_when_told() {
    local signal code
    for signal in TERM INT; do
        serve
        log_json '"body":{"stringValue":"last"}'
        kill -"$signal" "$desk_pid"
        code=0
        wait "$desk_pid" || code=$?
        desk_pid=
        [[ $code == 0 ]] || fail "$code after SIG$signal"
        [[ ! -e $db-wal ]] || fail 'the log of the database was left behind'
    done
}

# Python holds the lock while the request waits.
a_locked_database_is_said_to_be_busy() {
    start_receiver
    one_record '"body":{"stringValue":"locked"}' >"$work/one.json"
    python3 - "$db" "$work/locked" <<'PY' &
import os, sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute('BEGIN IMMEDIATE')
open(sys.argv[2], 'w').close()
while os.path.exists(sys.argv[2]): time.sleep(0.02)
PY
    local locker=$!
    until [[ -e $work/locked ]]; do sleep 0.02; done
    expect_post 503 "$work/one.json" -H "$json"
    expect_text "$work/head" '^Retry-After: 1'
    expect_text "$work/answer" '"code":14'
    rm "$work/locked"
    wait "$locker"
    expect_post 200 "$work/one.json" -H "$json"
    expect_rows 1 'SELECT 1 FROM traces'
}

a_full_disk_loses_nothing() {
    local status taken=0
    python3 -c 'import json; print(json.dumps({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"*30000}}]*20}]}]}))' >"$work/big.json"
    blocks=4096 start_receiver
    for i in {1..30}; do
        status=$(post "$work/big.json" -H "$json")
        [[ $status == 200 ]] && taken=$((taken + 20))
        [[ $status == 200 || $status == 503 ]] || fail "$status when the disk is full"
    done
    [[ $status == 503 ]] || fail 'the disk was never full'
    ((taken > 0)) || fail 'nothing was taken'
    expect_text "$work/desk.err" 'cannot store'
    stop_receiver
    expect_rows "$taken" 'SELECT 1 FROM traces'
}

a_database_that_is_gone_is_made_anew() {
    start_receiver
    log_json '"body":{"stringValue":"first"}'
    rm -f "$db"*
    log_json '"body":{"stringValue":"second"}'
    expect_rows 1 'SELECT 1 FROM traces'
    rm -f "$db-wal" # the log alone: what it held is written back
    one_record '"body":{"stringValue":"third"}' >"$work/one.json"
    expect_post 503 "$work/one.json" -H "$json"
    expect_post 200 "$work/one.json" -H "$json"
    expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('second', 'third')"
}

a_damaged_database_takes_nothing() {
    start_receiver
    python3 -c 'import json; print(json.dumps({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"*900}}]*4000}]}]}))' >"$work/many.json"
    one_record '"body":{"stringValue":"damaged"}' >"$work/one.json"
    expect_post 200 "$work/many.json" -H "$json"
    serve
    expect_post 200 "$work/one.json" -H "$json"
    head -c "$(stat -c %s "$db")" /dev/urandom | dd of="$db" conv=notrunc status=none
    for i in 1 2 3; do expect_post 503 "$work/one.json" -H "$json"; done
    expect_text "$work/desk.err" 'was damaged'
    rm -f "$db"*
    expect_post 200 "$work/one.json" -H "$json"
    : >"$db"
    expect_post 503 "$work/one.json" -H "$json"
    stop_receiver
    printf 'this is no database, and long enough to be told from one\n%.0s' {1..99} >"$work/text.db"
    ! "$desk" serve --listen 127.0.0.1:0 --db "$work/text.db" >/dev/null 2>"$work/error" || fail 'started on a text file'
    expect_text "$work/error" 'not a database'
}

# How fast it is, is printed and never judged: the machine may be busy.
its_rate_is_shown() {
    start_receiver
    python3 - <<'PY' >"$work/rate"
import sys, time
def varint(n):
    out = b''
    while n > 127: out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])
def field(number, content): return varint(number << 3 | 2) + varint(len(content)) + content
def text(key, value): return field(1, key) + field(2, field(1, value))
now = time.time_ns().to_bytes(8, 'little')
record = (b'\x09' + now + b'\x10\x09' + field(5, field(1, b'order placed')) +
          b''.join(field(6, text(b'key.%d' % i, b'value %d' % i)) for i in range(4)) + b'\x59' + now)
resource = field(1, field(1, text(b'service.name', b'shop')))
sys.stdout.buffer.write(field(1, resource + field(2, field(1, field(1, b'rate')) + field(2, record) * 512)))
PY
    python3 "$support/rate.py" "$url/v1/logs" 512 2 Content-Type:application/x-protobuf <"$work/rate"
}

both_encodings_give_the_same_row
severities_are_the_portals
values_become_texts
exceptions_have_their_table
the_other_columns_are_filled
events_and_results_have_their_tables
measurements_are_numbers
an_older_database_goes_on
bad_requests_are_refused
too_large_is_refused
a_hostile_terminal_text_is_shown_escaped
the_queries_of_the_readme_work
clients_at_a_time_lose_nothing
what_was_answered_survives_a_kill
failures_can_be_ordered
answers_can_be_late
answers_can_fail_to_come
it_stops_when_told
a_locked_database_is_said_to_be_busy
a_full_disk_loses_nothing
a_database_that_is_gone_is_made_anew
a_damaged_database_takes_nothing
its_rate_is_shown
finish
