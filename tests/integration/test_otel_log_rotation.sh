#!/usr/bin/env bash
# otel-log --follow beside programs that write and rotate: every line once, in order, with its severity, until SIGTERM.
# OTEL_LOG and COLLECTOR_DESK name the two programs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/otel_log.sh"
log=$work/app.log

# follow <argument>...: in the background; output in $out and $err.
follow() {
    : >"$out"
    "$otel_log" --stats "$@" >"$out" 2>"$err" &
    pid=$!
    eventually has_open "$pid" anon_inode:inotify
}

# Whether a process has a descriptor of a file of that name.
has_open() { # pid, name
    ls -l "/proc/$1/fd" | grep -q -- "$2\$"
}

# Ends it with a signal.
stop() { # exit status
    local code=0
    kill -TERM "$pid"
    wait "$pid" || code=$?
    [[ $code == "$1" ]] || { fail "otel-log returned $code instead of $1"; cat "$err" >&2; }
}

arrived() { # extended regular expression
    grep -Eq -- "$1" "$out"
}

# --- rotation by renaming, beside a program that writes on and on ----------------------------------------------------
to_console
echo 'not read' >"$log"
follow --follow "$log" --prio-prefix
# Every thousand lines the writer lets the other have its turn, however busy the machine is.
(for i in {1..10000}; do
    echo "<$((i % 8))>$i" >>"$log"
    ((i % 1000)) && continue
    : >"$work/turn"
    while [[ -e $work/turn ]]; do sleep 0.002; done
done) &
writer=$!
rotations=0
while kill -0 "$writer" 2>/dev/null; do
    rotations=$((rotations + 1))
    mv "$log" "$log.$rotations" 2>/dev/null || true
    rm -f "$work/turn"
    sleep 0.02
done
wait "$writer"
[[ $rotations -ge 10 ]] || fail "it was over after $rotations rotations"
stop 0
check 's["pipelines"][0]["exported"] == 10000' '[int(x.body) for x in r] == list(range(1, 10001))' \
    'all(x.severity == [21, 19, 18, 17, 13, 10, 9, 5][int(x.body) % 8] for x in r)' \
    "all(x.a == {'log.file.path': '$log'} for x in r)"

# --- a program that goes on writing to the file it has open, and is told later ---------------------------------------
rm -f "$log"*
follow --follow "$log"
exec 7>>"$log"
echo 'to the first' >&7
eventually arrived 'to the first'
mv "$log" "$log.1"
echo 'to the new one' >>"$log"
eventually arrived 'to the new one'
echo 'to the old one' >&7
eventually arrived 'to the old one'
rm "$log.1"
exec 7>&-
eventually eval "! has_open $pid '(deleted)'" # it is let go of after a while
printf 'a part' >>"$log"
stop 0
check '[x.body for x in r] == ["to the first", "to the new one", "to the old one", "a part"]'
expect_text "$err" 'No such file or directory; waiting for it'

# --- copied and cut short; whatever the lengths are ------------------------------------------------------------------
follow --follow "$log" --from-start --follow "$work/other.log" --tee
for i in 1 2 22 333 4; do
    cp "$log" "$log.1"
    echo "line $i" >"$log"
    eventually arrived "\"line $i\""
done
ln -s app.log "$work/other.log"
eventually eval "[[ \$(grep -c '\"line 4\"' '$out') == 2 ]]"
stop 0
grep -v '^{' "$out" >"$work/copy" || true
printf '%s\n' 'a part' 'line 1' 'line 2' 'line 22' 'line 333' 'line 4' 'line 4' | sed 1d >"$work/expected"
grep -E '^line' "$work/copy" | cmp - "$work/expected" || fail "the copy: $(<"$work/copy")"

# --- a receiver: right severities there too; what was written before the signal is sent ------------------------------
start_receiver
to_receiver "$url"
: >"$log"
follow --follow "$log" --json
echo '{"level":"error","msg":"first"}' >>"$log"
mv "$log" "$log.1"
printf '{"level":"warn","msg":"second"}\nno json' >"$log"
stop 0
expect_rows 1 "SELECT 1 FROM traces WHERE message = 'first' AND severityLevel = 3"
expect_rows 2 "SELECT 1 FROM traces WHERE message IN ('second', 'no json') AND severityLevel = 2"
expect_text "$err" '"malformed":1'

# --- nobody takes the records: the signal still ends it in time ------------------------------------------------------
to_receiver http://127.0.0.1:9
seq 1000000 >"$log"
follow --follow "$log" --from-start --timeout 1000
sleep 0.5
started=$(date +%s%N)
stop 1
took=$((($(date +%s%N) - started) / 1000000))
[[ $took -lt 10000 ]] || fail "it took $took ms to stop within 1000"
finish
