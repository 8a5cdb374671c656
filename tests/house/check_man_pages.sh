#!/usr/bin/env bash
# Every function that is exported has a manual page, made from the comment in its header, and the pages are well formed.
# usage: check_man_pages.sh <root of the tree>
set -euo pipefail
cd "$1"
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
bad=0
find . -path ./build -prune -o -name include -type d -print0 | grep -zv '/tests/' |
    xargs -0 python3 docs/man_pages.py 0.0.0 "$directory"
while read -r symbol; do
    case $symbol in otel_log_gate | otel_*_[gs]etter | otel_propagator_[!r]*) continue ;; esac # variables
    [ -f "$directory/man3/$symbol.3" ] || { echo "$symbol is exported and in no public header's page"; bad=1; }
done < <(find . \( -path ./build -o -path ./bridges/preload \) -prune -o -name exported_symbols.txt -print0 | xargs -0 cat)
for page in "$directory"/man3/*.h.3; do
    mandoc -T lint -W error "$page" || bad=1
done
exit "$bad"
