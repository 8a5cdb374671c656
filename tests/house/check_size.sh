#!/usr/bin/env bash
# Text and data of libraries, against their budget.
# usage: check_size.sh <bytes> <library>...
set -euo pipefail
budget=$1
shift
total=0
for library in "$@"; do
    read -r text data _ < <(size "$library" | tail -n 1)
    printf '%8d text %7d data  %s\n' "$text" "$data" "$(basename "$library")"
    total=$((total + text + data))
done
echo "together $total bytes of $budget"
[ "$total" -le "$budget" ]
