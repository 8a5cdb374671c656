#!/usr/bin/env bash
# The command otel-log as a shell sees it: what it sends to the console and to a receiver, what it says, how it ends.
# OTEL_LOG and COLLECTOR_DESK name the two programs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/otel_log.sh"

# --- a message -------------------------------------------------------------------------------------------------------
to_console
send 0 disk nearly full </dev/null
check 'len(r) == 1' 'r[0].body == "disk nearly full"' 'r[0].severity == 9' 'r[0].scope == "otel-log"' 'r[0].a == {}' \
    'r[0].time == 0' 'r[0].observed > 0' 'r[0].event is None' 's is None'
expect_empty "$err"
send 0 -s ERROR3 -e disk.full --scope @ops/disk@1.4 -a path=/var -a free:int=-9223372036854775808 -a share:double=1 \
    -a 'last:bool=true' -a 'list:json=[1,1.0,{"a":null}]' -a raw:bytes=AP8= -a path=/home -- --stats 'a  b'
check 'len(r) == 1' 'r[0].body == "--stats a  b"' 'r[0].severity == 19' 'r[0].event == "disk.full"' \
    'r[0].scope == "@ops/disk" and r[0].version == "1.4"' 'r[0].a["free"] == -2**63 and type(r[0].a["free"]) is int' \
    'r[0].a["share"] == 1 and type(r[0].a["share"]) is float' 'r[0].a["last"] is True' \
    'r[0].a["list"] == [1, 1.0, {"a": None}] and type(r[0].a["list"][1]) is float' \
    'r[0].a["raw"] == ("bytes", "AP8=")' 'r[0].a["path"] == "/home"'
send 0 -s 0 ''
check 'len(r) == 1' 'r[0].body == ""' 'r[0].severity == 0 and r[0].text == ""'
send 0 --json --stats '{"body":7}' <<<'not read'
check 'len(r) == 1 and r[0].body == 7' 's["malformed"] == 0'

# --- lines -----------------------------------------------------------------------------------------------------------
printf 'one\n\ntw\0o\r\n\xff\xfe\nlast' >"$work/lines"
send 0 -s warn -a k=v --stats <"$work/lines"
check 'len(r) == 5' '[x.body for x in r] == ["one", "", "tw\0o\r", ("bytes", "//4="), "last"]' \
    'all(x.severity == 13 and x.a == {"k": "v"} for x in r)' \
    's["accepted"] == 5 and s["delivered"] == 5 and s["filtered"] == 0 and s["suppressed"] == 0 and s["malformed"] == 0' \
    's["pipelines"][0]["exporter"] == "console" and s["pipelines"][0]["exported"] == 5 and len(s["pipelines"]) == 1' \
    'set(s["pipelines"][0]) == {"exporter", "taken", "exported", "rejected", "dropped", "queued", "spooled"}' \
    'set(s["pipelines"][0]["dropped"]) == {"queue_full", "too_large", "retry_exhausted", "after_stop", "out_of_memory",
     "spool_full", "spool_corrupt", "fork_child"}'
send 0 --stats </dev/null
check 'r == []' 's["accepted"] == 0'

# Up to the limit of a record a line is sent, beyond it is counted; beyond 16 MiB too, and reading goes on behind it.
python3 -c 'import sys; [sys.stdout.write("x" * n + "\n") for n in (1000000, 1100000, 40000000, 3)]' >"$work/lines"
send 1 --stats <"$work/lines"
check '[len(x.body) for x in r] == [1000000, 3]' 's["accepted"] == 4' \
    's["pipelines"][0]["dropped"]["too_large"] == 2 and s["pipelines"][0]["exported"] == 2'

# --- JSON ------------------------------------------------------------------------------------------------------------
cat >"$work/lines.json" <<'LINES'
{"time":1764018351123456789,"observed_time":"2025-11-24T22:05:52.5+01:00","severity":"warn2","severity_text":"Oops","body":{"a":[1,2.5,null,"\ud83d\ude00"]},"event":"shop.failed","attributes":{"n":9007199254740993,"d":1.0,"big":9223372036854775808,"deep":{"x":[true]}},"exception":{"type":"T","message":"M","stacktrace":"S"},"trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0102030405060708","trace_flags":"01","scope":{"name":"shop","version":"2","schema_url":"https://example.com/1","attributes":{"part":1}},"loose":"l"}
{"message":"m","msg":"n","level":"error","k":"loose","attributes":{"k":"inside","o":"inside"},"o":"loose"}
{"severity":"loud","body":"kept","time":"yesterday"}
plain text
{"trace_id":"0102030405060708090a0b0c0d0e0f10","severity":0,"body":null}
LINES
send 0 --json -a o=option --stats <"$work/lines.json"
check 'len(r) == 5' 's["malformed"] == 2 and s["accepted"] == 5' \
    'r[0].time == 1764018351123456789 and r[0].observed == 1764018352500000000' \
    'r[0].severity == 14 and r[0].text == "Oops"' 'r[0].body == {"a": [1, 2.5, None, "\U0001F600"]}' \
    'r[0].event == "shop.failed"' 'r[0].trace == "0102030405060708090a0b0c0d0e0f10" and r[0].span == "0102030405060708"' \
    'r[0].flags & 255 == 1' 'r[0].scope == "shop" and r[0].version == "2" and r[0].url == "https://example.com/1"' \
    'r[0].scope_attributes == {"part": 1}' 'r[0].a["n"] == 9007199254740993 and type(r[0].a["n"]) is int' \
    'type(r[0].a["d"]) is float and type(r[0].a["big"]) is float' 'r[0].a["deep"] == {"x": [True]}' \
    'r[0].a["loose"] == "l" and r[0].a["o"] == "option"' \
    '[r[0].a["exception." + x] for x in ("type", "message", "stacktrace")] == ["T", "M", "S"]' \
    'r[1].body == "m" and r[1].severity == 17 and r[1].a == {"k": "inside", "msg": "n", "o": "option"}' \
    'r[1].scope == "otel-log"' \
    'r[2].body == "kept" and r[2].severity == 9 and r[2].a["severity"] == "loud" and r[2].a["time"] == "yesterday"' \
    'r[3].body == "plain text" and r[3].severity == 13' \
    'len(r[4].trace) == 32 and not r[4].span and r[4].severity == 0 and r[4].body is None' \
    'all(not k.startswith("code.") for x in r for k in x.a)'
expect_text "$err" 'line 3 is malformed'
expect_no_text "$err" 'loud|plain text'

# --- other forms of a line -------------------------------------------------------------------------------------------
send 0 -t 2025-11-24T22:05:52.5+01:00 --exception-type E --exception-message M --exception-stacktrace 'at x' -s fatal died
check 'r[0].time == 1764018352500000000' 'r[0].severity == 21' \
    '[r[0].a["exception." + x] for x in ("type", "message", "stacktrace")] == ["E", "M", "at x"]'
send 0 -t 1764018351123456789 --exception-type E --json <<<'{"time":5,"exception":{"message":"own"}}
{"body":"plain"}'
check '[x.time for x in r] == [5, 1764018351123456789]' 'r[0].a == {"exception.message": "own"}' \
    'r[1].a == {"exception.type": "E"}'
send 0 --body-json --stats '{"n":[1,1.5,null]}'
check 'r[0].body == {"n": [1, 1.5, None]}' 's["malformed"] == 0'
send 0 --body-json --stats <<<'{"severity":"error"}
true
no json'
check '[x.body for x in r] == [{"severity": "error"}, True, "no json"]' '[x.severity for x in r] == [9, 9, 13]' \
    's["malformed"] == 1'
send 0 --prio-prefix -s debug <<<'<0>emerg
<1>alert
<2>crit
<3>err
<4>warning
<5>notice
<6>info
<7>debug
<11>of a user
no prefix
<x>no prefix'
check '[x.severity for x in r] == [21, 19, 18, 17, 13, 10, 9, 5, 17, 5, 5]' 'r[3].body == "err" and r[3].text == "err" and r[3].a == {}' \
    'r[8].body == "of a user" and r[8].a == {"syslog.facility": 1}' 'r[10].body == "<x>no prefix"'

# --- a copy on standard output ---------------------------------------------------------------------------------------
head -c 3000000 /dev/urandom >"$work/bytes"
OTEL_LOGS_EXPORTER=none send 0 --tee <"$work/bytes"
cmp "$work/bytes" "$out" || fail "the copy differs"
OTEL_LOGS_EXPORTER=none send 0 --tee a message
[[ $(<"$out") == "a message" ]] || fail "the copy of a message: $(<"$out")"
mkfifo "$work/slow"
OTEL_LOGS_EXPORTER=none "$otel_log" --tee <"$work/slow" >"$out" &
exec 7>"$work/slow"
printf 'half a li' >&7
eventually grep -q 'half a li' "$out"
printf 'ne\n' >&7
exec 7>&-
wait $! || fail "the slow copy returned $?"
[[ $(<"$out") == "half a line" ]] || fail "the slow copy: $(<"$out")"
code=0
OTEL_LOGS_EXPORTER=none "$otel_log" --tee <"$work/bytes" >/dev/full 2>"$err" || code=$?
[[ $code == 1 ]] || fail "a copy that does not fit on the disk gave $code instead of 1"
expect_text "$err" 'cannot write to standard output'

# --- wrong usage: words, nothing sent --------------------------------------------------------------------------------
for wrong in '--nonsense x' '-s loud x' '-a novalue x' '-a k:float=1 x' '-a k:int=1.5 x' '-a k:bytes=! x' '--timeout soon x' \
    '-t tomorrow x' '--json --body-json' '--follow f x' '--from-start' '--journal --prio-prefix'; do
    send 2 $wrong </dev/null
    expect_empty "$out"
    expect_text "$err" 'nothing was sent'
done
send 2 -a 'token:int=hunter2' x
expect_no_text "$err" hunter2
send 0 --help
expect_text "$out" '--severity'
send 0 --version
expect_text "$out" '^otel-log [0-9]+\.[0-9]+\.[0-9]+$'

# --- exit status -----------------------------------------------------------------------------------------------------
OTEL_LOGS_EXPORTER=none send 0 --stats nobody listens
check 's["pipelines"] == []'
OTEL_SDK_DISABLED=true send 0 --stats nobody listens
check 's["pipelines"] == [] and s["accepted"] == 0'
code=0
"$otel_log" x >/dev/full 2>"$err" || code=$?
[[ $code == 1 ]] || fail "a full disk gave $code instead of 1"
code=0
"$otel_log" <&- >"$out" 2>"$err" || code=$?
[[ $code == 0 ]] || fail "a closed standard input gave $code instead of 0"
send 1 </ # a directory cannot be read
expect_text "$err" 'cannot read standard input'
to_receiver http://127.0.0.1:9
send 1 --timeout 300 --stats nobody is there
check 's["pipelines"][0]["dropped"]["after_stop"] == 1' 's["pipelines"][0]["taken"] == 1'

# --- a receiver ------------------------------------------------------------------------------------------------------
start_receiver
to_receiver "$url"
count=20000 # ten times what the queue holds: it waits for room
send 0 --stats < <(seq "$count")
check "s['pipelines'][0]['exported'] == $count" "s['pipelines'][0]['dropped']['queue_full'] == 0"
expect_rows "$count" 'SELECT DISTINCT message FROM traces'

# Nobody reads the copy any more: said once, everything is sent.
code=0
seq -f 'copied %.0f' 50000 | { "$otel_log" --tee --stats 2>"$err" || code=$?; echo "$code" >"$work/code"; } | head -n 1 >"$out"
[[ $(<"$work/code") == 0 ]] || fail "a closed copy gave $(<"$work/code") instead of 0: $(<"$err")"
[[ $(<"$out") == "copied 1" ]] || fail "the closed copy: $(<"$out")"
[[ $(grep -c 'standard output is closed' "$err") == 1 ]] || fail "not said once: $(<"$err")"
expect_rows 50000 "SELECT DISTINCT message FROM traces WHERE message LIKE 'copied %'"

# A signal stops the reading; what was read is sent. A pipe that stays open shows that nobody waits for its end.
: >"$out"
mkfifo "$work/pipe"
"$otel_log" --stats <"$work/pipe" >"$out" 2>"$err" &
pid=$!
exec 7>"$work/pipe"
printf 'first of the pipe\nsecond of the pipe\npart of the pipe' >&7
some_of_the_pipe() { [[ $(rows "SELECT 1 FROM traces WHERE message LIKE '%of the pipe'") != 0 ]]; }
eventually some_of_the_pipe
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
exec 7>&-
[[ $code == 0 ]] || fail "SIGTERM gave $code instead of 0: $(cat "$err")"
expect_rows 3 "SELECT 1 FROM traces WHERE message LIKE '%of the pipe'"
check 's["accepted"] == 3'

# Nobody takes the records, the queue is full, and a record waits for room: the signal still ends it in time.
to_receiver http://127.0.0.1:9
"$otel_log" --timeout 1000 --stats < <(seq 1000000) >"$out" 2>"$err" &
pid=$!
has_stopped_reading() { # the same place twice
    local before
    before=$(awk '/^rchar/ { print $2 }' "/proc/$pid/io")
    sleep 0.3
    ((before > 8000)) && [[ $(awk '/^rchar/ { print $2 }' "/proc/$pid/io") == "$before" ]]
}
eventually has_stopped_reading
started=$(date +%s%N)
kill -TERM "$pid" || fail "otel-log is gone already"
code=0
wait "$pid" || code=$?
took=$((($(date +%s%N) - started) / 1000000))
[[ $code == 1 ]] || fail "lost records gave $code instead of 1"
[[ $took -lt 10000 ]] || fail "it took $took ms to stop within 1000"
check 's["pipelines"][0]["exported"] == 0 and s["pipelines"][0]["queued"] == 0' \
    's["pipelines"][0]["taken"] == sum(s["pipelines"][0]["dropped"].values())' 's["accepted"] >= 2048'
expect_text "$err" 'lines were read and not sent'
finish
