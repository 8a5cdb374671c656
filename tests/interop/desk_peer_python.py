#!/usr/bin/env python3
"""Logs what desk_peers.sh expects through an exporter for Python that is not ours.

usage: desk_peer_python.py azure|otlp URL RUN COUNT
"""
import sys
import time

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

which, url, run, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def exporter():
    if which == 'otlp':
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        return OTLPLogExporter(endpoint=url + '/v1/logs')
    from azure.monitor.opentelemetry.exporter import AzureMonitorLogExporter
    key = 'InstrumentationKey=00000000-0000-0000-0000-0000000000aa'
    return AzureMonitorLogExporter(connection_string=f'{key};IngestionEndpoint={url}', disable_offline_storage=True)


provider = LoggerProvider(resource=Resource.create({
    'service.name': 'train', 'service.namespace': 'churn', 'service.instance.id': 'step-7', 'service.version': '1.4.2'}))
provider.add_log_record_processor(BatchLogRecordProcessor(exporter(), schedule_delay_millis=200))
logger = provider.get_logger('pipeline.train', '2.1')
span = NonRecordingSpan(SpanContext(0x0af7651916cd43dd8448eb211c80319c, 0xb7ad6b7169203331, False, TraceFlags(1)))
inside = set_span_in_context(span)


def log(body, level=SeverityNumber.INFO, context=None, **attributes):
    dimensions = {'parent_run_id': run, 'run_type': 'training', **attributes}
    logger.emit(LogRecord(timestamp=time.time_ns(), body=body, severity_number=level, severity_text=level.name,
                          context=context, attributes=dimensions))


log('order é 😀 placed', context=inside, items=3, ratio=0.5, gift=True, **{'enduser.id': 'alice'})
log('it failed', SeverityNumber.ERROR, Level='ERROR')
log('no model', SeverityNumber.ERROR, **{'exception.type': 'OSError', 'exception.message': 'no model',
                                         'exception.stacktrace': 'at a\nat b'})
log('a body', **{'microsoft.custom_event.name': 'model.trained'})
log('reached', **{'microsoft.availability.id': 'probe-1', 'microsoft.availability.name': 'ping',
                  'microsoft.availability.duration': '00:00:01.500', 'microsoft.availability.success': True})
if which == 'azure':
    log('x' * 30000, **{f'large.{i}': 'y' * 8000 for i in range(6)})  # more than the service takes
for i in range(count):
    log(f'many {i}', SeverityNumber.DEBUG)
provider.shutdown()
