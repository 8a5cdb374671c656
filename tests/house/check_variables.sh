#!/usr/bin/env bash
# Variables have one home: no source names one in quotes (the lists variables.def do, without), only environment.c asks
# the system for one, and the table in README.md is what the lists say.
# usage: check_variables.sh <root of the tree>
set -euo pipefail
cd "$1"
failures=0

complain() { # what is wrong; lines file:number:text on standard input
    local line
    while IFS= read -r line; do
        echo "${line%%:*}:$(cut -d: -f2 <<<"$line"): $1"
        failures=$((failures + 1))
    done
}

sources() { find api sdk processors exporters bridges tools -name '*.[ch]' | sort; }

complain "a variable's name belongs into a list, variables.def" < <(sources | xargs grep -nE '"OTEL_[A-Z0-9_]*"' || true)
complain "a variable's name belongs into a list, variables.def" < <(
    sources | xargs grep -nE '\<otel_env_(text|number|flag)\(\s*"' || true)
complain "only environment.c asks the system" < <(
    sources | grep -v '^sdk/src/common/environment\.c$' | xargs grep -nE '\<(secure_)?getenv\(' || true)
if ! python3 docs/environment_table.py --check .; then failures=$((failures + 1)); fi

echo "$failures wrong"
[ "$failures" -eq 0 ]
