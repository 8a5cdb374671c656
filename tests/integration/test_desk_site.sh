#!/usr/bin/env bash
# What the desk answers to browsers, asked with curl: headers, queries and their bounds, who is let in, the live tail.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
plain='Content-Type: text/plain'
json='Content-Type: application/json'
unset DESK_TOKEN

# request <status> <curl argument>... <path>: the body of the answer is in $work/answer, its head in $work/head.
request() {
    local expected=$1 got path=${!#}
    shift
    got=$(curl -sS --noproxy '*' -m 60 -o "$work/answer" -D "$work/head" -w '%{http_code}' "${@:1:$#-1}" "$url$path" || true)
    [[ $got == "$expected" ]] || { fail "$got instead of $expected to: $*"; cat "$work/answer" >&2; }
}

# query <status> <text> <curl argument>...
query() {
    local expected=$1 text=$2
    shift 2
    request "$expected" -H "$plain" --data-binary "$text" "$@" /query
}

# member <python expression about answer>: of the last answer.
member() { python3 -c 'import json, sys; answer = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$work/answer" "$1"; }

expect_member() { # expected, expression
    local found
    found=$(member "$2") || found="no JSON"
    [[ $found == "$1" ]] || fail "$2 is $found instead of $1"
}

log() { # message, severity number
    printf '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"%s","severityNumber":%s,"body":{"stringValue":"%s"}}]}]}]}' \
        "$(date +%s%N)" "${2:-9}" "$1" >"$work/one.json"
    request 200 -H "$json" --data-binary "@$work/one.json" "${@:3}" /v1/logs
}

the_page_has_strict_headers() {
    local path
    for path in / /page/main.js /page/page.css /page/icon.svg /page/none.js; do
        request "$([[ $path == *none* ]] && echo 404 || echo 200)" "$path"
        expect_text "$work/head" "^Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';"
        expect_text "$work/head" "frame-ancestors 'none'"
        expect_no_text "$work/head" 'unsafe-'
        expect_text "$work/head" '^X-Content-Type-Options: nosniff'
        expect_text "$work/head" '^Referrer-Policy: no-referrer'
        expect_text "$work/head" '^Cache-Control: no-'
    done
    request 200 /
    expect_text "$work/head" '^Content-Type: text/html; charset=utf-8'
    expect_no_text "$work/answer" '(https?:)?//[a-z]|style=| on[a-z]+='
    request 200 /page/main.js
    expect_text "$work/head" '^Content-Type: text/javascript; charset=utf-8'
    request 304 -H "If-None-Match: $(sed -nE 's/^ETag: ([^\r]*)\r?$/\1/p' "$work/head")" /page/main.js
    request 404 /page/../main.c
    request 405 -X POST -d x /
    expect_text "$work/head" '^Allow: GET, HEAD'
    request 405 /query
    expect_text "$work/head" '^Allow: POST'
}

# A file that no page names, or a name without a file, is a mistake.
all_files_are_served_as_they_are() {
    local file
    for file in "$SOURCE_DIR"/examples/collector_desk/page/*.{css,js,svg}; do
        request 200 "/page/${file##*/}"
        cmp -s "$file" "$work/answer" || fail "${file##*/} is served as something else"
        grep -qr "${file##*/}" "$SOURCE_DIR"/examples/collector_desk/page/*.{html,js} || fail "nobody asks for ${file##*/}"
    done
}

queries_have_rows() {
    log 'hello <b>' 9
    log 'an error' 17
    query 200 "traces | where message startswith 'hello' | project message, severityLevel"
    expect_member "[['hello <b>', 1]]" 'answer["rows"]'
    expect_member "[{'name': 'message', 'type': 'string'}, {'name': 'severityLevel', 'type': 'long'}]" 'answer["columns"]'
    expect_member False 'answer["truncated"]'
    expect_member True 'answer["elapsed_ms"] >= 0'
    expect_text "$work/head" '^Content-Type: application/json'
    expect_text "$work/head" '^Cache-Control: no-store'
    query 200 'SELECT timestamp, customDimensions, 1.5, NULL, x'"'00ff'"', 9007199254740993 FROM traces LIMIT 1'
    expect_member "['datetime', 'dynamic', 'real', 'string', 'string', 'long']" '[c["type"] for c in answer["columns"]]'
    expect_member "[1.5, None, '0x00ff', '9007199254740993']" 'answer["rows"][0][2:]'
    request 200 -H "$json" --data-binary '{"query": "traces | summarize count()"}' /query
    expect_member '[[2]]' 'answer["rows"]'
    query 200 'traces | take 1 | project a = 1 < 2, b = bool(null), c = "true"'
    expect_member "[[True, None, 'true']]" 'answer["rows"]'
    query 200 'traces | where message == "none of them"'
    expect_member '[]' 'answer["rows"]'
}

mistakes_are_explained() {
    query 400 $'traces\n| wher message == 1'
    expect_member '(2, 3)' '(answer["error"]["line"], answer["error"]["column"])'
    expect_member True 'len(answer["error"]["message"]) > 0 and len(answer["error"]["expected"]) > 0'
    query 400 $'SELECT 1,\n  nothing FROM traces'
    expect_member '(2, 3)' '(answer["error"]["line"], answer["error"]["column"])'
    query 400 ''
    expect_member True 'len(answer["error"]["message"]) > 0'
    query 400 'SELECT 1; SELECT 2'
    request 400 -H "$json" --data-binary '{"question": 1}' /query
    request 415 -H 'Content-Type: application/x-www-form-urlencoded' --data-binary 'traces' /query
    python3 -c 'print("traces" + " " * 70000)' >"$work/large"
    request 413 -H "$plain" --data-binary "@$work/large" /query
    request 413 -H "$plain" -H 'Content-Length: 1099511627776' --data-binary 'traces' /query
    printf 'SELECT \xff' >"$work/bytes"
    request 400 -H "$plain" --data-binary "@$work/bytes" /query
}

nothing_can_be_changed() {
    local text
    for text in "DELETE FROM traces" "WITH a AS (SELECT 1) DELETE FROM traces" "ATTACH '$work/other.db' AS other" \
        "PRAGMA journal_mode = DELETE" "SELECT * FROM pragma_journal_mode" "CREATE TEMP TABLE t(x)" "VACUUM INTO '$work/copy'" \
        "SELECT load_extension('x')"; do
        query 400 "$text"
    done
    [[ ! -e $work/other.db && ! -e $work/copy ]] || fail 'a query made a file'
    query 200 'SELECT count(*) > 0 FROM traces'
    expect_member '[[1]]' 'answer["rows"]'
}

# An endless query ends, and what was sent meanwhile is taken.
queries_are_bounded() {
    local endless='WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT' tries
    query 200 "$endless x FROM n"
    expect_member '(10000, True)' '(len(answer["rows"]), answer["truncated"])'
    query 200 "$endless printf('%.*c', 1000000, 'x') FROM n"
    expect_member '(True, True)' '(len(answer["rows"]) < 100, answer["truncated"])'
    serve --query-ms 300
    query 400 "$endless count(*) FROM n"
    expect_member True '"300 ms" in answer["error"]["message"]'
    for tries in 1 2 3 late; do
        [[ $(curl -sS -o /dev/null -m 60 -w '%{time_total}' -H "$plain" --data-binary "$endless count(*) FROM n" "$url/query") == [01].* ]] && break
    done
    [[ $tries != late ]] || fail 'an endless query takes long'
    log 'taken afterwards'
    serve
}

only_the_own_page_may_ask() {
    local port=${url##*:} host
    for host in "localhost:$port" "127.0.0.1:$port" "[::1]:$port" localhost; do
        query 200 'SELECT 1' -H "Host: $host" -H "Origin: http://$host" -H 'Sec-Fetch-Site: same-origin'
    done
    for host in "evil.example:$port" "localhost.evil.example" "127.0.0.1.evil.example:$port"; do
        request 403 -H "Host: $host" /
        request 403 -H "Host: $host" /tail
        query 403 'SELECT 1' -H "Host: $host"
        expect_no_text "$work/answer" rows
    done
    query 403 'SELECT 1' -H 'Origin: http://evil.example'
    query 403 'SELECT 1' -H 'Origin: null'
    query 403 'SELECT 1' -H "Origin: http://localhost:1"
    query 403 'SELECT 1' -H 'Sec-Fetch-Site: cross-site'
    query 403 'SELECT 1' -H 'Sec-Fetch-Site: same-site'
    request 403 -H 'Origin: http://evil.example' /tail
    request 200 -H 'Sec-Fetch-Site: cross-site' / # a link to the page may stand anywhere
    # Nor may they send records: a form of a foreign site needs nobody's leave to post text.
    for host in 'Origin: http://evil.example' 'Origin: null' 'Sec-Fetch-Site: cross-site'; do
        request 403 -H 'Content-Type: text/plain' -H "$host" --data-binary '{}' /v2.1/track
        request 403 -H "$json" -H "$host" --data-binary '{}' /v1/logs
    done
    request 403 -H "$json" -H "Host: evil.example:$port" -H "Origin: http://evil.example:$port" --data-binary '{}' /v1/logs
    request 200 -H "$json" -H "Host: desk.internal:$port" --data-binary '{}' /v1/logs # a program may call it anything
    serve --host desk.example
    expect_empty "$work/desk.err"
    query 200 'SELECT 1' -H 'Host: desk.example'
    query 403 'SELECT 1' -H 'Host: evil.example'
    serve --listen 0.0.0.0:0
    expect_text "$work/desk.err" 'whoever reaches http://0\.0\.0\.0:[0-9]+ may ask'
    serve
}

# They cannot send one: from this machine they are taken without, from another address of it they are not.
exporters_for_azure_need_none() {
    local item='{"name":"Microsoft.ApplicationInsights.Message","time":"'$(date -u +%FT%TZ)'","data":{"baseType":"MessageData","baseData":{"message":"m"}}}'
    local address path here=$url
    request 200 -H "$json" --data-binary "$item" /v2.1/track
    address=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -E '^[0-9]+\.') || return 0
    serve --token "$work/token" --listen 0.0.0.0:0
    here=$url
    url=http://$address:${url##*:}
    for path in /v2.1/track /v2/track /v1/logs; do request 401 -H "$json" --data-binary "$item" "$path"; done
    url=http://127.0.0.1:${here##*:}
    request 200 -H "$json" --data-binary "$item" /v2.1/track
    serve --token "$work/token"
}

the_token_opens() {
    local secret=open-sesame-4711 path cookie
    printf '%s\n' "$secret" >"$work/token"
    serve --token "$work/token"
    request 200 /healthz
    for path in / /page/main.js /tail /query /v1/logs /nothing; do
        request 401 "$path"
        expect_text "$work/head" '^WWW-Authenticate: Bearer'
    done
    query 401 'SELECT 1'
    query 401 'SELECT 1' -H 'Authorization: Bearer open-sesame-4712'
    query 401 'SELECT 1' -H 'Cookie: desk_session=1'
    expect_no_text "$work/head" '^Refresh'
    request 401 -H 'Sec-Fetch-Site: same-origin' -H 'Sec-Fetch-Mode: navigate' /
    expect_no_text "$work/head" '^Refresh'
    request 401 -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Mode: navigate' / # a link: once more, with the cookie then
    expect_text "$work/head" '^Refresh: 0'
    query 200 'SELECT 1' -H "Authorization: Bearer $secret"
    log 'with the token' 9 -H "Authorization: Bearer $secret"
    exporters_for_azure_need_none
    request 401 "/?token=wrong"
    request 303 "/?token=$secret"
    expect_text "$work/head" $'^Location: /\r?$'
    expect_text "$work/head" '^Set-Cookie: desk_session_[0-9]+=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict'
    expect_no_text "$work/head" "$secret"
    cookie=$(sed -nE 's/^Set-Cookie: ([^;]*);.*/\1/p' "$work/head")
    request 200 -H "Cookie: other=1; $cookie" /
    query 200 'SELECT 1' -H "Cookie: $cookie"
    query 403 'SELECT 1' -H "Cookie: $cookie" -H 'Origin: http://evil.example'
    OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$secret" \
        "$bin/hello" >/dev/null
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'order placed'"
    DESK_TOKEN=$secret serve
    query 401 'SELECT 1'
    query 200 'SELECT 1' -H "Authorization: Bearer $secret"
    request 401 -H "Cookie: $cookie" / # a restart ends all sessions
    stop_receiver
    expect_no_text "$work/desk.err" "$secret"
    printf 'short\n' >"$work/token"
    ! "$desk" serve --listen 127.0.0.1:0 --db "$db" --token "$work/token" >/dev/null 2>"$work/error" ||
        fail 'started with a short token'
    expect_text "$work/error" 'fewer than 8'
    expect_no_text "$work/error" short
    serve
}

# Lines as they come, a place to come back to, a bound for watchers; a slow one is told what it missed.
the_tail_is_live() {
    python3 - "$url" <<'PY' || fail 'the tail'
import http.client, json, socket, sys, time
host, port = sys.argv[1][len('http://'):].split(':')

def log(message, count=1):
    records = [{'timeUnixNano': str(time.time_ns()), 'severityNumber': 9, 'body': {'stringValue': message}}] * count
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    body = {'resourceLogs': [{'scopeLogs': [{'logRecords': records}]}]}
    connection.request('POST', '/v1/logs', json.dumps(body), {'Content-Type': 'application/json'})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    answer.read()

def watch(headers={}, receive=0):
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    if receive:
        connection.sock = socket.socket()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        connection.sock.settimeout(20)
        connection.sock.connect((host, int(port)))
    connection.request('GET', '/tail', headers=headers)
    return connection, connection.getresponse()

def events(answer):
    event = {}
    for line in iter(answer.readline, b''):
        line = line.decode().rstrip('\n')
        if not line:
            if event:
                yield event
            event = {}
        else:
            name, _, value = line.partition(':')
            event[name] = value.strip()

def until(stream, wanted):
    seen = []
    for event in stream:
        seen.append(event)
        if wanted(event):
            return seen

_, answer = watch()
assert answer.status == 200 and answer.headers['Content-Type'] == 'text/event-stream'
stream = events(answer)
log('a line\nof <two>')
last = until(stream, lambda e: 'of <two>' in e.get('data', ''))[-1]
assert json.loads(last['data'])['message'] == 'a line\nof <two>' and last['event'] == 'log', last
place = until(stream, lambda e: 'id' in e)[-1]['id']
log('while away')
_, answer = watch({'Last-Event-ID': place})
seen = until(events(answer), lambda e: 'id' in e)
assert [json.loads(e['data'])['message'] for e in seen if e.get('event') == 'log'] == ['while away'], seen
for bad in ('x', '1', '1.', '-1.0', '99999999999999999999.0', '1.0.0'):
    _, answer = watch({'Last-Event-ID': bad})
    until(events(answer), lambda e: 'while away' in e.get('data', ''))

slow, answer = watch(receive=65536)
slow_stream = events(answer)
for _ in range(40):
    log('x' * 900, 250)
log('the last one')
seen = until(slow_stream, lambda e: 'the last one' in e.get('data', ''))
got = sum(1 for e in seen if e.get('event') == 'log' and 'xxx' in e['data'])
missed = sum(int(e['data']) for e in seen if e.get('event') == 'skipped')
assert got + missed == 10000 and missed > 0, (got, missed)  # what it saw before those, and the rest

watchers = [watch() for _ in range(20)]
assert sum(answer.status == 503 for _, answer in watchers) > 0, 'nobody is refused'
for connection, _ in watchers:
    connection.close()
PY
    # Who hung up is let go: there is room again. And the desk ends while somebody watches.
    local tries
    for tries in {1..50}; do
        timeout 1 curl -sS -o "$work/answer" -D "$work/head" "$url/tail" || true
        grep -q '200 OK' "$work/head" && break
    done
    expect_text "$work/head" '200 OK'
    : >"$work/watched"
    curl -sS -N -m 60 "$url/tail" >"$work/watched" &
    local watcher=$!
    for tries in {1..1000}; do grep -q retry "$work/watched" && break || read -r -t 0.05 <> <(:) || true; done
    kill "$desk_pid"
    wait "$desk_pid" || fail 'the desk did not end well'
    desk_pid=
    wait "$watcher" || fail 'the watcher was cut off'
    serve
}

# Three hundred that begin a request and do not end it take all connections there are, and are shown out.
idlers_shut_nobody_out() {
    python3 - "$url" <<'PY' || fail 'idlers'
import socket, sys
host, port = sys.argv[1][len('http://'):].split(':')
idlers = [socket.create_connection((host, int(port)), timeout=20) for _ in range(300)]
for idler in idlers:
    idler.sendall(b'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Ty')
desk = socket.create_connection((host, int(port)), timeout=40)
desk.sendall(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
assert desk.recv(12) == b'HTTP/1.1 200'
PY
    request 200 /healthz # and it listens on
}

a_database_that_cannot_be_read_is_said() {
    rm -f "$db"*
    : >"$db"
    query 400 'traces | take 1'
    printf 'this is no database, and long enough to be told from one\n%.0s' {1..99} >"$db"
    query 503 'traces | take 1'
    expect_text "$work/head" '^Retry-After: 1'
    expect_member True '"database" in answer["error"]["message"]'
}

serve
the_page_has_strict_headers
all_files_are_served_as_they_are
queries_have_rows
mistakes_are_explained
nothing_can_be_changed
queries_are_bounded
only_the_own_page_may_ask
the_token_opens
the_tail_is_live
idlers_shut_nobody_out
a_database_that_cannot_be_read_is_said
finish
