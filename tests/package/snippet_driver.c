/* Calls a program of the README, whose main was renamed to snippet_main, and logs behind it: what it has made and
 * started can then be seen at work. */
#include <otel/otel.h>
#include <stdio.h>

int snippet_main(void);

static otel_logger logger = OTEL_LOGGER_INIT("driver", "1");

int main(void)
{
    if (snippet_main() != 0) return 1;
    OTEL_LOG_INFO(&logger, "hello from the driver", OTEL_STR("user.email", "ada@example.com"));
    otel_result result = otel_stop(5000);
    return fflush(stdout) != 0 || result != OTEL_OK;
}
