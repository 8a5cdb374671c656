#!/usr/bin/env bash
# CPU time of a record through the Azure Monitor exporter and through the reference exporter for Python, on the same
# records, to the same sink, in the same run; and the ratio. By hand: it needs the package index.
#   tests/bench/azure_python.sh BUILD [ROUNDS]
# Neither side keeps files or sends statistics of its own. The Python exporter does not compress: ours is measured without,
# for the ratio, and with gzip, which is its default. A round takes one after the other, so that what else the machine
# does meets all. The exit code is 1 when records were lost, or the ratio of the medians is below 50.
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
[[ $# -ge 1 && -x $1/tests/bench/bench ]] || { echo "usage: tests/bench/azure_python.sh BUILD [ROUNDS]" >&2; exit 2; }
build=$(cd "$1" && pwd)
rounds=${2:-3}
programs=$build/tests/bench
venv=$build/azure-python-venv
. "$source_dir/tests/bench/parts.sh"
. "$source_dir/tests/bench/figures.sh"
ours="C, process" gzip="C with gzip, process" theirs="Python, process" count=200000 their_count=20000

if [[ ! -e $venv/ready ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q azure-monitor-opentelemetry-exporter==1.0.0b58 opentelemetry-sdk==1.45.2
    touch "$venv/ready"
fi
export APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL=true APPLICATIONINSIGHTS_SDKSTATS_DISABLED=true

one() { # label, records, command...
    local line
    start_sink ids=1
    line=$("${@:3}")
    stop_sink
    keep "$1" ns "$(value_of cpu_ns "$line")"
    keep "${1%, *}, emit" ns "$(value_of emit_cpu_ns "$line")"
    expect "$1" distinct $(($2 + 1000)) "$sink_line" # with the warm-up
}

times() { # label; so many times as much as it takes Python
    awk -v a="$(median "$theirs")" -v b="$(median "$1")" 'BEGIN { printf "%.1f", a / b }'
}

before=$(load)
own=("$programs/bench" emit exporter=azure_monitor n=$count queue=1000000)
for ((i = 0; i < rounds; i++)); do
    OTEL_C_AZURE_COMPRESSION=none one "$ours" $count "${own[@]}"
    OTEL_C_AZURE_COMPRESSION=gzip one "$gzip" $count "${own[@]}"
    one "$theirs" $their_count "$venv/bin/python" "$source_dir/tests/bench/azure_python.py" $their_count
done
describe "load $before before, $(load) after; $rounds rounds"
echo "$machine"
for label in "${order[@]}"; do
    read -r m low high < <(statistics "$label")
    printf '%-22s %9s ns (%s - %s) %s\n' "$label" "$m" "$low" "$high" "$(remarks "$label")"
done
ratio=$(times "$ours")
echo "ratio: $ratio (at least 50); with gzip $(times "$gzip")"
[[ ${#notes[@]} -eq 0 ]] && awk -v t="$ratio" 'BEGIN { exit !(t >= 50) }'
