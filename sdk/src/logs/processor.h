/* How one processor calls the next. */
#ifndef OTEL__LOGS_PROCESSOR_H
#define OTEL__LOGS_PROCESSOR_H
#include <otel/sdk/log_processor.h>

/* Processors that never change a record: nothing has to be undone behind them. */
bool otel__processor_exports(const otel_log_processor *processor);
uint32_t otel__processor_flags(const otel_log_processor *processor); /* 0 for a table without */
void otel__processor_call(otel_log_processor *processor, otel_log_record *record);
#endif
