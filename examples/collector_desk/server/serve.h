/* `collector_desk serve`: from the first socket to the last answer. */
#ifndef DESK_SERVE_H
#define DESK_SERVE_H
#include "../options.h"

/* Returns the exit status of the program. */
int desk_serve(const desk_serve_options *options);
#endif
