// OpenTelemetry's JavaScript propagators behind the line protocol of propagation_probe: needs @opentelemetry/api,
// @opentelemetry/core and @opentelemetry/propagator-b3 (NODE_PATH).
const api = require('@opentelemetry/api');
const core = require('@opentelemetry/core');
const b3 = require('@opentelemetry/propagator-b3');

const propagators = {
  tracecontext: new core.W3CTraceContextPropagator(),
  baggage: new core.W3CBaggagePropagator(),
  b3: new b3.B3Propagator(),
  b3multi: new b3.B3Propagator({ injectEncoding: b3.B3InjectEncoding.MULTI_HEADER }),
};
const getter = {
  get: (carrier, key) => carrier[key.toLowerCase()],
  keys: (carrier) => Object.keys(carrier),
};
const setter = { set: (carrier, key, value) => { carrier[key.toLowerCase()] = String(value); } };

function answer(request) {
  const carrier = {}, sent = {}, names = request.propagators.split(',');
  for (const [name, value] of Object.entries(request.headers))
    carrier[name.toLowerCase()] = Array.isArray(value) && value.length === 1 ? value[0] : value;
  let context = api.ROOT_CONTEXT;
  for (const name of names) context = propagators[name].extract(context, carrier, getter);
  for (const name of names) propagators[name].inject(context, sent, setter);
  const span = api.trace.getSpanContext(context), valid = span && api.isSpanContextValid(span);
  const baggage = api.propagation.getBaggage(context);
  return {
    id: request.id, trace_id: valid ? span.traceId : '', span_id: valid ? span.spanId : '',
    flags: valid ? span.traceFlags.toString(16).padStart(2, '0') : '',
    tracestate: valid && span.traceState ? span.traceState.serialize() : '',
    baggage: (baggage ? baggage.getAllEntries() : []).map(([name, entry]) =>
      [name, entry.value, entry.metadata ? entry.metadata.toString() : '']),
    inject: sent,
  };
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (data) => {
  const lines = (rest + data).split('\n');
  rest = lines.pop();
  for (const line of lines) if (line) process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
});
