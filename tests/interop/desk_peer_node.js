// Logs what desk_peers.sh expects through the reference exporter for JavaScript.
// usage: node desk_peer_node.js URL RUN COUNT
'use strict';
const { AzureMonitorLogExporter } = require('@azure/monitor-opentelemetry-exporter');
const { createDefaultHttpClient } = require('@azure/core-rest-pipeline');
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { ROOT_CONTEXT, trace } = require('@opentelemetry/api');
const { SeverityNumber } = require('@opentelemetry/api-logs');

const [url, run, count] = process.argv.slice(2);

// It makes https of every endpoint, and the desk speaks no TLS: only the last step is turned back.
const client = createDefaultHttpClient();
const httpClient = {
  sendRequest(request) {
    request.url = request.url.replace(/^https:/, 'http:');
    request.allowInsecureConnection = true;
    return client.sendRequest(request);
  },
};

const exporter = new AzureMonitorLogExporter({
  connectionString: `InstrumentationKey=00000000-0000-0000-0000-0000000000aa;IngestionEndpoint=${url}`,
  disableOfflineStorage: true,
  httpClient,
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({
    'service.name': 'train', 'service.namespace': 'churn', 'service.instance.id': 'step-7', 'service.version': '1.4.2',
  }),
  processors: [new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 200 })],
});
const logger = provider.getLogger('pipeline.train', '2.1');
const inside = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1,
});

function log(body, severityNumber, attributes, context) {
  const dimensions = { parent_run_id: run, run_type: 'training', ...attributes };
  logger.emit({ timestamp: Date.now(), body, severityNumber, attributes: dimensions, context: context || ROOT_CONTEXT });
}

async function main() {
  log('order é 😀 placed', SeverityNumber.INFO, { items: 3, ratio: 0.5, gift: true, 'enduser.id': 'alice' }, inside);
  log('it failed', SeverityNumber.ERROR, { Level: 'ERROR' });
  log('no model', SeverityNumber.ERROR, {
    'exception.type': 'OSError', 'exception.message': 'no model', 'exception.stacktrace': 'at a\nat b',
  });
  log('a body', SeverityNumber.INFO, { 'microsoft.custom_event.name': 'model.trained' });
  log('reached', SeverityNumber.INFO, {
    'microsoft.availability.id': 'probe-1', 'microsoft.availability.name': 'ping',
    'microsoft.availability.duration': '00:00:01.500', 'microsoft.availability.success': true,
  });
  const large = Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`large.${i}`, 'y'.repeat(8000)]));
  log('x'.repeat(30000), SeverityNumber.INFO, large); // more than the service takes
  for (let i = 0; i < Number(count); i++) log(`many ${i}`, SeverityNumber.DEBUG, {});
  await provider.forceFlush();
  await provider.shutdown();
}

main().then(() => process.exit(0));
