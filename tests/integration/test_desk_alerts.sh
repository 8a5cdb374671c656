#!/usr/bin/env bash
# The alerts of the desk as a process: each fires once and resolves once, whoever is started again, hangs or fails.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
rules=$work/alerts.conf
told=$work/told   # what commands were given, a line each
posted=$work/hook # what the webhook got, a line each
hook_pid=
trap 'stop_receiver; [[ -z $hook_pid ]] || kill "$hook_pid" 2>/dev/null; rm -rf "$work"' EXIT

# A webhook: /ok notes what it gets; /refuse answers 500 twice, then takes; /hang never answers. Sets hook.
start_hook() {
    local port
    cat >"$work/hook.py" <<'PY'
import http.server, sys, threading
class Hook(http.server.BaseHTTPRequestHandler):
    refused = 0
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        if self.path == '/hang':
            threading.Event().wait()
        status = 200
        if self.path == '/refuse' and Hook.refused < 2:
            Hook.refused, status = Hook.refused + 1, 500
        if status == 200:
            with open(sys.argv[1], 'ab') as out:
                out.write(self.path.encode() + b' ' + self.headers['Content-Type'].encode() + b' ' + body + b'\n')
        self.send_response(status)
        self.send_header('Content-Length', '0')
        self.end_headers()
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Hook)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
PY
    exec 7< <(exec python3 "$work/hook.py" "$posted")
    hook_pid=$!
    read -r -t 60 port <&7 || { fail 'the webhook did not start'; exit 1; }
    hook=http://127.0.0.1:$port
}

anew() {
    stop_receiver # it may still be telling
    : >"$told"
    : >"$posted"
    start_receiver --alerts "$rules"
}

log() { # message, severity number
    printf '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"%s","severityNumber":%s,"body":{"stringValue":"%s"}}]}]}]}' \
        "$(date +%s%N)" "${2:-17}" "$1" >"$work/one.json"
    curl -sSf -m 60 -o /dev/null -H 'Content-Type: application/json' --data-binary "@$work/one.json" "$url/v1/logs" ||
        fail "not taken: $1"
}

# alert <name> <key>: as GET /alerts has it, a string without its quotes.
alert() {
    curl -sS -m 60 "$url/alerts" | python3 -c '
import json, sys
for alert in json.load(sys.stdin):
    if alert["name"] == sys.argv[1]:
        value = alert[sys.argv[2]]
        print(value if isinstance(value, str) else json.dumps(value))' "$1" "$2"
}

# wait_for <what it is about> <command>...: until it holds, half a minute at most.
wait_for() {
    local what=$1 end=$((SECONDS + 30))
    shift
    until "$@"; do
        ((SECONDS < end)) || { fail "not within half a minute: $what"; return 0; }
        sleep 0.02
    done
}

is() { [[ $(alert "$1" "$2") == "$3" ]]; }
has_lines() { [[ $(wc -l <"$1") -ge $2 ]]; }
evaluated_since() { [[ $(alert "$1" last_evaluated) > "$2" ]]; }

# Two more evaluations have ended.
again() {
    local i
    for i in 1 2; do wait_for "an evaluation of $1" evaluated_since "$1" "$(alert "$1" last_evaluated)"; done
}

expect_lines() { # file, how many
    has_lines "$1" "$2" && [[ $(wc -l <"$1") == "$2" ]] || { fail "not $2 lines in ${1##*/}:"; cat "$1" >&2; }
}

# Fires while the last record is broken: so a test decides when.
broken="traces | top 1 by timestamp | where message == 'broken'"
tell="printf '%s %s %s %s\n' \"\$ALERT_STATE\" \"\$ALERT_NAME\" \"\$ALERT_VALUE\" \"\$ALERT_THRESHOLD\" >>'$told'"

it_fires_once_and_resolves_once() {
    cat >"$rules" <<RULES
# The last record says that something is broken.
[last "record" <b>]
query = $broken
every = 100ms
webhook = $hook/ok?token=canary-7
command = $tell
RULES
    anew
    local name='last "record" <b>' since
    again "$name"
    is "$name" state ok || fail 'an alert without a reason'
    is "$name" value 0 || fail 'the number of rows is not 0'
    log broken
    wait_for 'it fires' is "$name" state firing
    is "$name" value 1 && is "$name" threshold 0 && is "$name" query "$broken" && is "$name" error null || fail 'what it shows'
    since=$(alert "$name" since)
    wait_for 'the command' has_lines "$told" 1
    wait_for 'the webhook' has_lines "$posted" 1
    log broken
    again "$name"
    serve --alerts "$rules" # started again: it knows that it has fired
    again "$name"
    is "$name" state firing || fail 'it is not firing any more'
    is "$name" since "$since" || fail 'since when it fires is forgotten'
    log mended
    wait_for 'it resolves' is "$name" state ok
    wait_for 'the command' has_lines "$told" 2
    wait_for 'the webhook' has_lines "$posted" 2
    serve --alerts "$rules"
    again "$name"
    expect_lines "$told" 2
    expect_lines "$posted" 2
    [[ $(<"$told") == "firing $name 1 0"$'\n'"resolved $name 0 0" ]] || fail "the command was told: $(<"$told")"
    python3 - "$posted" "$name" "$broken" <<'PY' || fail 'what the webhook was told'
import json, sys
lines = [line.split(' ', 2) for line in open(sys.argv[1])]
first, second = (json.loads(line[2]) for line in lines)
assert lines[0][1] == 'application/json', lines[0]
assert first['state'] == 'firing' and first['value'] == 1 and first['threshold'] == 0 and first['comparison'] == '>', first
assert second['state'] == 'resolved' and second['value'] == 0 and second['since'] > first['since'], second
assert first['name'] == second['name'] == sys.argv[2] and first['query'] == sys.argv[3], first
PY
    curl -sS "$url/alerts" >"$work/shown"
    expect_no_text "$work/shown" 'canary|ALERT_STATE'
    expect_no_text "$work/desk.err" canary
}

# A killed desk had no time to tell anybody what it knows.
a_kill_does_not_make_it_fire_again() {
    printf '\xef\xbb\xbf[a]\nquery = %s\nevery = 100ms\ncommand = %s\n' "$broken" "$tell" >"$rules" # as Windows writes it
    anew
    log broken
    wait_for 'it fires' has_lines "$told" 1
    kill -KILL "$desk_pid"
    wait "$desk_pid" 2>/dev/null || true
    serve --alerts "$rules"
    again a
    expect_lines "$told" 1
}

the_number_of_a_query_is_compared() {
    cat >"$rules" <<RULES
[errors]
query =
    traces
    | where customDimensions.Level == 'ERROR'
    | summarize count()
threshold = 2
comparison = >=
window = 1h
every = 100ms
[rows]
query = traces | summarize count()
measure = rows
threshold = 1
comparison = ==
every = 100ms
[nothing]
query = traces | where message == 'none' | summarize avg(severityLevel)
comparison = <
threshold = 1
every = 100ms
RULES
    anew
    again errors
    is errors value 0 && is errors state ok || fail 'a count of nothing'
    is rows state firing && is rows value 1 || fail 'the rows are not counted'
    is nothing value null && is nothing state ok || fail 'the mean of nothing is a number'
    log one
    log two
    wait_for 'two errors' is errors state firing
    is errors value 2 || fail 'not two errors'
}

# Whoever comes too late to see a record in the window sees the next one.
fires_upon_another() {
    log now
    sleep 0.2
    has_lines "$told" 1
}

the_window_slides() {
    printf '[recent]\nquery = traces | summarize count()\nwindow = 1s\nevery = 100ms\ncommand = %s\n' "$tell" >"$rules"
    anew
    wait_for 'it fires' fires_upon_another
    wait_for 'the window has passed' has_lines "$told" 2
    wait_for 'it is well' is recent state ok
    [[ $(cut -d' ' -f1,2 "$told" | head -n 2 | paste -sd' ') == 'firing recent resolved recent' ]] || fail "told: $(<"$told")"
}

a_webhook_that_hangs_stops_nothing() {
    cat >"$rules" <<RULES
[hangs]
query = $broken
every = 100ms
webhook = $hook/hang
command = $tell
timeout = 2s
[other]
query = $broken
every = 100ms
webhook = $hook/refuse
RULES
    anew
    log broken
    wait_for 'the command' has_lines "$told" 1
    log mended # taken in and evaluated while the webhook hangs
    wait_for 'it resolves' is hangs state ok
    wait_for 'the command again' has_lines "$told" 2
    wait_for 'it is said' is hangs error 'webhook: not done in time'
    wait_for 'one that refused is asked again' has_lines "$posted" 2
    expect_text "$work/desk.err" 'alert hangs: webhook: not done in time'
}

a_command_that_fails_is_said() {
    printf '[fails]\nquery = %s\nevery = 100ms\ncommand = echo its own words; exit 7\n' "$broken" >"$rules"
    anew
    log broken
    wait_for 'it is said' is fails error 'command: exit status 7'
    is fails state firing || fail 'it is not firing'
    expect_text "$work/desk.err" '^its own words$'
    expect_text "$work/desk.err" 'alert fails: command: exit status 7'
}

a_query_that_takes_long_is_broken_off() {
    python3 -c 'import json; print(json.dumps({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"*900}}]*20000}]}]}))' >"$work/many.json"
    printf '[slow]\nquery = traces | where message contains "yyy" | summarize count()\nquery_timeout = 1ms\nevery = 100ms\n' >"$rules"
    anew
    curl -sSf -o /dev/null -H 'Content-Type: application/json' --data-binary "@$work/many.json" "$url/v1/logs"
    wait_for 'it is said' is slow error 'query: not answered within 1 ms'
    is slow state ok || fail 'an alert that was not evaluated fires'
}

a_database_in_trouble_is_said() {
    printf '[a]\nquery = %s\nevery = 100ms\ncommand = %s\n' "$broken" "$tell" >"$rules"
    anew
    log broken
    wait_for 'it fires' is a state firing
    rm -f "$db"*
    wait_for 'it is said' is a error 'the database: unable to open database file'
    log fine # makes it anew
    wait_for 'it is well' is a state ok
    is a error null || fail 'an error of the past is shown'
}

wrong_rules_are_refused() {
    local code=0
    stop_receiver
    cat >"$rules" <<'RULES'
[a]
query = traces |
    where nonsense == 1
[b]
query =  tracks | take 1
RULES
    "$desk" serve --listen 127.0.0.1:0 --db "$db" --alerts "$rules" >"$work/out" 2>"$work/err" || code=$?
    [[ $code == 1 ]] || fail "$code for wrong queries"
    expect_empty "$work/out"
    expect_text "$work/err" 'alerts\.conf:3: column 11: query: '
    expect_text "$work/err" 'alerts\.conf:5: column 10: query: '
    printf '[a]\nquery = traces\nevery = soon\nwindow = x\n' >"$rules"
    code=0
    "$desk" serve --listen 127.0.0.1:0 --db "$db" --alerts "$rules" >"$work/out" 2>"$work/err" || code=$?
    [[ $code == 1 ]] || fail "$code for wrong settings"
    expect_text "$work/err" 'alerts\.conf:3: every must be'
    expect_text "$work/err" 'alerts\.conf:4: window must be'
    ! "$desk" serve --listen 127.0.0.1:0 --db "$db" --alerts "$work/none" 2>"$work/err" || fail 'rules that are not there'
    expect_text "$work/err" 'No such file'
}

without_rules_there_are_none() {
    start_receiver
    [[ $(curl -sS "$url/alerts") == '[]' ]] || fail 'alerts without rules'
    [[ $(curl -sS -o /dev/null -w '%{http_code}' -X POST "$url/alerts") == 405 ]] || fail 'POST /alerts'
}

it_ends_when_told() {
    printf '[a]\nquery = %s\nevery = 100ms\ncommand = trap "" TERM; sleep 1000\n' "$broken" >"$rules"
    anew
    log broken
    wait_for 'it fires' is a state firing
    local begun=$SECONDS
    stop_receiver
    ((SECONDS - begun < 60)) || fail 'a command that hangs holds the desk up'
}

start_hook
it_fires_once_and_resolves_once
a_kill_does_not_make_it_fire_again
the_number_of_a_query_is_compared
the_window_slides
a_webhook_that_hangs_stops_nothing
a_command_that_fails_is_said
a_query_that_takes_long_is_broken_off
a_database_in_trouble_is_said
wrong_rules_are_refused
without_rules_there_are_none
it_ends_when_told
finish
