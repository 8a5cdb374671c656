#!/bin/sh
# Seeds a fault into the queue (queue.h: OTEL__QUEUE_MUTANT) and sees the tests fail: stress, and step or kill9.
# Usage: mutants.sh [compiler]. A test that a mutant survives tests nothing.
set -eu
CC=${1:-${CC:-cc}}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ulimit -c 0

build() { # mutant
    for name in stress step kill9; do
        "$CC" -std=c11 -D_GNU_SOURCE -O2 -pthread "-DOTEL__QUEUE_MUTANT=$1" \
            -I"$root/api/include" -I"$root/sdk/include" -I"$root/sdk/src" -I"$root/tests" \
            "$here/test_queue_$name.c" "$root"/sdk/src/queue/queue_*.c "$root/sdk/src/common/allocator.c" \
            -o "$work/$name.$1"
    done
}

fails() { # test, mutant
    if timeout 60 "$work/$1.$2" >"$work/output" 2>&1; then
        echo "mutant $2: $1 passes"
        return 1
    fi
    [ "$2" = 0 ] || echo "mutant $2: $1 fails, as it must: $(tail -n 1 "$work/output")"
}

build 0
for name in stress step kill9; do
    if fails "$name" 0 >"$work/verdict"; then
        echo "$name fails without any mutant:"
        cat "$work/output"
        exit 1
    fi
done
survived=0
for mutant in 1 2 3; do
    build "$mutant"
    fails stress "$mutant" || survived=1
    fails step "$mutant" || fails kill9 "$mutant" || survived=1
done
exit "$survived"
