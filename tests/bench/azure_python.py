"""The records of bench.c through the reference exporter for Python: one line of figures.

usage: azure_python.py N      (the connection string comes from the environment)
"""
import sys
import time

from azure.monitor.opentelemetry.exporter import AzureMonitorLogExporter
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

WARM_UP = 1000


def record(sequence):
    """A new one each time, as a logging handler makes it."""
    return LogRecord(timestamp=time.time_ns(), severity_text="INFO", severity_number=SeverityNumber.INFO,
                     body="GET /api/v1/orders/12345 finished without errors",
                     attributes={"http.route": "/api/v1/orders/x", "user.name": "alice.wonderland", "seq": sequence,
                                 "http.ok": True})


def main():
    count = int(sys.argv[1])
    exporter = AzureMonitorLogExporter(disable_offline_storage=True)
    provider = LoggerProvider(resource=Resource.create({"service.name": "bench"}))
    provider.add_log_record_processor(
        BatchLogRecordProcessor(exporter, schedule_delay_millis=1000, max_export_batch_size=512,
                                max_queue_size=count + WARM_UP))
    logger = provider.get_logger("bench", "1.0")
    for i in range(WARM_UP):
        logger.emit(record(1000000 + i))
    provider.force_flush()
    cpu, wall, emit = time.process_time(), time.perf_counter(), time.thread_time()
    for i in range(count):
        logger.emit(record(i))
    emit = time.thread_time() - emit
    provider.shutdown()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"bench rival=python n={count} emit_cpu_ns={emit * 1e9 / count:.0f} cpu_ns={cpu * 1e9 / count:.0f} "
          f"wall_ns={wall * 1e9 / count:.0f}")


main()
