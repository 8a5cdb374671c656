#!/usr/bin/env bash
# How long the desk keeps rows: by age, by size, the oldest first, while records come in; and what a disk that is full
# or a database that is damaged looks like then.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"


# The last batch once more.
post_again() {
    curl -sS -m 60 -D "$work/head" -o "$work/answer" -w '%{http_code} %{time_total}\n' -H 'Content-Type: application/json' \
        --data-binary "@$work/batch.json" "$url/v1/logs" >>"$work/times"
    tail -n 1 "$work/times" | cut -d' ' -f1
}

# post <age in seconds of the first> <how many> <bytes each> [exception]: prints the status of the answer.
post() {
    python3 - "$@" >"$work/batch.json" <<'PY'
import json, sys, time
age, count, size = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
first = time.time_ns() - age * 10**9
more = {'attributes': [{'key': 'exception.type', 'value': {'stringValue': 'E'}}]} if len(sys.argv) > 4 else {}
records = [{'timeUnixNano': str(first + i), 'body': {'stringValue': '%d ' % age + 'x' * size}, **more} for i in range(count)]
print(json.dumps({'resourceLogs': [{'scopeLogs': [{'logRecords': records}]}]}))
PY
    post_again
}

expect_post() { # status, arguments of post
    local got
    got=$(post "${@:2}")
    [[ $got == "$1" ]] || fail "$got instead of $1: ${*:2}"
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

has_rows() { [[ $(rows "$2") == "$1" ]]; }

takes_again() { [[ $(post_again) == 200 ]] || { sleep 0.3 && false; }; } # somewhat sooner than asked for
stores() { [[ $(post "$@") == 200 ]]; }

used_bytes() {
    python3 - "$db" <<'PY'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=10)
number = lambda name: database.execute('PRAGMA ' + name).fetchone()[0]
print((number('page_count') - number('freelist_count')) * number('page_size'))
PY
}

uses_at_most() { (($(used_bytes) <= $1)); }

rows_go_by_their_age() {
    start_receiver
    expect_post 200 $((10 * 86400)) 3000 10
    expect_post 200 $((6 * 86400)) 2 10
    expect_post 200 $((8 * 86400)) 1 10 exception
    expect_post 200 0 1 10
    expect_rows 3004 'SELECT 1 FROM logs' # nothing goes unless somebody says so
    serve --keep-days 7
    wait_for 'those of eight and of ten days go' has_rows 3 'SELECT 1 FROM logs'
    expect_rows 3 "SELECT 1 FROM traces WHERE message LIKE '0 %' OR message LIKE '518400 %'"
    expect_post 200 $((9 * 86400)) 1 10 # too old when it comes
    wait_for 'so does one that comes too late' has_rows 3 'SELECT 1 FROM logs'
    stop_receiver
    expect_text "$work/desk.err" '^collector_desk: 3001 rows removed'
}

rows_go_by_size_the_oldest_first() {
    local age
    : >"$work/times"
    start_receiver --keep-bytes 4M
    expect_post 200 1000 1 10 exception
    expect_post 200 0 1 10 exception # of a table whose first row goes first
    for ((age = 900; age > 0; age -= 60)); do expect_post 200 "$age" 1500 900; done # 22 MB and more
    wait_for 'it becomes small enough' uses_at_most $((4 * 1024 * 1024))
    expect_rows 0 "SELECT 1 FROM exceptions WHERE customDimensions LIKE '%1000 x%' OR outerMessage LIKE '1000 x%'"
    expect_rows 1 'SELECT 1 FROM exceptions'
    expect_rows 1500 "SELECT 1 FROM traces WHERE message LIKE '60 x%'"
    expect_rows 0 "SELECT 1 FROM traces WHERE message LIKE '900 x%'"
    (($(rows 'SELECT 1 FROM traces') > 1000)) || fail 'more was removed than had to be'
    (($(cat "$db" "$db-wal" | wc -c) < 16 * 1024 * 1024)) || fail "the files are large: $(ls -l "$db"*)"
    printf 'the slowest of %s requests beside it: %s s\n' "$(wc -l <"$work/times")" "$(sort -k2 -n "$work/times" | tail -n 1 | cut -d' ' -f2)"
}

# Where it is full for good, senders are told to come again; where old rows may go, room is made.
a_full_disk_is_said_until_there_is_room() {
    local i status='' taken=0
    blocks=16384 start_receiver
    for ((i = 0; i < 40 && taken == i; i++)); do
        status=$(post 100 1200 900)
        [[ $status != 200 ]] || taken=$((taken + 1))
    done
    [[ $status == 503 ]] || fail "$status when the disk is full"
    expect_text "$work/head" '^Retry-After: 1'
    expect_rows $((taken * 1200)) 'SELECT 1 FROM traces'
    blocks=16384 serve --keep-bytes 2M
    wait_for 'there is room again' uses_at_most $((2 * 1024 * 1024))
    for ((i = 0; i < 6; i++)); do wait_for 'it stores again' stores 50 1200 900; done
    wait_for 'there is room still' uses_at_most $((2 * 1024 * 1024))
}

# The log of the database must not take what rows that go would need. A desk of its own file system.
a_small_disk_is_enough_for_few_rows() {
    local i
    if ! unshare -rm true 2>/dev/null; then
        printf 'no file system can be mounted here: no small disk is tried\n'
        return
    fi
    mkdir "$work/disk"
    launcher=(unshare -rm bash -c 'mount -t tmpfs -o size=16M small "$0" && exec "$@"' "$work/disk")
    db=$work/disk/desk.db serve --keep-bytes 3M
    expect_post 200 100 800 900
    for ((i = 0; i < 30; i++)); do wait_for 'it takes 30 MB in all' takes_again; done
    wait_for 'it stores to the end' stores 50 800 900
    launcher=()
}

a_damaged_database_is_said() {
    start_receiver
    expect_post 200 $((10 * 86400)) 4000 900
    serve --keep-days 20 --keep-bytes 1T
    expect_post 200 0 1 10
    head -c "$(stat -c %s "$db")" /dev/urandom | dd of="$db" conv=notrunc status=none
    expect_post 503 0 1 10
    expect_text "$work/head" '^Retry-After: 1'
    expect_text "$work/desk.err" 'was damaged'
}

wrong_options_are_refused() {
    local value
    for value in 0 -1 x 1.5 36501 ''; do
        ! "$desk" serve --db "$db" --keep-days "$value" 2>"$work/err" || fail "took --keep-days $value"
        expect_text "$work/err" '--keep-days takes days'
    done
    for value in 0 1023K 1 -5M x 5X 5MB 99999999T ''; do
        ! "$desk" serve --db "$db" --keep-bytes "$value" 2>"$work/err" || fail "took --keep-bytes $value"
        expect_text "$work/err" '--keep-bytes takes bytes'
    done
}

rows_go_by_their_age
rows_go_by_size_the_oldest_first
a_full_disk_is_said_until_there_is_room
a_small_disk_is_enough_for_few_rows
a_damaged_database_is_said
wrong_options_are_refused
finish
