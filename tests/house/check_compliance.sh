#!/usr/bin/env bash
# Each test that docs/compliance.md names exists, runs, and each "yes" names one.
# usage: check_compliance.sh <root of the tree> <file with the names of all tests, one a line>
set -euo pipefail
names=$(realpath "$2")
cd "$1"
failures=0 checked=0

complain() {
    echo "docs/compliance.md: $1"
    failures=$((failures + 1))
}

# A function is there, and in a list of tests; or a row of a table of variables is, which may be made by a macro.
has() { # source, function
    local suffix=${2#OTEL_EXPORTER_OTLP_}
    if grep -qE "^static void $2\(void \*\*" "$1"; then
        grep -qE "\w\($2[,)]" "$1"
    elif [ "$suffix" != "$2" ]; then
        grep -qE "(SAME|OTLP)\(\"$suffix\"[,)]" "$1"
    else
        grep -qE "^ *\{\"$2\"," "$1"
    fi
}

check() { # test[:function]
    local test=${1%%:*} source=""
    checked=$((checked + 1))
    grep -qx "$test" "$names" || { complain "$test is no test that runs"; return; }
    [[ $1 == *:* ]] || return 0
    source=$(ls "tests/unit/$test.c" "tests/integration/$test.c" 2>/dev/null | head -n 1 || true)
    [ -n "$source" ] || { complain "$test has no source"; return; }
    has "$source" "${1#*:}" || complain "$source has no test ${1#*:}"
}

while IFS='|' read -r _ row what status test _; do
    case $status in *yes*) [[ $test =~ test_ ]] || complain "row$row($what) says yes and names no test" ;; esac
    for word in $(grep -oE 'test_\w+(:\w+)?' <<<"$test" || true); do check "$word"; done
done < <(grep -E '^\| ' docs/compliance.md)

echo "$checked names checked, $failures wrong"
[ "$failures" -eq 0 ] && [ "$checked" -gt 0 ]
