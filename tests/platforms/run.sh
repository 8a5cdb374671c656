#!/usr/bin/env bash
# API, SDK, processors and console compiled for another platform, and the unit tests of what does not depend on the
# kernel run there.
# usage: run.sh <platform> <directory to build in> [test...]
set -uo pipefail
platform=$1 work=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
emulator="" extra="" more="" without=""
forking="child_begins_with_its_own inert_child_counts_and_drops"
case $platform in
    # qemu wipes no memory on fork: what depends on that is left to musl, which runs on the kernel itself.
    # The kernel's headers are not among musl's; those of Debian are behind its own C library's, hence last.
    musl) more=queue_fork compiler=musl-gcc extra="-idirafter /usr/include -idirafter /usr/include/$(uname -m)-linux-gnu" ;;
    aarch64) more=queue without=$forking compiler=aarch64-linux-gnu-gcc emulator=qemu-aarch64 ;;
    s390x) more=queue without=$forking compiler=s390x-linux-gnu-gcc emulator=qemu-s390x ;; # the bytes the other way round
    *) echo "no such platform: $platform" >&2; exit 2 ;;
esac
tests=${*:-"arena attachments clone context deadline environment iterate levels log_batch logger macros
    memory_exporter processor reader record record_prepare record_writer registry resource scope severity span_context
    text batch_processor simple_processor start console_text queue_stress baggage trace_state ids context_storage
    tracecontext baggage_propagator b3 jaeger propagators carrier_headers carrier_env w3c_trace_context $more"}

if [ ! -f "$work/CMakeCache.txt" ] && ! cmake -S "$root" -B "$work" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_SYSTEM_PROCESSOR="$platform" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$extra" -DOTEL_WERROR=ON \
    -DOTEL_BUILD_SHARED=OFF -DOTEL_BUILD_OTLP=OFF -DOTEL_BUILD_AZURE_MONITOR=OFF -DOTEL_BUILD_TOOLS=OFF -DOTEL_BUILD_EXAMPLES=OFF \
    -DOTEL_BUILD_TESTS=OFF -DOTEL_INSTALL=OFF >"$work.log" 2>&1; then
    cat "$work.log"
    exit 1
fi
if ! cmake --build "$work" -j "$(nproc)" >"$work.log" 2>&1; then
    grep -E -A 4 'error|warning' "$work.log" | head -n 40
    echo "$platform: does not compile"
    exit 1
fi

flags="$extra -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -pthread -I $root/tests/platforms -I $root/tests
    -I $root/tests/support"
for directory in "$root"/api "$root"/sdk "$root"/exporters/*; do
    for inside in include src; do [ ! -d "$directory/$inside" ] || flags="$flags -I $directory/$inside"; done
done
mkdir -p "$work/tests"

compile() { # object, source
    $compiler $flags -c "$2" -o "$work/tests/$1.o"
}
run_one() { # test
    local source=$root/tests/unit/test_$1.c
    [ -e "$source" ] || source=$root/tests/queue/test_$1.c
    compile "test_$1" "$source" &&
        $compiler $extra -static -pthread "$work/tests/test_$1.o" "$work"/tests/*_fixture.o -Wl,--start-group $archives \
            -Wl,--end-group -o "$work/tests/test_$1" &&
        { run_test "$1" || run_test "$1" || run_test "$1"; } # an emulator may miss a deadline, but not three times
}
run_test() { # test
    CMOCKA_WITHOUT=$without timeout 100 $emulator "$work/tests/test_$1"
}
archives=$(find "$work" -name '*.a' | tr '\n' ' ')
export -f compile run_one run_test
export without compiler flags extra work root emulator archives

for fixture in sdk console propagation; do compile "${fixture}_fixture" "$root/tests/unit/${fixture}_fixture.c" || exit 1; done
compile tries_fixture "$root/tests/support/tries.c" || exit 1
printf '%s\n' $tests | xargs -P "$(nproc)" -I '{}' bash -c 'run_one {} >"$work/tests/test_{}.log" 2>&1; echo "$? test_{}"' >"$work/ends"
failed=0
while read -r code name; do
    [ "$code" -eq 0 ] && continue
    failed=$((failed + 1))
    echo "$platform: $name ended with $code"
    tail -n 5 "$work/tests/$name.log" 2>/dev/null
done <"$work/ends"
echo "$platform: $(($(wc -l <"$work/ends") - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
