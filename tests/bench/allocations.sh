#!/usr/bin/env bash
# In steady state an emit allocates nothing, the whole process at most a tenth of an allocation a record while it
# exports, and every record arrives exactly once.
# usage: allocations.sh <directory of the bench programs>
set -euo pipefail
programs=$1
. "$(dirname "$0")/parts.sh"
failures=0

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

expect() { # key, value, line
    local found
    found=$(value_of "$1" "$3")
    [[ $found == "$2" ]] || fail "$1=$found instead of $2: $3"
}

run() { # arguments of the bench; sets line
    line=$(LD_PRELOAD=$counter "$programs/bench" "$@")
    echo "$line"
    expect rival otel-c "$line"
    expect dropped 0 "$line"
}

at_most_a_tenth() { # records, line
    local found
    found=$(value_of heap_all "$2")
    [[ -n $found && $((found * 10)) -le $1 ]] || fail "more than 0.1 allocations a record: $2"
}

# The counter itself: starting threads allocates, so it must have seen something.
run emit exporter=null n=100 threads=4
[[ $(value_of heap_all "$line") -gt 0 ]] || fail "the counter counts nothing: $line"

for threads in 1 2; do
    for code in 0 1; do
        n=51200
        run emit exporter=null n=$n burst=5120 queue=16384 delay_ms=20 threads=$threads code=$code
        expect heap_emit 0 "$line"
        expect exported $n "$line"
        at_most_a_tenth $n "$line"
    done
done

n=100000
through() { # exporter, threads
    start_sink ids=1
    run emit exporter="$1" n=$n queue=131072 delay_ms=100 threads="$2"
    stop_sink
    echo "$sink_line"
    expect heap_emit 0 "$line"
    at_most_a_tenth $n "$line"
    expect records $((n + 1000)) "$sink_line" # with the warm-up
    expect distinct $((n + 1000)) "$sink_line"
    expect dups 0 "$sink_line"
    expect bad 0 "$sink_line"
}
for threads in 1 2; do through otlp $threads; done
through azure_monitor 1
OTEL_C_AZURE_COMPRESSION=none through azure_monitor 1

while read -r line; do
    echo "$line"
    expect heap 0 "$line"
done < <(LD_PRELOAD=$counter "$programs/propagation" n=10000)

echo "$failures failures"
[[ $failures == 0 ]]
