/* What the files of the queue share with each other and with nobody else. */
#ifndef OTEL__QUEUE_INTERNAL_H
#define OTEL__QUEUE_INTERNAL_H
#include "queue.h"

#define OTEL__QUEUE_LOAD(p) atomic_load_explicit(p, memory_order_relaxed)

/* queue_memory.c */
bool otel__queue_geometry(otel__queue *q, const otel__queue_options *options); /* false: options make no sense */
bool otel__queue_ready(otel__queue *q);                                        /* false: the inert child of a fork */
uint32_t otel__queue_pop(otel__queue *q, bool jumbo);                          /* 0: none is free */
void otel__queue_push(otel__queue *q, uint32_t chunk);

/* queue_credit.c */
uint32_t otel__queue_grant(otel__queue *q); /* 0: the queue is full */

/* queue_consumer.c: called by writers after they made something visible */
void otel__queue_wake_if_due(otel__queue *q, bool first_chunk, bool dropped);
#endif
