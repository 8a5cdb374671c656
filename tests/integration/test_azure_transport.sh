#!/usr/bin/env bash
# otel-log against a service of Application Insights that answers by a script, in real time: every answer there is, all
# at once. See azure_transport.py.
set -euo pipefail
export no_proxy='*'
exec python3 "$(dirname "${BASH_SOURCE[0]}")/azure_transport.py" "${OTEL_LOG:?OTEL_LOG does not name the program}"
