#!/usr/bin/env bash
# The systemd journal through otel-log: a journal file made by systemd-journal-remote, read by journalctl -o json.
# OTEL_LOG and COLLECTOR_DESK name the two programs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/otel_log.sh"
export LC_ALL=C.UTF-8

# Entries in the journal's export format: text as NAME=VALUE, all else with its length before it.
python3 - >"$work/entries" <<'PYTHON'
import struct, sys
def entry(*fields):
    for name, value in fields:
        value = value if isinstance(value, bytes) else value.encode()
        if all(0x20 <= byte < 0x7F for byte in value):
            sys.stdout.buffer.write(name.encode() + b"=" + value + b"\n")
        else:
            sys.stdout.buffer.write(name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n")
    sys.stdout.buffer.write(b"\n")
def common(i):
    return [("__REALTIME_TIMESTAMP", str(1764018351000000 + i)), ("__MONOTONIC_TIMESTAMP", str(1000 + i)),
            ("_BOOT_ID", "0123456789abcdef0123456789abcdef"), ("_MACHINE_ID", "fedcba9876543210fedcba9876543210")]
for level in range(8):
    entry(*common(level), ("PRIORITY", str(level)), ("MESSAGE", "level %d" % level))
entry(*common(8), ("MESSAGE", "sent by diskd"), ("PRIORITY", "4"), ("_PID", "77"), ("_COMM", "diskd"),
      ("_EXE", "/usr/sbin/diskd"), ("_HOSTNAME", "store-1"), ("_SYSTEMD_UNIT", "diskd.service"), ("CODE_FILE", "src/disk.c"),
      ("CODE_LINE", "42"), ("CODE_FUNC", "check"), ("SYSLOG_IDENTIFIER", "diskd"), ("SYSLOG_FACILITY", "3"),
      ("DEVICE", "sda"), ("DEVICE", "sdb"))
entry(*common(9), ("MESSAGE", "two\nlines, \u00fcmlaut"))
entry(*common(10), ("MESSAGE", b"\x1b[31mred"), ("RAW", b"\xff\x00"))
entry(*common(11), ("MESSAGE", b"\xff\xfe"))
entry(*common(12), ("MESSAGE", "x" * 5000))
entry(*common(13), ("MESSAGE", "in a trace"), ("TRACE_ID", "0102030405060708090a0b0c0d0e0f10"), ("SPAN_ID", "0102030405060708"))
PYTHON
/lib/systemd/systemd-journal-remote --output="$work/x.journal" "$work/entries" >"$work/said" 2>&1 ||
    fail "no journal was made: $(<"$work/said")"
journal() { journalctl --no-pager -q --file "$work/x.journal" -o json "$@"; }

to_console
journal >"$work/lines"
send 0 --journal --stats <"$work/lines"
check 'len(r) == 14 and s["malformed"] == 0' \
    '[x.severity for x in r] == [21, 19, 18, 17, 13, 10, 9, 5, 13] + 5 * [9]' \
    '[x.time for x in r] == [1764018351000000000 + 1000 * i for i in range(14)]' \
    'r[7].body == "level 7" and r[7].text == "debug"' 'r[8].body == "sent by diskd"' \
    'r[8].a["process.pid"] == 77 and r[8].a["process.executable.name"] == "diskd"' \
    'r[8].a["process.executable.path"] == "/usr/sbin/diskd" and r[8].a["host.name"] == "store-1"' \
    'r[8].a["code.file.path"] == "src/disk.c" and r[8].a["code.line.number"] == 42' \
    'r[8].a["code.function.name"] == "check" and r[8].a["syslog.facility"] == 3' \
    'r[8].a["syslog.appname"] == "diskd" and r[8].a["journal._SYSTEMD_UNIT"] == "diskd.service"' \
    'sorted(r[8].a["journal.DEVICE"]) == ["sda", "sdb"]' 'r[8].a["host.id"] == "fedcba9876543210fedcba9876543210"' \
    'r[9].body == "two\nlines, \u00fcmlaut"' 'r[10].body == "\x1b[31mred"' 'r[10].a["journal.RAW"] == ("bytes", "/wA=")' \
    'r[11].body == ("bytes", "//4=")' 'r[12].body is None' \
    'r[13].trace == "0102030405060708090a0b0c0d0e0f10" and r[13].span == "0102030405060708"' \
    'all(x.a["journal.__CURSOR"] for x in r)'
journal -a -n 2 >"$work/lines" # -a: however long the value is
send 0 --journal -a host.id=ours <"$work/lines"
check 'r[0].body == "x" * 5000' 'r[0].a["host.id"] == "ours"'

# What is no entry is a warning, and the others are sent.
send 0 --journal --stats <<<'-- No entries --
{"MESSAGE":"kept","PRIORITY":"loud"}'
check '[x.severity for x in r] == [13, 9]' 's["malformed"] == 2' 'r[1].a == {"journal.PRIORITY": "loud"}'

# And at a receiver.
start_receiver
to_receiver "$url"
journal -p err | { "$otel_log" --journal || fail "it returned $?"; }
expect_rows 4 "SELECT 1 FROM traces WHERE message LIKE 'level %' AND severityLevel >= 3"
finish
