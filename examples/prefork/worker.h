/* What a worker does: it answers requests until it is told to leave. */
#ifndef WORKER_H
#define WORKER_H

/* Serves the listening socket until SIGTERM, then finishes the request it is at. */
void worker_run(int listener);
#endif
