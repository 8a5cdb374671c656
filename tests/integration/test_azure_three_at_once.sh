#!/usr/bin/env bash
# One command, three backends: what otel-log is given reaches the console, a Collector and Application Insights, each
# record once; and two of them when the third is nowhere. OTEL_LOG and COLLECTOR_DESK name the two programs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/otel_log.sh"
lines=1000
export OTEL_LOGS_EXPORTER=console,otlp,azure_monitor OTEL_SERVICE_NAME=three

to() { # URL of the Collector, URL of the service
    export OTEL_EXPORTER_OTLP_ENDPOINT=$1
    export APPLICATIONINSIGHTS_CONNECTION_STRING="InstrumentationKey=00000000-0000-0000-0000-00000000beef;IngestionEndpoint=$2"
}

on_console() {
    [[ $(grep -cE 'line [0-9]+' "$out") == "$lines" ]] || fail "$(grep -c . "$out") lines on the console"
}

of_each() { # how many rows of each line, and how many of them came as the service's items
    expect_rows "$lines" "SELECT message FROM traces WHERE cloud_RoleName = 'three' GROUP BY message HAVING count(*) = $1"
    expect_rows "$((lines * $2))" "SELECT 1 FROM traces WHERE sdkVersion LIKE '%c11:otel%'"
}

# The lines, and their end when the receiver has them all: the time of a stop is then for the dead one alone.
lines_until_there() {
    cat "$work/lines"
    eventually has_rows "$lines"
}
has_rows() { [[ $(rows 'SELECT 1 FROM traces') == "$1" ]]; }

seq -f 'line %.0f' "$lines" >"$work/lines"
start_receiver
to "$url" "$url"
send 0 --stats <"$work/lines"
on_console
of_each 2 1

start_receiver
to http://127.0.0.1:9 "$url"
send 1 --timeout 1000 < <(lines_until_there)
on_console
of_each 1 1

start_receiver
to "$url" http://127.0.0.1:9
send 1 --timeout 1000 < <(lines_until_there)
on_console
of_each 1 0
finish
