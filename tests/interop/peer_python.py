#!/usr/bin/env python3
"""OpenTelemetry's Python propagators behind the line protocol of propagation_probe: needs opentelemetry-api and
opentelemetry-propagator-b3."""
import json
import sys

from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.textmap import Getter, Setter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

PROPAGATORS = {"tracecontext": TraceContextTextMapPropagator(), "baggage": W3CBaggagePropagator(),
               "b3": B3SingleFormat(), "b3multi": B3MultiFormat()}


class Lists(Getter):
    def get(self, carrier, key):
        return carrier.get(key.lower())

    def keys(self, carrier):
        return list(carrier)


class Lower(Setter):
    def set(self, carrier, key, value):
        carrier[key.lower()] = value


def answer(request):
    carrier = {name.lower(): values if isinstance(values, list) else [values]
               for name, values in request["headers"].items()}
    context = Context()
    for name in request["propagators"].split(","):
        context = PROPAGATORS[name].extract(carrier, context, Lists())
    sent = {}
    for name in request["propagators"].split(","):
        PROPAGATORS[name].inject(sent, context, Lower())
    span = trace.get_current_span(context).get_span_context()
    valid = span.is_valid
    return {"id": request["id"], "trace_id": f"{span.trace_id:032x}" if valid else "",
            "span_id": f"{span.span_id:016x}" if valid else "", "flags": f"{span.trace_flags:02x}" if valid else "",
            "tracestate": span.trace_state.to_header() if valid else "",
            "baggage": [[name, str(value), ""] for name, value in baggage.get_all(context).items()], "inject": sent}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
