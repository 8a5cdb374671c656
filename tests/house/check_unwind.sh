#!/usr/bin/env bash
# Debuggers, profilers, crash handlers and C++ exceptions find their way through every function of ours: libraries have
# unwind tables for all of their code.
# usage: check_unwind.sh <library>...
set -euo pipefail
bad=0
for library in "$@"; do
    missing=$(awk '
        FNR == NR { if (match($0, /pc=[0-9a-f]+\.\./)) known[substr($0, RSTART + 3, RLENGTH - 5)] = 1; next }
        NF == 4 && tolower($3) == "t" { functions++; if (!($1 in known)) print $4 }
        END { if (!functions) print "anything (it is stripped)" }' \
        <(readelf --debug-dump=frames "$library") <(nm -S "$library"))
    [ -n "$missing" ] || continue
    echo "$(basename "$library") has no unwind table for: $(tr '\n' ' ' <<<"$missing")"
    bad=1
done
exit $bad
