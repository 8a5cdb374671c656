/* Files whose lines are sent as they are written, for as long as nobody says stop. */
#ifndef OTEL__FOLLOW_H
#define OTEL__FOLLOW_H
#include "reader.h"

typedef struct otel__follow otel__follow;

/* The paths must live as long as the result. Reading begins at the end of files that are there, or with from_start at
 * their beginning; files that appear later are read from the beginning. NULL: out of memory. */
otel__follow *otel__follow_open(const char *const *paths, size_t count, bool from_start, const otel__sink *sink);
/* Lines without a newline are sent now. */
void otel__follow_close(otel__follow *follow);

/* From now on changes are seen at once where the system reports them, not only when it is time to look. */
void otel__follow_notice(otel__follow *follow);
/* Sends what there is; true: there may be more at once. */
bool otel__follow_look(otel__follow *follow);
/* Looks again and again until stop_fd is readable, and once more then. false: something could not be read; it was said.
 */
bool otel__follow_run(otel__follow *follow, int stop_fd);
#endif
