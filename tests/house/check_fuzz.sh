#!/usr/bin/env bash
# Every fuzz target has a corpus that is not empty, every corpus a target, and tests/README.md says what each reads.
# usage: check_fuzz.sh <root of the tree>
set -euo pipefail
cd "$1/tests"
failures=0 checked=0

complain() {
    echo "$*"
    failures=$((failures + 1))
}

for target in fuzz/fuzz_*.c; do
    name=$(basename "$target" .c) corpus=fuzz/corpus/$(basename "$target" .c | sed 's/^fuzz_//')
    checked=$((checked + 1))
    [ -n "$(find "$corpus" -type f 2>/dev/null)" ] || complain "$target has no corpus in tests/$corpus"
    grep -q "\`$name\`" README.md || complain "tests/README.md does not say what $name reads"
    grep -q 'LLVMFuzzerTestOneInput' "$target" || complain "$target is no fuzz target"
done
for corpus in fuzz/corpus/*/; do
    [ -f "fuzz/fuzz_$(basename "$corpus").c" ] || complain "tests/$corpus has no target"
done
echo "$checked fuzz targets, $failures faults"
[ "$failures" -eq 0 ] && [ "$checked" -gt 0 ]
