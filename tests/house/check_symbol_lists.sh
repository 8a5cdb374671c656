#!/usr/bin/env bash
# The reviewed lists of exported symbols name what the public headers declare, sorted, nothing else.
# usage: check_symbol_lists.sh <root of the tree>
set -euo pipefail
cd "$1"
failures=0
for list in api/exported_symbols.txt sdk/exported_symbols.txt processors/exported_symbols.txt exporters/*/exported_symbols.txt bridges/exported_symbols.txt \
    bridges/glib/exported_symbols.txt; do
    if ! cmake/list_symbols.sh "$(dirname "$list")/include" | diff --label headers --label "$list" -u - "$list"; then
        echo "$list differs from the headers beside it: review with cmake/list_symbols.sh"
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
