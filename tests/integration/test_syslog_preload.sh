#!/usr/bin/env bash
# libotel-syslog.so: the lines of programs that only know syslog(3) arrive with the right severities, and such programs
# stay what they are. The system's log is a spy behind our library: $spy has what it got.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
out=$work/stdout err=$work/stderr spy=$work/spy
plain=$TEST_BIN_DIR/syslog_lines hardened=$TEST_BIN_DIR/syslog_lines_fortified
libraries="$SYSLOG_PRELOAD $TEST_BIN_DIR/libsyslog_spy.so"
export SPY=$spy

# Runs a program with our library in front: variables come first, as with env.
preloaded() { # exit status, [variable=value...] program, arguments...
    local expected=$1 code=0
    shift
    rm -f "$spy"
    : >"$spy"
    env LD_PRELOAD="$libraries" "$@" >"$out" 2>"$err" || code=$?
    [[ $code == "$expected" ]] || { fail "'$*' returned $code instead of $expected"; cat "$err" >&2; }
}

at_receiver() { # how many records, condition
    expect_rows "$1" "SELECT 1 FROM logs WHERE $2"
}

waits_for_rows() { # how many, condition: a daemon is nobody's child
    for _ in {1..600}; do
        [[ $(rows "SELECT 1 FROM logs WHERE $2") == "$1" ]] && return
        sleep 0.1
    done
    at_receiver "$1" "$2"
}

attribute() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }
fortified() { nm -D "$1" | grep -q ' U __syslog_chk'; }

severities() { # program, name of its service
    local text level
    while read -r text level; do
        at_receiver 1 "message = 'this is $text' AND json_extract(customDimensions, '\$.Level') = '$level' \
            AND $(attribute syslog.facility) = '3' AND $(attribute syslog.appname) = 'lines' \
            AND $(attribute syslog.procid) IS NOT NULL AND cloud_RoleName = 'lines'"
    done <<<'emerg CRITICAL
alert ERROR
crit ERROR
err ERROR
warning WARNING
notice INFO
info INFO
debug DEBUG'
    at_receiver 1 "message = 'a list' AND $(attribute syslog.facility) = '19'"
    at_receiver 9 "1"
}

fortified "$hardened" || fail "syslog_lines_fortified is not"
! fortified "$plain" || fail "syslog_lines is fortified"
for program in "$plain" "$hardened"; do
    start_receiver
    otlp="OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_SYSLOG_STOP_MS=30000"
    preloaded 0 $otlp "$program" priorities
    severities
    expect_empty "$err"
    # The system has heard everything too.
    expect_text "$spy" '^openlog lines 1 24$'
    expect_text "$spy" '^<3>this is err$'
    [[ $(grep -c '^<' "$spy") == 9 ]] || fail "the system heard: $(cat "$spy")"
    ! fortified "$program" || expect_text "$spy" ' \(checked 1\)$' # behind the line's own newline
done

# The numbers themselves, which the receiver folds.
preloaded 0 OTEL_LOGS_EXPORTER=console OTEL_C_CONSOLE_FORMAT=json "$plain" priorities
numbers=$(grep -oE '"severityNumber":[0-9]+|"severityText":"[a-z]+"' "$out" | sed 's/.*://' | paste -sd' ')
[[ $numbers == '21 "emerg" 19 "alert" 18 "crit" 17 "err" 13 "warning" 10 "notice" 9 "info" 5 "debug" 10 "notice"' ]] ||
    fail "severities: $numbers"

# errno, masks, LOG_PERROR; with and without the system's log.
for forward in true false; do
    preloaded 0 OTEL_LOGS_EXPORTER=console OTEL_C_SYSLOG_FORWARD=$forward "$hardened" errors
    expect_text "$out" 'ERROR .*open: No such file or directory'
    expect_no_text "$out" masked
    expect_no_text "$spy" masked
    expect_text "$spy" '^setlogmask 15$'
done
expect_no_text "$spy" '^<'
[[ $(cat "$err") == 'syslog_lines_fortified: to standard error' ]] || fail "standard error: $(cat "$err")"

# Nothing is lost when there is nobody to take it.
preloaded 0 OTEL_SDK_DISABLED=true OTEL_C_SYSLOG_FORWARD=false "$plain" once
expect_text "$spy" '^<3>once$'
preloaded 0 OTEL_LOGS_EXPORTER=none OTEL_C_SYSLOG_FORWARD=false "$plain" once
expect_no_text "$spy" '^<'
preloaded 0 OTEL_LOGS_EXPORTER=console OTEL_C_SYSLOG_FORWARD=false "$plain" late
expect_text "$out" 'in time'
expect_text "$spy" '^<6>very late$' # after our stop
expect_no_text "$spy" 'in time'
preloaded 0 OTEL_LOGS_EXPORTER=console OTEL_C_SYSLOG_FORWARD=false "$plain" late_child
expect_text "$spy" '^<6>very late$'
preloaded 0 OTEL_LOGS_EXPORTER=console OTEL_C_SYSLOG_FORWARD=perhaps OTEL_LOG_LEVEL=warn "$plain" once
expect_text "$err" 'OTEL_C_SYSLOG_FORWARD'

# Daemons, children, threads.
start_receiver
otlp="OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_SYSLOG_STOP_MS=30000"
preloaded 0 $otlp "$plain" by_hand
at_receiver 1 "message = 'before the fork'"
at_receiver 1 "message = 'after the fork'"
preloaded 0 $otlp "$hardened" by_daemon
at_receiver 1 "message = 'before daemon'"
waits_for_rows 1 "message = 'in the daemon'"
preloaded 0 $otlp "$plain" children
for i in 0 1 2; do at_receiver 1 "message = 'child $i goes'"; done
preloaded 0 $otlp "$plain" exec
at_receiver 1 "message = 'becomes sh'"
[[ $(cat "$out") == 'one two three four' ]] || fail "exec: $(cat "$out")"
preloaded 0 $otlp "$plain" threads
at_receiver 1000 "message LIKE 'thread line %'"
at_receiver 0 "message LIKE 'thread line %' AND $(attribute syslog.appname) NOT IN ('odd', 'even')"
for _ in 1 2 3; do
    start_receiver
    preloaded 0 OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_SYSLOG_STOP_MS=30000 timeout 60 "$plain" storm
    at_receiver 500 "message LIKE 'thread line %'"
    at_receiver 20 "message LIKE 'child line %'"
done
otlp="OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_C_SYSLOG_STOP_MS=30000"

# Three times in a row too slow is too slow. Sets ms.
within() { # milliseconds, variables, program, arguments...
    local before try
    for try in 1 2 3; do
        before=$(date +%s%N)
        preloaded 0 "${@:2}"
        ms=$((($(date +%s%N) - before) / 1000000))
        ((ms >= $1)) || return 0
    done
    fail "'${*:2}' took $ms ms, not $1"
}

# What is logged while the SDK starts goes to the system's log, and at once.
within 1500 $otlp SPY_NOISY=1 OTEL_C_SYSLOG_FORWARD=false "$plain" once
expect_text "$spy" '^<6>a thread is made$'
expect_no_text "$spy" '^<3>once$'
at_receiver 0 "message = 'a thread is made'"

# A receiver that is away holds nobody up longer than it may.
stop_receiver
preloaded 0 $otlp OTEL_C_SYSLOG_STOP_MS=0 "$plain" once
within 1000 $otlp OTEL_C_SYSLOG_STOP_MS=300 "$plain" once
((ms >= 300)) || fail "the exit did not wait: $ms ms"

# Programs that do not log are what they were, and so are those that have not logged yet.
preloaded 0 OTEL_LOGS_EXPORTER=console "$plain" quiet
[[ $(cat "$out") == $'1 threads\n1 threads with openlog, SDK: 0' ]] || fail "quiet: $(cat "$out")"
preloaded 0 $otlp "$plain" now
[[ $(cat "$out") == '2 threads, SDK: 1' ]] || fail "LOG_NDELAY: $(cat "$out")"

# An exporter that writes to syslog does not hear itself; the program has an SDK of its own, and keeps it.
preloaded 0 OTEL_LOGS_EXPORTER=syslog "$bin/custom_exporter"
lines=$(grep -c '^<' "$spy")
((lines > 0 && lines < 10)) || fail "custom_exporter wrote $lines lines to the system"

# Programs of others.
preloaded 1 OTEL_LOGS_EXPORTER=console /usr/sbin/nologin
expect_text "$out" 'ERROR2 \(crit\) syslog: Attempted login by .* syslog.facility=4 syslog.appname=nologin'
preloaded 0 OTEL_LOGS_EXPORTER=console python3 -c '
import syslog
syslog.openlog("snake", syslog.LOG_PID, syslog.LOG_MAIL)
syslog.syslog(syslog.LOG_WARNING, "from python")
syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_ERR))
syslog.syslog(syslog.LOG_WARNING, "masked")'
expect_text "$out" 'WARN .*from python syslog.facility=2 syslog.appname=snake syslog.procid=[0-9]+$'
expect_no_text "$out" masked
finish
