#!/usr/bin/env bash
# The example programs of the bridges: each line arrives with its severity and place.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
out=$work/stdout err=$work/stderr
export OTEL_LOGS_EXPORTER=console

run() { # exit status, program, arguments...
    local code=0
    "$bin/$2" "${@:3}" >"$out" 2>"$err" || code=$?
    [[ $code == "$1" ]] || fail "$2 returned $code instead of $1"
    expect_empty "$err"
}

run 0 bridge_syslog / /nowhere
expect_text "$out" '(INFO|WARN \(warning\)) +syslog: / has [0-9]+ % free .*syslog.appname=disk_check .* disk_check.c:'
expect_text "$out" 'ERROR \(err\) syslog: statvfs failed for /nowhere syslog.facility=3 .* disk_check.c:'

run 1 bridge_printf /etc/passwd /nowhere /dev/null
expect_text "$out" 'INFO  legacy: loading /etc/passwd legacy.c:'
expect_text "$out" 'ERROR legacy: /nowhere: No such file or directory legacy.c:'
expect_text "$out" 'WARN  legacy: /dev/null is empty legacy.c:'
expect_text "$out" 'ERROR legacy: 1 of 3 failed legacy.c:'
[[ $(grep -c . "$out") == 8 ]] || fail "bridge_printf: $(cat "$out")"

run 0 bridge_log_c
expect_text "$out" 'INFO  log.c: listening on port 8080 app_log.c:'
expect_text "$out" 'ERROR log.c: no answer from upstream app_log.c:'

run 0 bridge_glib
expect_text "$out" 'INFO2 \(MESSAGE\) player: playing track 7 player.c:'
expect_text "$out" 'WARN \(WARNING\) player: the buffer is at 3 % player.c:'
expect_text "$out" 'INFO  player-codec: 960 frames decoded CODEC=opus'

# Without an SDK the old program is back.
OTEL_SDK_DISABLED=true "$bin/bridge_printf" /nowhere >"$out" 2>"$err" || true
expect_text "$out" '^loading /nowhere$'
expect_text "$err" '^/nowhere: No such file or directory$'
OTEL_SDK_DISABLED=true "$bin/bridge_glib" >"$out" 2>"$err"
expect_text "$err" 'WARNING.*the buffer is at 3 %'
finish
