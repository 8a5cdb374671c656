/* Code that prints what it does. Two lines above it, and what it prints is a record: INFO from printf, WARN from
 * standard error, ERROR from perror. Its own macro with levels becomes one of ours. */
#include <otel/otel.h>
#include <stdio.h>

static otel_logger logger = OTEL_LOGGER_INIT("legacy", NULL);
#define OTEL_BRIDGE_LOGGER &logger
#define OTEL_BRIDGE_REPLACE_PRINTF
#include <otel/bridges/printf.h>

enum { DEBUG, NOTE, PROBLEM };
static const otel_severity severities[] = {OTEL_SEVERITY_DEBUG, OTEL_SEVERITY_INFO, OTEL_SEVERITY_ERROR};
#define LOG(level, ...) OTEL_LOGF(&logger, severities[level], __VA_ARGS__)

/* From here on nothing was touched. ----------------------------------------------------------------------------- */

static int load(const char *path)
{
    printf("loading %s\n", path);
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return 1;
    }
    if (fgetc(file) == EOF) fprintf(stderr, "%s is empty\n", path);
    fclose(file);
    LOG(DEBUG, "%s is done", path);
    return 0;
}

int main(int count, char **paths)
{
    int failed = 0;
    otel_start(&(otel_options){.service_name = "legacy"});
    for (int i = 1; i < count; i++) failed += load(paths[i]);
    LOG(failed ? PROBLEM : NOTE, "%d of %d failed", failed, count - 1);
    otel_stop(5000);
    return failed != 0;
}
