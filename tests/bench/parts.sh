# For the scripts of the bench, sourced: a program's output line taken apart, and the sink. Set first: programs, the
# directory that holds the programs.
sink_pid=
counter=$programs/allocs.so

# The caller's own settings have no say in a measurement.
for name in "${!OTEL_@}" "${!APPLICATIONINSIGHTS_@}"; do unset "$name"; done
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY LD_PRELOAD

stop_sink() { # sets sink_line: what it counted
    sink_line=
    [[ -n $sink_pid ]] || return 0
    kill "$sink_pid"
    read -r -t 60 sink_line <&"$sink_output" || true
    wait "$sink_pid" || true
    sink_pid=
}

# A sink with all counters at zero, on a free port; OTLP goes there, and what is for Application Insights.
start_sink() { # further arguments of the sink
    local line
    coproc SINK { exec "$programs/sink" port=0 "$@"; }
    sink_pid=$SINK_PID
    exec {sink_output}<&"${SINK[0]}"
    read -r -t 60 line <&"$sink_output" || { echo "the sink did not start" >&2; exit 1; }
    export OTEL_EXPORTER_OTLP_ENDPOINT=${line#listening on }
    export APPLICATIONINSIGHTS_CONNECTION_STRING="InstrumentationKey=00000000-0000-0000-0000-00000000beef;IngestionEndpoint=${line#listening on }"
}

trap 'stop_sink' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The value of a key in a line of key=value words; nothing when it is not there.
value_of() { # key, line
    local word
    for word in $2; do
        [[ $word == "$1="* ]] && printf '%s\n' "${word#*=}"
    done
    return 0
}
