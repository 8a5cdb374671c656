#!/usr/bin/env bash
# The page of the desk in a real browser: test_desk_page.py. Its screenshots stay in <build>/desk_page.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
for name in "${!OTEL_@}" DESK_TOKEN; do unset "$name"; done
export DESK=${COLLECTOR_DESK:-$BIN_DIR/collector_desk} PYTHONPATH=$here/../support PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/test_desk_page.py" "$BUILD_DIR/desk_page"
