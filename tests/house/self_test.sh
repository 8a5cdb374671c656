#!/usr/bin/env bash
# Each check of this directory can fail: offenders are planted in a copy of the tree, and the check must name every one.
# usage: self_test.sh <root of the tree>
set -euo pipefail
root=$(cd "$1" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failures=0
expected=()

fresh_copy() {
    rm -rf "${copy:?}"/*
    cp -r "$root"/{api,sdk,processors,exporters,bridges,tools,examples,cmake,docs,tests,README.md} "$copy"
    expected=()
}

# Appends text to a file of the copy; the check must say the third argument, or the file's name.
plant() { # file, text, what must be said
    mkdir -p "$(dirname "$copy/$1")"
    printf '%b\n' "$2" >>"$copy/$1"
    expected+=("${3:-$1:}")
}

must_complain() { # check, further arguments
    local said words
    if said=$("$root/tests/house/$1" "$copy" "${@:2}" 2>&1); then
        echo "$1 found nothing wrong"
        failures=$((failures + 1))
    fi
    for words in "${expected[@]}"; do
        grep -qF -- "$words" <<<"$said" && continue
        echo "$1 did not say \"$words\""
        failures=$((failures + 1))
    done
}

fresh_copy
plant api/src/planted_sdk.c '#include <otel/sdk/sdk.h>'
plant api/src/planted_path.c '#include "../../sdk/include/otel/sdk/sdk.h"'
plant sdk/src/common/planted_up.c '#include <otel/otel.h>'
plant sdk/src/wire/planted_json.c '#include <cjson/cJSON.h>'
plant sdk/src/wire/planted_protobuf.c '#include <protobuf-c/protobuf-c.h>'
plant processors/src/planted_inside.c '#include "logs/record.h"'
plant processors/src/planted_up.c '#include <otel/exporters/http.h>'
plant sdk/src/logs/planted_processors.c '#include <otel/sdk/processors.h>'
plant processors/include/otel/sdk/planted_pthread.h '#include <pthread.h>'
plant exporters/http/src/planted_up.c '#include <otel/otel.h>'
plant exporters/http/src/planted_curl.c '#include <curl/curl.h>' 'libcurl in 3 files'
plant exporters/console/src/planted_path.c '#include "../../../sdk/include/otel/sdk/sdk.h"'
plant exporters/console/src/planted_inside.c '#include "queue/queue.h"'
plant exporters/console/src/planted_generated.c '  #  include "logs.pb-c.h"'
plant exporters/otlp/src/planted_curl.c '#include <curl/curl.h>'
plant exporters/otlp/src/planted_sibling.c '#include <otel/exporters/console.h>'
plant exporters/otlp/src/planted_zlib.c '#include <zlib.h>'
plant bridges/src/planted_sdk.c '#include <otel/sdk/sdk.h>'
plant bridges/src/planted_builtin.c '#include <otel/otel.h>'
plant bridges/src/planted_glib.c '#include <glib.h>'
plant bridges/src/planted_up.c '#include <otel/bridges/glib.h>'
plant bridges/glib/src/planted_sdk.c '#include <otel/sdk/sdk.h>'
plant bridges/glib/src/planted_inside.c '#include "bridge_text.h"'
plant bridges/glib/src/planted_second.c '#include <glib.h>' 'glib in 4 files'
plant bridges/preload/planted_inside.c '#include "queue/queue.h"'
plant sdk/src/common/planted_bridge.c '#include <otel/bridges/logf.h>'
plant api/src/planted_bridge.c '#include <otel/bridges/logf.h>'
plant exporters/console/src/planted_bridge.c '#include <otel/bridges/logf.h>'
plant tools/otel-log/planted_web.c '#include <microhttpd.h>'
plant tools/otel-log/planted_database.c '#include <sqlite3.h>'
plant tools/otel-log/planted_inside.c '#include "../../sdk/src/queue/queue.h"'
plant examples/planted_nothing.c '#include <otel/no_such_header.h>'
plant api/include/otel/planted_time.h '#include <time.h>'
plant sdk/include/otel/sdk/planted_pthread.h '#include <pthread.h>'
plant bridges/include/otel/bridges/planted_stdio.h '#include <stdio.h>'
plant bridges/include/otel/bridges/planted_syslog.h '#include <syslog.h>'
plant bridges/include/otel/bridges/planted_glib.h '#include <glib.h>'
plant sdk/include/otel/sdk/planted_string.h '#include <string.h>'
plant exporters/http/include/otel/exporters/planted_stdio.h '#include <stdio.h>'
must_complain check_includes.sh

fresh_copy
plant api/include/otel/planted_lonely.h 'static inline bool planted(otel_str s) { return s.size; }' \
    '<otel/planted_lonely.h>'
plant api/include/otel/planted_narrow.h 'inline int planted(long n) { int i = n; return i; }' \
    '<otel/planted_narrow.h>'
plant bridges/include/otel/bridges/planted_bridge.h 'struct planted { int new; };' '<otel/bridges/planted_bridge.h>'
plant sdk/include/otel/sdk/planted_cxx.h 'struct planted { int class; };' '<otel/sdk/planted_cxx.h>'
must_complain check_headers.sh 'planted_*.h'

fresh_copy
plant bridges/exported_symbols.txt otel_planted 'bridges/exported_symbols.txt differs'
plant bridges/glib/exported_symbols.txt otel_planted 'bridges/glib/exported_symbols.txt differs'
plant sdk/exported_symbols.txt otel_planted 'sdk/exported_symbols.txt differs'
plant api/include/otel/severity.h 'OTEL_API void otel_planted(void);' 'api/exported_symbols.txt differs'
must_complain check_symbol_lists.sh

fresh_copy
plant sdk/exported_symbols.txt otel_planted 'otel_planted is exported and in no'
must_complain check_man_pages.sh

fresh_copy
plant examples/custom_processor/redact.c '/* planted */' 'extending.md: shows a file as it is no longer'
must_complain check_included_files.sh

fresh_copy
plant sdk/src/common/planted_name.c 'const char *planted = "OTEL_PLANTED";'
plant exporters/console/src/planted_text.c 'void *planted = otel_env_text( "PLANTED");'
plant tools/otel-log/planted_getenv.c 'char *planted = getenv(name);'
plant sdk/src/common/variables.def 'OTEL_VARIABLE(OTEL_PLANTED, BOOLEAN(false), "planted")' 'table of variables is out of date'
must_complain check_variables.sh

fresh_copy
find "$copy/tests" -name 'test_*' -printf '%f\n' | sed 's/\..*//' | sort -u >"$copy/names"
plant docs/compliance.md '| 1 | planted | yes | test_planted |' 'test_planted is no test that runs'
plant docs/compliance.md '| 2 | planted | yes | test_resource:no_such_test |' 'test_resource.c has no test no_such_test'
plant docs/compliance.md '| 3 | planted | yes | none |' 'row 3 ( planted ) says yes and names no test'
plant tests/unit/test_resource.c 'static void planted_unlisted(void **unused)' 'has no test planted_unlisted'
plant docs/compliance.md '| 4 | planted | yes | test_resource:planted_unlisted |' 'test_resource.c has no test planted_unlisted'
must_complain check_compliance.sh "$copy/names"

fresh_copy
plant tests/fuzz/fuzz_planted.c 'int LLVMFuzzerTestOneInput(void);' 'fuzz_planted.c has no corpus'
plant tests/fuzz/corpus/planted_lonely/input 'x' 'planted_lonely/ has no target'
expected+=('does not say what fuzz_planted reads')
must_complain check_fuzz.sh

fresh_copy
sed -i 's|^    uint64_t time_unix_nano; .*|    uint64_t planted;\n&|' "$copy/api/include/otel/log.h"
sed -i 's|^    const char \*schema_url; /\* NULL: none \*/|&\n    const char *planted;|' "$copy/api/include/otel/log.h"
sed -i 's|static_assert|planted_assert|; s|^OTEL_STATIC_ASSERT.*||' "$copy/api/include/otel/log.h"
expected+=('otel_log_record: planted at 8' 'otel_scope: planted at 24' 'otel_scope: 48 bytes, it had 40')
must_complain check_layouts.sh

if said=$("$root/tests/house/check_size.sh" 1 "$(type -P cat)") || ! grep -q '^together' <<<"$said"; then
    echo "check_size.sh accepted a library over its budget"
    failures=$((failures + 1))
fi

"${CC:-cc}" -shared -fPIC -fno-asynchronous-unwind-tables -xc - -o "$copy/planted.so" <<<'int planted(void) { return 1; }'
if said=$("$root/tests/house/check_unwind.sh" "$copy/planted.so") || ! grep -q ': planted' <<<"$said"; then
    echo "check_unwind.sh accepted a function without a table"
    failures=$((failures + 1))
fi
echo "$failures planted offenders went unnoticed"
[ "$failures" -eq 0 ]
