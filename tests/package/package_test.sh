#!/usr/bin/env bash
# The installed tree as its users see it. One step a call; `install` comes first.
# usage: package_test.sh <step> <source tree> <build tree> <working directory>
# CC and CXX name the compilers.
set -euo pipefail
step=$1 source=$2 build=$3 work=$4
here=$source/tests/package
prefix=$work/prefix
: "${CC:=cc}" "${CXX:=c++}"
export CC CXX OTEL_LOGS_EXPORTER=console

die() {
    echo "$*" >&2
    exit 1
}

# Runs a program and expects each text in what it prints.
expect() { # program, text...
    local said text
    said=$("${run[@]}" "$1") || die "$1 failed with $?: $said"
    for text in "${@:2}"; do grep -qF -- "$text" <<<"$said" || die "$1 did not print \"$text\" but: $said"; done
}

expect_silence() { # program, all that it prints
    local said
    said=$("${run[@]}" "$1" 2>&1) || die "$1 failed with $?: $said"
    [ "$said" = "$2" ] || die "$1 printed: $said"
}

run=(env)

configure_and_build() { # directory of the project, directory to build in, cmake arguments...
    rm -rf "$2"
    if ! { cmake -S "$1" -B "$2" "${@:3}" && cmake --build "$2" -j 2; } >"$2.log" 2>&1; then
        cat "$2.log"
        die "$1 does not build"
    fi
}

pkg_config_dir() { dirname "$(find "$1" -name otel.pc)"; }
lib_dir() { dirname "$(pkg_config_dir "$1")"; }

check_consumers() { # directory of the built consumers
    local kind
    for kind in c cxx c_static cxx_static; do expect "$1/consumer_$kind" 'hello from the consumer' 42; done
    expect_silence "$1/no_sdk" 42
    expect "$1/with_sdk" 'hello from the component' 'input is 21'
    if ldd "$1/consumer_c_static" | grep libotel; then die "consumer_c_static is not static"; fi
    ldd "$1/consumer_c" | grep libotel.so.0 >/dev/null || die "consumer_c is not shared"
}

step_install() {
    rm -rf "$work"
    mkdir -p "$work"
    cmake --install "$build" --prefix "$prefix" >"$work/install.log"
    find "$prefix" -type f -o -type l | sed "s|$prefix/||" | LC_ALL=C sort
}

# What was installed goes again, and nothing else.
step_uninstall() {
    local place=$work/uninstalled left
    rm -rf "$place"
    mkdir -p "$place/include/otel"
    touch "$place/include/otel/of_another.h"
    cmake --install "$build" --prefix "$place" >/dev/null
    cmake --build "$build" --target uninstall >/dev/null
    left=$(cd "$place" && find . -type f -o -type l -o -type d -path '*/otel*')
    [ "$left" = "$(printf '%s\n' ./include/otel ./include/otel/of_another.h)" ] || die "left behind: $left"
}

step_cmake() {
    configure_and_build "$here/cmake_consumer" "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix"
    check_consumers "$work/cmake"
}

# The other compiler, and a newer C++.
step_cmake_cxx17() {
    CC=clang CXX=clang++ configure_and_build "$here/cmake_consumer" "$work/cmake_cxx17" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_CXX_STANDARD=17 -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
    check_consumers "$work/cmake_cxx17"
}

# With otel::api alone, in a place where nothing else of ours is to be found.
step_api_only() {
    local alone=$work/api_alone lib
    rm -rf "$alone"
    cp -a "$prefix" "$alone"
    configure_and_build "$here/api_only" "$work/api_only" -DCMAKE_PREFIX_PATH="$alone"
    lib=$(lib_dir "$alone")
    find "$lib" -name 'libotel*' ! -name 'libotel-api.so*' -delete
    expect_silence "$work/api_only/no_sdk" 42
    expect_silence "$work/api_only/no_sdk_static" 42
    local needed
    needed=$(readelf -d "$lib/libotel-api.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
        grep -vE '^(libc\.|ld-linux)' || true)
    [ -z "$needed" ] || die "libotel-api needs more than libc: $needed"
}

step_pkg_config() {
    local directory=$work/pkg_config lib module
    local warnings="-Wall -Wextra -Wpedantic -Wconversion -Werror"
    rm -rf "$directory"
    mkdir -p "$directory"
    PKG_CONFIG_PATH=$(pkg_config_dir "$prefix")
    export PKG_CONFIG_PATH
    lib=$(lib_dir "$prefix")
    run=(env LD_LIBRARY_PATH="$lib")
    for module in otel otel-api otel-sdk otel-processors otel-http otel-exporter-console otel-exporter-otlp otel-exporter-azure-monitor otel-bridges otel-bridge-glib; do
        pkg-config --exists --print-errors "$module"
    done
    $CC -std=c11 $warnings "$here/consumer.c" -o "$directory/consumer_c" $(pkg-config --cflags --libs otel)
    $CXX -std=c++11 $warnings "$here/consumer.cc" -o "$directory/consumer_cxx" $(pkg-config --cflags --libs otel)
    expect "$directory/consumer_c" 'hello from the consumer' 42
    expect "$directory/consumer_cxx" 'hello from the consumer' 42
    $CC -std=c11 $warnings -fPIC -shared "$here/component.c" -o "$directory/libcomponent.so" \
        $(pkg-config --cflags --libs otel-api)
    $CC -std=c11 $warnings "$here/no_sdk.c" -o "$directory/no_sdk" "$directory/libcomponent.so" \
        -Wl,-rpath-link,"$lib"
    expect_silence "$directory/no_sdk" 42
}

step_pkg_config_static() {
    local directory=$work/pkg_config_static
    rm -rf "$directory"
    cp -a "$prefix" "$directory"
    find "$directory" -name 'libotel*.so*' -delete
    PKG_CONFIG_PATH=$(pkg_config_dir "$directory")
    export PKG_CONFIG_PATH
    $CC -std=c11 "$here/consumer.c" -o "$directory/consumer_c" $(pkg-config --static --cflags --libs otel)
    $CXX -std=c++11 "$here/consumer.cc" -o "$directory/consumer_cxx" $(pkg-config --static --cflags --libs otel)
    $CC -std=c11 "$here/component.c" "$here/no_sdk.c" -o "$directory/no_sdk" \
        $(pkg-config --static --cflags --libs otel-api)
    expect "$directory/consumer_c" 'hello from the consumer' 42
    expect "$directory/consumer_cxx" 'hello from the consumer' 42
    expect_silence "$directory/no_sdk" 42
    if ldd "$directory/consumer_c" | grep libotel; then die "not static"; fi
}

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

# Each compiler and language there is, as "name:command".
compilers="gcc:gcc -std=c11 -Wstrict-prototypes
clang:clang -std=c11 -Wstrict-prototypes
g++:g++ -x c++ -std=c++11 -Wold-style-cast
g++17:g++ -x c++ -std=c++17 -Wold-style-cast
clang++:clang++ -x c++ -std=c++11 -Wold-style-cast
clang++17:clang++ -x c++ -std=c++17 -Wold-style-cast"

# Every public macro, used in both languages with both compilers, without a warning.
step_uses() {
    local directory=$work/uses missing name command
    rm -rf "$directory"
    mkdir -p "$directory"
    missing=$(find "$prefix/include/otel" -name '*.h' -exec sed -nE 's/^#define (OTEL_[A-Z0-9_]+)\(.*/\1/p' {} + | sort -u |
        grep -vE '^OTEL_(P_.*|CAST|PRINTF|STATIC_ASSERT|UNLIKELY)$' |
        while read -r name; do grep -qE "\\b$name\\(" "$here/uses.c" "$here/bridges/bridges.c" || echo "$name"; done)
    [ -z "$missing" ] || die "neither tests/package/uses.c nor bridges/bridges.c uses: $missing"
    PKG_CONFIG_PATH=$(pkg_config_dir "$prefix")
    export PKG_CONFIG_PATH
    run=(env LD_LIBRARY_PATH="$(lib_dir "$prefix")" OTEL_LOGS_EXPORTER=console)
    while IFS=: read -r name command; do
        $command $warnings -O2 "$here/uses.c" -o "$directory/$name" $(pkg-config --cflags --libs otel) -x none
        expect "$directory/$name" 'n=xy' 'order.placed' 'no such file' '1 of it k=v n=1 request.id=r-1'
    done <<<"$compilers"
}

# Compiles a block of a document with each compiler of its language; what it gives is $directory/<file>.<compiler>.
compile_snippet() { # file, options...
    local file=$1 name command language=c
    [ "${file##*.}" = c ] || language=c++
    while IFS=: read -r name command; do
        case $language:$name in c:g++* | c:clang++* | c++:gcc | c++:clang) continue ;; esac
        $command $warnings "${@:2}" -c "$directory/$file" -o "$directory/$file.$name.o" $(pkg-config --cflags otel) ||
            die "the block of $file does not compile with $name"
    done <<<"$compilers"
}

link_and_run() { # file, exporter, text...
    $CC "$directory/$1.gcc.o" "$directory/driver.o" -o "$directory/$1.run" $(pkg-config --libs otel)
    run=(env LD_LIBRARY_PATH="$(lib_dir "$prefix")" OTEL_LOGS_EXPORTER="$2")
    expect "$directory/$1.run" "${@:3}"
}

# Every block of C and C++ in the documents compiles as it stands against the installed tree; the exporter is selected
# by its name, and the processor does what it is for.
step_readme() {
    local directory=$work/readme document file kind name kinds="" said
    rm -rf "$directory"
    mkdir -p "$directory"
    PKG_CONFIG_PATH=$(pkg_config_dir "$prefix")
    export PKG_CONFIG_PATH
    $CC -std=c11 $warnings -c "$here/snippet_driver.c" -o "$directory/driver.o" $(pkg-config --cflags otel)
    for document in "$source"/README.md "$source"/docs/*.md; do
        [ -e "$document" ] && python3 "$here/snippets.py" "$document" "$directory"
    done >"$directory/list"
    while read -r file kind; do
        echo "$file: $kind"
        kinds="$kinds ${file##*.}:$kind"
        compile_snippet "$file"
        if ! grep -q '^int main(void)' "$directory/$file"; then continue; fi
        compile_snippet "$file" -Dmain=snippet_main -Wno-missing-prototypes
        case $kind in
            exporter)
                name=$(sed -nE 's/.*\.name = "([^"]+)".*/\1/p' "$directory/$file" | head -n 1)
                link_and_run "$file" "$name" 'hello from the driver'
                said=$(OTEL_LOGS_EXPORTER=none "${run[@]}" OTEL_LOGS_EXPORTER=none "$directory/$file.run")
                [ -z "$said" ] || die "the exporter of $file is there without being named: $said"
                ;;
            processor)
                link_and_run "$file" console 'hello from the driver' 'user.email=***'
                ;;
        esac
    done <"$directory/list"
    for kind in c:program cc:program c:exporter c:processor; do
        [[ " $kinds " == *" $kind "* ]] || die "the documents show no $kind"
    done
}

# Moved to another place after it was installed: nothing in it knows where it was.
step_relocated() {
    local moved=$work/moved/some/where
    rm -rf "$work/moved" "$work/relocated"
    mkdir -p "$(dirname "$moved")"
    cp -a "$prefix" "$moved"
    if grep -rl -- "$prefix" "$moved"; then die "these know the place where they were installed"; fi
    if grep -rlI -- "$build" "$moved"; then die "these know the place where they were built"; fi
    configure_and_build "$here/cmake_consumer" "$work/relocated" -DCMAKE_PREFIX_PATH="$moved"
    check_consumers "$work/relocated"
    PKG_CONFIG_PATH=$(pkg_config_dir "$moved")
    export PKG_CONFIG_PATH
    $CC -std=c11 "$here/consumer.c" -o "$moved/consumer" $(pkg-config --cflags --libs otel)
    run=(env LD_LIBRARY_PATH="$(lib_dir "$moved")")
    expect "$moved/consumer" 'hello from the consumer' 42
    ldd "$work/relocated/consumer_c" | grep -F "$moved" >/dev/null || die "the consumer uses other libraries"
}

# The bridges' headers from the installed tree, and the library for LD_PRELOAD.
step_bridges() {
    local directory=$work/bridges kind said lib alone=$work/bridges_alone
    lib=$(lib_dir "$prefix")
    configure_and_build "$here/bridges" "$directory" -DCMAKE_PREFIX_PATH="$prefix"
    for kind in c cxx cxx17 c_static; do
        expect "$directory/bridges_$kind" 'ERROR (err) syslog: from syslog' 'syslog.appname=package' \
            'WARN  printf: from fprintf' 'INFO  printf: from printf' 'ERROR printf: from perror: ' \
            'DEBUG log.c: from log.c' 'WARN (WARNING) package: from glib'
    done
    [ "$("${run[@]}" readelf -d "$directory/bridges_c" | grep -c 'libotel-bridge')" = 2 ] || die "not linked as told"
    said=$(cd / && "${run[@]}" LD_PRELOAD="$lib/libotel-syslog.so" OTEL_C_SYSLOG_FORWARD=false "$directory/only_syslog")
    grep -qF 'ERROR (err) syslog: it knows nothing' <<<"$said" || die "the preloaded library said: $said"
    mkdir -p "$alone"
    cp "$lib/libotel-syslog.so" "$lib"/libotel-api.so.0* "$alone"
    : >"$alone/libotel.so.0" # no library, and found before one that this machine may have
    said=$("${run[@]}" LD_PRELOAD="$alone/libotel-syslog.so" OTEL_C_SYSLOG_FORWARD=false "$directory/only_syslog" 2>&1)
    grep -q 'only_syslog: libotel-syslog: .*libotel.so.0: .*; lines go to this log alone' <<<"$said" || die "alone: $said"
    grep -qx 'only_syslog: it knows nothing' <<<"$said" || die "alone it takes the line: $said"
    PKG_CONFIG_PATH=$(pkg_config_dir "$prefix")
    export PKG_CONFIG_PATH
    $CC -std=c11 -Wall -Wextra -Werror "$here/bridges/bridges.c" -o "$directory/by_pkg_config" \
        $(pkg-config --cflags --libs otel-bridges otel-bridge-glib otel)
    run=(env LD_LIBRARY_PATH="$lib")
    expect "$directory/by_pkg_config" 'ERROR (err) syslog: from syslog' 'WARN (WARNING) package: from glib'
}

# Without libcurl, to prove that the console needs none; whatever the other project builds its own code with.
within_project() { # how, cmake arguments...
    configure_and_build "$here/subdirectory" "$work/$1" -DHOW="$1" -DOTEL_SOURCE="$source" -DOTEL_BUILD_OTLP=OFF \
        -DOTEL_BUILD_AZURE_MONITOR=OFF -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON -DCMAKE_INSTALL_PREFIX="$work/$1/installed" \
        -DCMAKE_UNITY_BUILD=ON "${@:2}"
    expect "$work/$1/consumer" 'hello from the consumer' 42
    expect "$work/$1/consumer_static" 'hello from the consumer' 42
    cmake --install "$work/$1" >/dev/null
    [ "$(cd "$work/$1/installed" && find . -type f)" = ./bin/consumer ] || die "more than the parent's own was installed"
}
step_subdirectory() {
    CC=clang within_project add_subdirectory -DCMAKE_C_FLAGS=-fsanitize=address
    ldd "$work/add_subdirectory/consumer" | grep libotel.so.0 >/dev/null || die "the consumer is not shared"
}
step_fetchcontent() {
    within_project FetchContent -DBUILD_SHARED_LIBS=OFF
    if ldd "$work/FetchContent/consumer" | grep libotel; then die "BUILD_SHARED_LIBS=OFF, and the consumer is not static"; fi
}

# Host × plug-in × scope: loaded and unloaded again and again while threads log.
step_plugins() {
    local host plugin scope heard directory=$work/plugins
    configure_and_build "$here/plugin" "$directory" -DCMAKE_PREFIX_PATH="$prefix"
    for host in host host_static; do
        for plugin in shared static open old sdk own; do
            for scope in local global; do
                echo "$host with $plugin, $scope"
                printf '#!/bin/sh\nexec "%s" "%s" %s\n' "$directory/$host" "$directory/libplugin_$plugin.so" $scope \
                    >"$directory/run"
                chmod +x "$directory/run"
                heard='hello from the plug-in'
                case $plugin in sdk | own) heard='hello from the host' ;; esac
                expect "$directory/run" 'hello from the host' "$heard" 'goodbye from the host'
            done
        done
    done
}

# Sets url. The receiver ends with us.
start_receiver() { # database, arguments...
    local line
    coproc DESK { exec "$build/bin/collector_desk" serve --listen 127.0.0.1:0 --db "$@"; }
    desk=$DESK_PID
    trap 'kill "$desk" 2>/dev/null || true' EXIT
    read -r -t 60 line <&"${DESK[0]}" || die "the receiver did not start"
    url=${line#listening on }
}

stop_receiver() {
    kill "$desk"
    wait "$desk" 2>/dev/null || true
}

# A plug-in whose own SDK talks to a receiver, through libcurl: unloaded, it leaves no thread, descriptor or mapping; nor
# when the receiver hangs and it goes in the middle of an export.
step_unload() {
    local directory=$work/unload host scope said logged rows all=0 try
    configure_and_build "$here/plugin" "$directory" -DCMAKE_PREFIX_PATH="$prefix"
    export OTEL_TEST_PLUGIN_EXPORTER=otlp no_proxy=127.0.0.1 OTEL_LOG_LEVEL=off
    start_receiver "$directory/desk.db"
    for host in host host_static; do
        for scope in local global; do
            said=$(OTEL_EXPORTER_OTLP_ENDPOINT=$url "$directory/$host" "$directory/libplugin_sdk.so" $scope) ||
                die "$host, $scope failed: $said"
            logged=$(sed -n 's/^the plug-in logged \([0-9]*\) records$/\1/p' <<<"$said")
            echo "$host, $scope: $logged records"
            all=$((all + logged))
        done
    done
    rows=$("$build/bin/collector_desk" query --db "$directory/desk.db" \
        "SELECT 1 FROM traces WHERE cloud_RoleName = 'plugin'" | tail -n 1)
    [ "$rows" = "($all rows)" ] || die "$rows arrived of $all"
    stop_receiver

    start_receiver "$directory/hanging.db" --hang
    for host in host host_static; do
        # A stop whose thread does not come home in time keeps the library, on purpose: but not three times in a row.
        for try in 1 2 3 failed; do
            [ $try != failed ] || die "$host beside a receiver that hangs failed: $said"
            ! said=$(OTEL_EXPORTER_OTLP_ENDPOINT=$url OTEL_BLRP_SCHEDULE_DELAY=10 OTEL_TEST_PLUGIN_STOP_MS=50 \
                "$directory/$host" "$directory/libplugin_sdk.so" local) || break
        done
    done
    stop_receiver
}

# Each example is a project that builds by itself against what is installed.
step_examples() {
    local name directory=$work/examples
    mkdir -p "$directory"
    for name in $(grep -l 'find_package(otel' "$source"/examples/*/CMakeLists.txt); do
        name=$(basename "$(dirname "$name")")
        echo "$name"
        configure_and_build "$source/examples/$name" "$directory/$name" -DCMAKE_PREFIX_PATH="$prefix"
    done
    expect "$directory/hello/hello" 'order placed'
    expect "$directory/event_loop/event_loop" '200 requests, 600 records, 1 thread'
    expect "$directory/library/library_heard"
}

# The library's name of a list: api/exported_symbols.txt -> libotel-api.
library_of() {
    case $1 in
        api) echo libotel-api ;;
        sdk) echo libotel-sdk ;;
        processors) echo libotel-processors ;;
        exporters/http) echo libotel-http ;;
        exporters/builtin) echo libotel ;;
        bridges) echo libotel-bridges ;;
        bridges/glib) echo libotel-bridge-glib ;;
        exporters/*) echo "libotel-exporter-$(basename "$1" | tr _ -)" ;;
    esac
}

step_symbols() {
    local lib list part name checked=0
    lib=$(lib_dir "$prefix")
    for list in "$source"/{api,sdk,processors,exporters/*,bridges,bridges/glib}/exported_symbols.txt; do
        part=$(dirname "${list#"$source"/}")
        name=$(library_of "$part")
        [ -e "$lib/$name.so" ] || die "no $name.so for $list"
        nm -D --defined-only "$lib/$name.so" | awk '{ print $NF }' | LC_ALL=C sort -u >"$work/$name.found"
        { sed 's/$/@@OTEL_0/' "$list"; echo OTEL_0; } | LC_ALL=C sort -u >"$work/$name.wanted"
        diff -u "$work/$name.wanted" "$work/$name.found" || die "$name.so does not export what $part's list says"
        if grep -v '^otel_\|^OTEL_0$' "$work/$name.found"; then die "$name.so exports names that are not ours"; fi
        readelf -d "$lib/$name.so" | grep -F "[$name.so.0]" >/dev/null || die "$name.so has another soname"
        checked=$((checked + 1))
    done
    # For LD_PRELOAD: what it stands in front of, under libc's names, without versions.
    nm -D --defined-only "$lib/libotel-syslog.so" | awk '{ print $NF }' | LC_ALL=C sort |
        diff -u "$source/bridges/preload/exported_symbols.txt" - || die "libotel-syslog.so does not export what its list says"
    checked=$((checked + 1))
    [ "$checked" -eq "$(find "$lib" -name 'libotel*.so' | wc -l)" ] || die "a library has no list of symbols"
    for name in "$lib"/libotel*.a; do
        nm -g --defined-only "$name" | awk 'NF == 3 && $3 !~ /^otel_/ { print; bad = 1 } END { exit bad }' ||
            die "$name defines names that are not ours"
    done
}

# The command, with what man and shells look for beside it.
step_command() {
    local said
    said=$("$prefix/bin/otel-log" from the prefix) || die "otel-log failed with $?"
    grep -q 'from the prefix' <<<"$said" || die "otel-log printed: $said"
    grep -q '^\.Nm otel-log' "$prefix/share/man/man1/otel-log.1" || die "no man page"
    bash -c 'source "$1" && complete -p otel-log' - "$prefix/share/bash-completion/completions/otel-log" >/dev/null ||
        die "no completion for bash"
    grep -q '^#compdef otel-log' "$prefix/share/zsh/site-functions/_otel-log" || die "no completion for zsh"
}

# No constructor, nothing at exit or fork, no change of the process's state. Two handlers at exit: of
# exporters/http, and the one of otel_stop_at_exit, for programs that ask for it.
step_manners() {
    local archive found calls
    calls='__register_atfork|pthread_atfork|atexit|on_exit|__cxa_atexit|__cxa_thread_atexit_impl|pthread_key_create'
    calls="$calls|sigaction|signal|sigprocmask|setlocale|umask|setenv|unsetenv|putenv|chdir"
    calls="$calls|curl_global_cleanup|curl_global_init_mem"
    for archive in "$(lib_dir "$prefix")"/libotel*.a; do
        if readelf -SW "$archive" | grep -E '\.(init_array|fini_array|ctors|dtors)'; then
            die "$archive has constructors"
        fi
        found=$(nm -u "$archive" | awk '{ print $NF }' | sort -u | grep -xE "$calls" || true)
        case $(basename "$archive") in libotel-http.a | libotel-sdk.a) [ "$found" != atexit ] || found="" ;; esac
        [ -z "$found" ] || die "$(basename "$archive") calls: $found"
    done
}

# Linked with everything, never started: the process is what it is without us.
step_quiet() {
    local directory=$work/quiet name
    rm -rf "$directory"
    mkdir -p "$directory"
    PKG_CONFIG_PATH=$(pkg_config_dir "$prefix")
    export PKG_CONFIG_PATH
    for name in quiet bare; do
        $CC -std=c11 -D_GNU_SOURCE "$here/$name.c" -o "$directory/$name" $(pkg-config --cflags --libs otel)
        LD_LIBRARY_PATH=$(lib_dir "$prefix") "$directory/$name" >"$directory/$name.out" || die "$name failed with $?"
    done
    cat "$directory/quiet.out"
    grep -q '^Threads:[[:space:]]*1$' "$directory/quiet.out" || die "there is more than one thread"
    diff "$directory/bare.out" "$directory/quiet.out" || die "the library changed the process"
}

"step_$step"
