/* The bench's record built as a tree of protobuf-c messages and packed, n times: what writing its bytes directly saves.
 */
#ifndef OTEL_BENCH_PROTOBUF_C_H
#define OTEL_BENCH_PROTOBUF_C_H
void bench_protobuf_c(long n);
#endif
