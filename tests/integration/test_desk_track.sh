#!/usr/bin/env bash
# The receiver of the examples as the Application Insights service: items become rows of the table that their kind names,
# a bad item costs one item, and the answer says which and why.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"

time_at() { date -u -d "$1" +%Y-%m-%dT%H:%M:%S.%6NZ; } # for example "-2 hours"
now=$(time_at now)

# item <baseType> <members of baseData> [<members of the envelope>]
item() {
    printf '{"ver":1,"name":"Microsoft.ApplicationInsights.Any","time":"%s","iKey":"k-1"%s,"data":{"baseType":"%s","baseData":{"ver":2%s}}}\n' \
        "$now" "${3:+,$3}" "$1" "${2:+,$2}"
}

message() { item MessageData "\"message\":\"$1\"${2:+,$2}" "${3:-}"; } # text, more of baseData, more of the envelope

# post <path> <curl argument>...: standard input; prints the status; the answer is in $work/answer, its head in $work/head.
post() {
    local path=$1
    shift
    curl -sS -m 60 -o "$work/answer" -D "$work/head" -w '%{http_code}' --data-binary @- "$@" "$url$path" || true
}

# expect_answer <status> <received> <accepted> <curl argument>...: of standard input
expect_answer() {
    local status=$1 counts="\"itemsReceived\":$2,\"itemsAccepted\":$3,\"appId\":null" got
    shift 3
    got=$(post /v2.1/track "$@")
    [[ $got == "$status" ]] || fail "$got instead of $status: $(head -c 300 "$work/answer")"
    grep -qF "$counts" "$work/answer" || fail "no $counts in: $(head -c 300 "$work/answer")"
}

# expect_refusal <index> <status> <text>: in the last answer
expect_refusal() {
    python3 - "$work/answer" "$@" <<'PY' || fail "item $1 is not refused with $2 and '$3': $(head -c 600 "$work/answer")"
import json, sys
answer = json.load(open(sys.argv[1]))
sys.exit(not any(e['index'] == int(sys.argv[2]) and e['statusCode'] == int(sys.argv[3]) and sys.argv[4] in e['message']
                 for e in answer['errors']))
PY
}

dimension() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

every_form_of_a_body_is_taken() {
    start_receiver
    message one | expect_answer 200 1 1
    [[ $(cat "$work/answer") == '{"itemsReceived":1,"itemsAccepted":1,"appId":null,"errors":[]}' ]] || fail 'the answer differs'
    expect_text "$work/head" 'application/json'
    { message two; echo; message three; } | expect_answer 200 2 2 -H 'Content-Type: application/x-json-stream'
    { message four; message five; } | paste -sd, | sed 's/.*/ [ & ] /' | expect_answer 200 2 2 -H 'Content-Type: text/plain'
    message six | python3 -m json.tool | expect_answer 200 1 1
    { message seven; message eight; } | gzip -c | expect_answer 200 2 2 -H 'Content-Encoding: gzip'
    { printf '\xef\xbb\xbf'; message nine; } | expect_answer 200 1 1
    [[ $(message ten | post /v2/track) == 200 ]] || fail 'no /v2/track'
    [[ $(message eleven | post //v2.1/track) == 200 ]] || fail 'no //v2.1/track'
    expect_rows 11 'SELECT DISTINCT message FROM traces'
    expect_rows 11 'SELECT DISTINCT itemId FROM traces'
    echo '[]' | expect_answer 200 0 0
    : | expect_answer 400 0 0
    printf '[%s' "$(message cut)" | post /v2.1/track >"$work/status"
    [[ $(cat "$work/status") == 400 ]] || fail 'an array without an end was taken'
    [[ $(echo x | post /v2.1/track -H 'Content-Encoding: gzip') == 400 ]] || fail 'what is no gzip was taken'
    [[ $(echo x | post /v2.1/track -H 'Content-Encoding: br') == 415 ]] || fail 'brotli was taken'
    [[ $(echo x | post /v2.1/track -X PUT) == 405 ]] || fail 'PUT was taken'
    [[ $(echo x | post /v3/track) == 404 ]] || fail '/v3/track was found'
    expect_rows 11 'SELECT 1 FROM traces'
}

every_kind_has_its_table() {
    local both='"properties":{"k":"v"},"measurements":{"m":1.5}' kept="customDimensions = '{\"k\":\"v\"}' AND customMeasurements = '{\"m\":1.5}'"
    start_receiver
    {
        message hello "\"severityLevel\":2,$both"
        item EventData "\"name\":\"checkout\",$both"
        item AvailabilityData "\"id\":\"run\",\"name\":\"ping\",\"duration\":\"1.00:00:01.500\",\"success\":true,\"runLocation\":\"West\",\"message\":\"ok\",$both"
        item RequestData "\"id\":\"r\",\"name\":\"GET /\",\"duration\":\"00:00:00.25\",\"success\":false,\"responseCode\":\"500\",\"url\":\"http://h/\",\"source\":\"s\",$both"
        item RemoteDependencyData "\"id\":\"d\",\"name\":\"SELECT\",\"duration\":\"00:00:00.004\",\"resultCode\":\"0\",\"data\":\"SELECT 1\",\"type\":\"SQL\",\"target\":\"db\",$both"
        item MetricData "\"metrics\":[{\"name\":\"depth\",\"value\":42,\"count\":7,\"min\":1,\"max\":12}],$both"
        item PageViewData "\"id\":\"p\",\"name\":\"Home\",\"url\":\"http://h/\",\"duration\":\"00:00:00.25\",$both"
        item ExceptionData "\"exceptions\":[{\"typeName\":\"E\",\"message\":\"m\"}],$both"
    } | expect_answer 200 8 8
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'hello' AND severityLevel = 2 AND itemType = 'trace' AND $kept"
    expect_rows 1 "SELECT 1 FROM customEvents WHERE name = 'checkout' AND itemType = 'customEvent' AND $kept"
    expect_rows 1 "SELECT 1 FROM availabilityResults WHERE id = 'run' AND name = 'ping' AND duration = 86401500 AND success = 'True'
        AND location = 'West' AND message = 'ok' AND itemType = 'availabilityResult' AND $kept"
    expect_rows 1 "SELECT 1 FROM requests WHERE id = 'r' AND name = 'GET /' AND duration = 250 AND success = 'False'
        AND resultCode = '500' AND url = 'http://h/' AND source = 's' AND itemType = 'request' AND $kept"
    expect_rows 1 "SELECT 1 FROM dependencies WHERE id = 'd' AND target = 'db' AND type = 'SQL' AND name = 'SELECT' AND duration = 4
        AND data = 'SELECT 1' AND success = 'True' AND resultCode = '0' AND itemType = 'dependency' AND $kept"
    expect_rows 1 "SELECT 1 FROM customMetrics WHERE name = 'depth' AND value = 42 AND valueSum = 42 AND valueCount = 7
        AND valueMin = 1 AND valueMax = 12 AND itemType = 'customMetric' AND $kept"
    expect_rows 1 "SELECT 1 FROM pageViews WHERE id = 'p' AND name = 'Home' AND url = 'http://h/' AND duration = 250 AND $kept"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'E' AND itemType = 'exception' AND $kept"
}

the_envelope_fills_the_common_columns() {
    local tags='"ai.cloud.role":"shop.cart","ai.cloud.roleInstance":"host-1","ai.application.ver":"1.4","ai.internal.sdkVersion":"c"'
    tags+=',"ai.operation.id":"0af7","ai.operation.parentId":"b7ad","ai.operation.name":"GET /","ai.operation.syntheticSource":"True"'
    tags+=',"ai.session.id":"s","ai.user.id":"u","ai.user.authUserId":"alice","ai.user.accountId":"a","ai.location.ip":"203.0.113.7"'
    tags+=',"ai.location.city":"Graz","ai.location.province":"Styria","ai.location.country":"Austria","ai.device.model":"X1"'
    tags+=',"ai.device.osVersion":"6.1","ai.device.type":"Other","ai.user.userAgent":"curl"'
    start_receiver
    { message all '' "\"sampleRate\":25,\"tags\":{$tags}"; message none; } | expect_answer 200 2 2
    expect_rows 1 "SELECT 1 FROM traces WHERE cloud_RoleName = 'shop.cart' AND cloud_RoleInstance = 'host-1' AND itemCount = 4
        AND application_Version = '1.4' AND sdkVersion = 'c' AND operation_Id = '0af7' AND operation_ParentId = 'b7ad'
        AND operation_Name = 'GET /' AND operation_SyntheticSource = 'True' AND session_Id = 's' AND user_Id = 'u'
        AND user_AuthenticatedId = 'alice' AND user_AccountId = 'a' AND client_IP = '203.0.113.7' AND client_City = 'Graz'
        AND client_StateOrProvince = 'Styria' AND client_CountryOrRegion = 'Austria' AND client_Model = 'X1'
        AND client_OS = '6.1' AND client_Type = 'Other' AND client_Browser = 'curl' AND iKey = 'k-1'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'none' AND operation_Id IS NULL AND client_Type = 'PC' AND itemCount = 1
        AND severityLevel = 0 AND customDimensions = '{}' AND customMeasurements IS NULL"
}

values_are_shown_as_texts() {
    start_receiver
    message v '"severityLevel":"error","properties":{"int":9223372036854775807,"double":-1.0,"bool":true,"none":null,"list":[1,"a"],
        "map":{"b": 1e5},"twice":"1","twice":"2","text":"\u00e9 \ud83d\ude00"}' | tr -d '\n' | expect_answer 200 1 1
    expect_rows 1 "SELECT 1 FROM traces WHERE severityLevel = 3 AND $(dimension int) = '9223372036854775807' AND $(dimension double) = '-1.0'
        AND $(dimension bool) = 'true' AND $(dimension none) = '' AND $(dimension list) = '[1,\"a\"]'
        AND $(dimension map) = '{\"b\":1e5}' AND $(dimension twice) = '2' AND $(dimension text) = 'é 😀'"
    expect_rows 0 "SELECT 1 FROM traces, json_each(customDimensions) AS d WHERE d.type <> 'text'"
    printf '%s' "$(message 'half \ud83d and')" | expect_answer 200 1 1
    message "$(printf 'not \xff utf-8')" | expect_answer 200 1 1
    expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('half � and', 'not � utf-8')"
}

exceptions_keep_their_chain() {
    local frames='"parsedStack":[{"level":1,"method":"main"},{"level":0,"method":"read","assembly":"libstore","fileName":"/io.c","line":88}]'
    start_receiver
    {
        item ExceptionData "\"severityLevel\":3,\"exceptions\":[{\"id\":1,\"outerId\":0,\"typeName\":\"Outer\",\"message\":\"o\",$frames},
            {\"id\":2,\"outerId\":1,\"typeName\":\"Inner\",\"message\":\"i\",\"stack\":\"at a\"}]" | tr -d '\n'
        echo
        item ExceptionData '"problemId":"mine","exceptions":[{"typeName":"E","message":"m","hasFullStack":true,"stack":"s"}]'
    } | expect_answer 200 2 2
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'Outer' AND outerType = 'Outer' AND outerMessage = 'o' AND method = 'read'
        AND assembly = 'libstore' AND innermostType = 'Inner' AND innermostMessage = 'i' AND problemId = 'Outer at read'
        AND severityLevel = 3 AND json_extract(details, '\$[0].parsedStack[1].line') = 88
        AND json_extract(details, '\$[1].stack') = 'at a' AND json_extract(details, '\$[1].outerId') = 1"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE problemId = 'mine' AND severityLevel IS NULL AND innermostMessage = outerMessage
        AND json_extract(details, '\$[0].type') = 'E' AND json_extract(details, '\$[0].message') = 'm'
        AND json_extract(details, '\$[0].stack') = 's'"
}

a_bad_item_costs_one_item() {
    start_receiver
    {
        message good
        item MessageData '"message":""'
        item ExceptionData '"exceptions":[{"typeName":"","message":"m"}]'
        item ExceptionData '"exceptions":[{"typeName":"E","message":""}]'
        item EventData ''
        echo '{"time":'
        echo 7
        item RocketData '"message":"m"'
        message late '' | sed "s/$now/$(time_at '-48 hours -1 minute')/"
        message early '' | sed "s/$now/$(time_at '+2 hours +1 minute')/"
        message timeless '' | sed "s/$now/yesterday/"
        message odd '"measurements":{"m":"x"}'
        item AvailabilityData '"id":"i","name":"n","success":true,"duration":"long"'
        message deaf '"severityLevel":"Loud"'
        message nan '"properties":{"k":NaN}'
        message last
    } | expect_answer 206 16 2
    expect_refusal 1 400 "109: Field 'message' on type 'MessageData' is required but missing or empty"
    expect_refusal 2 400 "109: Field 'typeName' on type 'ExceptionDetails'"
    expect_refusal 3 400 "109: Field 'message' on type 'ExceptionDetails' is required but missing or empty. Expected: string, Actual: undefined"
    expect_refusal 4 400 "109: Field 'name' on type 'EventData'"
    expect_refusal 5 400 'no JSON'
    expect_refusal 6 400 'must be an object'
    expect_refusal 7 400 'no table for items of baseType RocketData'
    expect_refusal 8 400 "103: Field 'time' on type 'Envelope' is older than the allowed min date"
    expect_refusal 9 400 "103: Field 'time' on type 'Envelope' is newer than the allowed max date"
    expect_refusal 10 400 '103: '
    expect_refusal 11 400 'must be numbers'
    expect_refusal 12 400 'duration'
    expect_refusal 13 400 'severityLevel'
    expect_refusal 14 400 'no JSON'
    expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('good', 'last')"
    expect_rows 2 'SELECT 1 FROM traces'
    {
        message young '' | sed "s/$now/$(time_at '-47 hours')/"
        message ahead '' | sed "s/$now/$(time_at '+119 minutes')/"
    } | expect_answer 200 2 2
    start_receiver --any-age
    message ancient '' | sed "s/$now/2026-01-02T03:04:05.678901299+01:00/" | expect_answer 200 1 1
    expect_rows 1 "SELECT 1 FROM traces WHERE timestamp = '2026-01-02T02:04:05.6789012Z'"
}

# Of exactly so many bytes.
item_of() { message "$(head -c $(($1 - $(message '' | tr -d '\n' | wc -c))) /dev/zero | tr '\0' x)"; }

an_item_has_a_size() {
    start_receiver
    [[ $(item_of 65536 | tr -d '\n' | wc -c) == 65536 ]] || fail 'the item has another size'
    { item_of 65536; item_of 65537; message small; } | expect_answer 206 3 2
    expect_refusal 1 400 'Telemetry item length must not exceed 65536'
    { item_of 65537; message other; } | paste -sd, | sed 's/.*/[&]/' | expect_answer 206 2 1
    python3 -c 'print("{}\n" * 64001)' | expect_answer 413 64001 0
    expect_rows 3 'SELECT 1 FROM traces'
}

a_known_key_can_be_asked_for() {
    start_receiver --ikey K-1
    message known | expect_answer 200 1 1
    { message other | sed 's/k-1/k-2/'; message known; } | expect_answer 206 2 1
    expect_refusal 0 400 'Invalid instrumentation key'
    message other | sed 's/k-1/k-2/' | expect_answer 400 1 0
    expect_rows 2 "SELECT 1 FROM traces WHERE iKey = 'k-1'"
}

a_strict_desk_says_what_is_careless() {
    local zeros=00000000000000000000000000000000 long
    long=$(head -c 257 /dev/zero | tr '\0' r)
    start_receiver --strict
    {
        message good '"properties":{"k":""}' '"tags":{"ai.cloud.role":"r","ai.operation.id":"0af7"}'
        message null '' '"seq":null'
        message tag '' '"tags":{"ai.cloud.role":""}'
        message zero '' "\"tags\":{\"ai.operation.id\":\"$zeros\"}"
        message zero '' '"tags":{"ai.operation.parentId":"|000.000."}'
        message long '' "\"tags\":{\"ai.cloud.role\":\"$long\"}"
        message number '"properties":{"n":1}'
        message twice '"properties":{"k":"1","k":"2"}'
        message nan '"measurements":{"m":NaN}'
        message 'half \ud83d'
        message deep '"properties":{"k":null}'
        message level '"severityLevel":5'
        item MetricData '"metrics":[{"name":"a","value":1},{"name":"b","value":2}]'
        item EventData '"name":""'
    } | expect_answer 206 14 1
    expect_refusal 1 400 'strict: a null value: seq'
    expect_refusal 2 400 'strict: an empty tag: ai.cloud.role'
    expect_refusal 3 400 'strict: an id of zeros: ai.operation.id'
    expect_refusal 4 400 'strict: an id of zeros: ai.operation.parentId'
    expect_refusal 5 400 'strict: a tag over its limit: ai.cloud.role'
    expect_refusal 6 400 'strict: a property that is no string: n'
    expect_refusal 7 400 'strict: a key that is there twice: k'
    expect_refusal 8 400 'no JSON'
    expect_refusal 9 400 'half of a surrogate pair'
    expect_refusal 10 400 'strict: a null value: k'
    expect_refusal 11 400 'severityLevel'
    expect_refusal 12 400 'first data point'
    expect_refusal 13 400 "109: Field 'name'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'good'"
    expect_rows 1 'SELECT 1 FROM logs'
}

failures_can_be_ordered() {
    local wrong
    start_receiver --fail 503,7 --fail-first 2
    message a | expect_answer 503 0 0
    expect_text "$work/head" '^Retry-After: 7'
    message a | expect_answer 503 0 0
    message a | expect_answer 200 1 1
    start_receiver --fail '429,Sun, 29 Nov 2026 10:00:00 GMT'
    message b | expect_answer 429 0 0
    expect_text "$work/head" '^Retry-After: Sun, 29 Nov 2026 10:00:00 GMT'
    start_receiver --fail 307 --fail-location http://127.0.0.1:9/v2.1/track
    message c | expect_answer 307 0 0
    expect_text "$work/head" '^Location: http://127.0.0.1:9/v2.1/track'
    expect_rows 0 'SELECT 1 FROM traces'
    start_receiver --fail-items -,429,sampled,402 --fail-first 1
    for text in one two three four five; do message $text; done | expect_answer 206 5 2
    expect_refusal 1 429 ''
    expect_refusal 2 206 'Telemetry sampled out.'
    expect_refusal 3 402 'quota'
    expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('one', 'five')"
    message six | expect_answer 200 1 1
    start_receiver --fail 206,3 --fail-items 503
    { message d; message e; } | expect_answer 206 2 0
    expect_text "$work/head" '^Retry-After: 3'
    start_receiver --fail 202
    message kept | expect_answer 202 1 1
    expect_rows 1 'SELECT 1 FROM traces'
    start_receiver --fail 204
    [[ $(message kept | post /v2.1/track) == 204 && ! -s $work/answer ]] || fail 'no 204, or one with a body'
    start_receiver --fail 439
    message f | expect_answer 439 0 0
    for wrong in '--fail-first 0' '--fail-first 1' '--fail 503 --fail-items 400' '--fail-items 1x' '--fail-items ,' \
        '--fail-items 200' '--fail-location x' '--fail 600' '--fail 200'; do
        ! timeout 10 "$desk" serve --listen 127.0.0.1:0 --db "$work/other.db" $wrong >/dev/null 2>&1 || fail "taken: $wrong"
    done
}

# Python holds the lock while the request waits.
a_busy_or_damaged_database_refuses_all() {
    start_receiver
    message first | expect_answer 200 1 1
    python3 - "$db" "$work/locked" <<'PY' &
import os, sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute('BEGIN IMMEDIATE')
open(sys.argv[2], 'w').close()
while os.path.exists(sys.argv[2]): time.sleep(0.02)
PY
    local locker=$!
    until [[ -e $work/locked ]]; do sleep 0.02; done
    { message locked; message too; } | expect_answer 503 0 0
    expect_text "$work/head" '^Retry-After: 1'
    expect_refusal 0 503 'locked'
    rm "$work/locked"
    wait "$locker"
    message second | expect_answer 200 1 1
    expect_rows 2 'SELECT 1 FROM traces'
    head -c "$(stat -c %s "$db")" /dev/urandom | dd of="$db" conv=notrunc status=none
    message third | expect_answer 503 0 0
    expect_text "$work/head" '^Retry-After: 1'
}

a_full_disk_loses_nothing() {
    local status taken=0
    for _ in {1..20}; do message "$(head -c 30000 /dev/zero | tr '\0' x)"; done >"$work/big"
    blocks=4096 start_receiver
    for _ in {1..30}; do
        status=$(post /v2.1/track <"$work/big")
        [[ $status == 200 ]] && taken=$((taken + 20))
        [[ $status == 200 || $status == 503 ]] || fail "$status when the disk is full"
    done
    [[ $status == 503 && $taken -gt 0 ]] || fail "$status at last, $taken taken"
    expect_text "$work/head" '^Retry-After: 1'
    stop_receiver
    expect_rows "$taken" 'SELECT 1 FROM traces'
}

# How fast it is, is printed and never judged: the machine may be busy.
its_rate_is_shown() {
    local item
    start_receiver
    item=$(message 'order placed' '"severityLevel":1,"properties":{"a":"value 1","b":"value 2","c":"value 3","d":"value 4"}' \
        '"tags":{"ai.cloud.role":"shop","ai.cloud.roleInstance":"host-1","ai.internal.sdkVersion":"ulm_c11:otel1:ext1"}')
    for _ in {1..512}; do printf '%s\n' "$item"; done >"$work/rate"
    python3 "$support/rate.py" "$url/v2.1/track" 512 1 <"$work/rate"
}

every_form_of_a_body_is_taken
every_kind_has_its_table
the_envelope_fills_the_common_columns
values_are_shown_as_texts
exceptions_keep_their_chain
a_bad_item_costs_one_item
an_item_has_a_size
a_known_key_can_be_asked_for
a_strict_desk_says_what_is_careless
failures_can_be_ordered
a_busy_or_damaged_database_refuses_all
a_full_disk_loses_nothing
its_rate_is_shown
finish
