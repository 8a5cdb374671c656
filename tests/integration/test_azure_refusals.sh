#!/usr/bin/env bash
# Connection strings that cannot be used: one line of words in which nothing of them is repeated; the program and the
# exporter beside are as they were.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/otel_log.sh"
key=cafe0000-0000-4000-8000-00000000cafe # the canary; so is every text that has it
name=APPLICATIONINSIGHTS_CONNECTION_STRING
export OTEL_LOG_LEVEL=trace

refused() { # connection string, what is said
    export APPLICATIONINSIGHTS_CONNECTION_STRING=$1
    OTEL_LOGS_EXPORTER=console,azure_monitor send 0 hello
    expect_text "$out" 'hello'
    expect_text "$err" "ERROR: azure_monitor: $name cannot be used, nothing is sent: $2"
    [[ $(grep -ci 'azure' "$err") == 1 ]] || fail "not one line: $(cat "$err")"
    expect_no_text "$err" 'cafe|canary'
    expect_no_text "$out" 'cafe|canary'
    OTEL_LOGS_EXPORTER=azure_monitor send 0 hello # nothing takes its place
    expect_empty "$out"
    expect_no_text "$err" 'cafe|canary'
}

refused '' 'it is not set'
refused ' ' 'InstrumentationKey: it is missing'
refused "$key" "a part of it has no '='"
refused "InstrumentationKey" "a part of it has no '='"
refused "InstrumentationKey=" 'InstrumentationKey: it is empty'
refused "InstrumentationKey=$key;IngestionEndpo" "a part of it has no '='"
refused "InstrumentationKey=$key;IngestionEndpoint=" 'IngestionEndpoint: it is empty'
refused "InstrumentationKey=$key;IngestionEndpoint=htt" 'IngestionEndpoint: it does not begin'
refused "InstrumentationKey=$key;IngestionEndpoint=https://" 'IngestionEndpoint: it names no host'
refused "InstrumentationKey=$key;IngestionEndpoint=https://canary:canary@127.0.0.1:1" 'IngestionEndpoint: it has user'
refused "InstrumentationKey=$key;IngestionEndpoint=https://canary/?$key" 'IngestionEndpoint: it has a query'
refused "InstrumentationKey=$key;EndpointSuffix=x/@canary" 'EndpointSuffix: it has a character'
refused "InstrumentationKey=$key$key" 'InstrumentationKey: it is longer than 40'
refused "InstrumentationKey=%s%n%n$key" 'InstrumentationKey: it (has a character|is longer)'
refused $'InstrumentationKey='"$key"$'\xff\xfe\x01' 'InstrumentationKey: it has a character'
refused "InstrumentationKey=$key;x=$(head -c 5000 /dev/zero | tr '\0' a)" 'it is longer than 4096 bytes'

# A key that is none is taken, and doubted without being repeated; nobody listens there, and that is all that happens.
export APPLICATIONINSIGHTS_CONNECTION_STRING='InstrumentationKey=canary-key;IngestionEndpoint=http://127.0.0.1:1'
OTEL_LOGS_EXPORTER=console,azure_monitor send 1 --timeout 200 hello
expect_text "$out" 'hello'
expect_text "$err" 'the instrumentation key is no UUID'
expect_no_text "$err" 'canary'
finish
