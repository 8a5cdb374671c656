#!/usr/bin/env bash
# Is the desk honest? Exporters that are not ours send to it, and what they sent is found where the service would have it.
# BUILD_DIR (or BIN_DIR) holds the desk. The arguments are the peers that can be had, each with how it is started:
#   desk_peers.sh azure-python='env PYTHONPATH=… python3 …/desk_peer_python.py azure' otlp-python='…' azure-javascript='node …'
# Each is given the desk's address, a run's id and how many small records to log besides.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/receiver.sh"
export APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL=true APPLICATIONINSIGHTS_STATSBEAT_DISABLED=true
export APPLICATION_INSIGHTS_NO_STATSBEAT=true APPLICATIONINSIGHTS_SDKSTATS_DISABLED=true
export APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED=true
many=1200

# serve <argument>...: a receiver with those options and empty tables; sets url.
serve() {
    local line
    stop_receiver
    rm -f "$db"*
    coproc DESK { exec "$desk" serve --listen 127.0.0.1:0 --db "$db" "$@"; }
    desk_pid=$DESK_PID
    read -r -t 60 line <&"${DESK[0]}" || { fail "the receiver did not start"; exit 1; }
    url=${line#listening on }
}

run_peer() { # name, command, run, how many
    $2 "$url" "$3" "$4" >"$work/$1.log" 2>&1 || { fail "$1 ended with $?:"; tail -n 20 "$work/$1.log" >&2; }
}

# The queries of a pipeline's first day, as they are written for the service.
expect_queries() { # run, rows of it in traces
    expect_rows "$2" "traces | where customDimensions.parent_run_id == '$1'"
    expect_rows "$2" "traces | where timestamp > ago(7d) and customDimensions.run_type == 'training'"
    expect_rows 1 "traces | where timestamp > ago(7d) and customDimensions.Level == 'ERROR'"
    "$desk" query --db "$db" "traces | where timestamp > ago(7d) and customDimensions.Level == 'ERROR' | summarize count()" |
        sed -n 2p | grep -qx ' *1' || fail 'the errors are not counted'
}

dimension() { printf "json_extract(customDimensions, '\$.\"%s\"')" "$1"; }

# By any exporter.
expect_traces() {
    local flag=$1 common="cloud_RoleName = 'churn.train' AND cloud_RoleInstance = 'step-7' AND application_Version = '1.4.2'
        AND sdkVersion LIKE '%otel%' AND itemCount = 1 AND length(itemId) = 36 AND timestamp LIKE '2%Z'"
    expect_rows "$many" "SELECT DISTINCT message FROM traces WHERE message LIKE 'many %' AND severityLevel = 0 AND $common"
    expect_rows "$many" "SELECT 1 FROM traces WHERE message LIKE 'many %'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'order é 😀 placed' AND severityLevel = 1 AND $common
        AND operation_Id = '0af7651916cd43dd8448eb211c80319c' AND operation_ParentId = 'b7ad6b7169203331'
        AND user_AuthenticatedId = 'alice' AND $(dimension items) = '3' AND $(dimension ratio) = '0.5' AND $(dimension gift) = '$flag'"
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'it failed' AND severityLevel = 3 AND $common"
    expect_rows 1 "SELECT 1 FROM exceptions WHERE type = 'OSError' AND outerMessage = 'no model' AND problemId = 'OSError'
        AND severityLevel = 3 AND json_extract(details, '\$[0].stack') = 'at a' || char(10) || 'at b' AND $common"
}

# What is no log, and nothing twice.
expect_kinds() {
    expect_rows 1 "SELECT 1 FROM customEvents WHERE name = 'model.trained' AND itemType = 'customEvent'"
    expect_rows 1 "SELECT 1 FROM availabilityResults WHERE id = 'probe-1' AND name = 'ping' AND duration = 1500 AND success = 'True'"
    expect_rows $((many + 5)) 'union traces, exceptions, customEvents, availabilityResults'
}

azure_peer() { # name, command, how it writes true, how many of its twelve logs a strict desk takes
    serve
    run_peer "$1" "$2" run-1 "$many"
    expect_traces "$3"
    expect_kinds
    expect_rows 0 "SELECT 1 FROM logs WHERE length(message) > 1000" # the item that is too large, and that alone
    expect_rows $((many + 2)) "SELECT 1 FROM traces WHERE iKey = '00000000-0000-0000-0000-0000000000aa'"
    expect_queries run-1 $((many + 2))
    serve --fail 503 --fail-first 1 # an answer that makes it send again
    run_peer "$1" "$2" run-2 3
    expect_rows 1 "SELECT 1 FROM traces WHERE message = 'many 2'"
    serve --fail-items -,400 # every other item is refused, and not sent again
    run_peer "$1" "$2" run-3 10
    expect_rows 5 "SELECT 1 FROM traces WHERE message LIKE 'many %'"
    serve --strict
    run_peer "$1" "$2" run-4 10
    expect_rows "$4" 'traces'
}

otlp_peer() { # name, command
    serve
    run_peer "$1" "$2" run-1 "$many"
    expect_traces true
    expect_kinds
    expect_rows 1 "SELECT 1 FROM traces WHERE $(dimension otel.scope.name) = 'pipeline.train' AND $(dimension level) = 'ERROR'"
    expect_queries run-1 $((many + 2))
}

for peer in "$@"; do
    before=$failures
    case $peer in
    azure-python=*) azure_peer azure-python "${peer#*=}" True 1 ;; # ids of zeros where there is no span
    azure-javascript=*) azure_peer azure-javascript "${peer#*=}" true 12 ;;
    otlp-python=*) otlp_peer otlp-python "${peer#*=}" ;;
    *) fail "no such peer: $peer" ;;
    esac
    [[ $failures == "$before" ]] && echo "${peer%%=*}: passed" || echo "${peer%%=*}: FAILED"
done
[[ $# -gt 0 ]] || fail 'no peer'
finish
