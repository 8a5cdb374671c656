/* Writing to a descriptor that belongs to the host: whole, or until a deadline, and without raising SIGPIPE in it. */
#ifndef OTEL__CONSOLE_STREAM_H
#define OTEL__CONSOLE_STREAM_H
#include <otel/sdk/deadline.h>

/* Writes up to `size` bytes; *written says how many went out. 0: all; ETIMEDOUT: the deadline came first; EBADF, EPIPE,
 * EIO ...: why no more can be written. Changes errno. */
int32_t otel__console_write(int32_t descriptor, const char *data, size_t size, otel_deadline deadline, size_t *written);
#endif
