/* A run of the pipeline: what describes it, and its steps as processes that inherit the description. */
#include "run.h"

#include "child.h"
#include "uuid.h"

#include <otel/otel.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static otel_logger logger = OTEL_LOGGER_INIT("pipeline.run", PIPELINE_VERSION);

/* The command line wins, then what the user has in OTEL_RESOURCE_ATTRIBUTES, then our own idea. */
static bool describe(attribute_list *list, const char *key, const char *given, const char *fallback)
{
    if (!given && attribute_list_get(list, key)) return true;
    return attribute_list_set(list, key, given ? given : fallback);
}

static bool describe_all(run *self)
{
    attribute_list *list = &self->attributes;
    const uuid fresh = uuid_random();
    char url[256];

    if (!describe(list, "parent_run_id", self->id, fresh.text)) return false;
    snprintf(url, sizeof url, "https://ml.example.com/runs?id=%s", attribute_list_get(list, "parent_run_id"));
    return describe(list, "experiment_name", self->experiment, "penguins, sex by size") &&
           describe(list, "run_url", NULL, url) && describe(list, "run_type", NULL, "training") &&
           describe(list, "build_url", NULL, "https://ci.example.com/pipeline/builds/" PIPELINE_VERSION) &&
           describe(list, "build_version", NULL, PIPELINE_VERSION);
}

bool run_describe(run *self)
{
    if (!attribute_list_read(&self->attributes, getenv("OTEL_RESOURCE_ATTRIBUTES"))) {
        fputs("pipeline: OTEL_RESOURCE_ATTRIBUTES is malformed or too long: left out\n", stderr);
    }
    char *text = describe_all(self) ? attribute_list_text(&self->attributes) : NULL;
    const bool done = text && setenv("OTEL_RESOURCE_ATTRIBUTES", text, 1) == 0;

    if (!done) fputs("pipeline: too many attributes, or out of memory\n", stderr);
    free(text);
    return done;
}

void run_free(run *self)
{
    attribute_list_free(&self->attributes);
}

/* The step goes on with our trace, as TRACEPARENT and BAGGAGE say. */
static int spawn_in_trace(const char *name, char *const environment[], char *arguments[])
{
    char room[1024];
    otel_text_carrier block = {.buffer = room, .capacity = sizeof room};

    otel_inject(NULL, &otel_env_setter, &block);
    const size_t size = otel_env_merge(&block, environment, NULL, 0);
    char **all = calloc(size, sizeof *all);
    if (!all) return -1;
    otel_env_merge(&block, environment, all, size);
    const int status = child_run(name, arguments, all);
    const int error = errno;
    free(all);
    errno = error;
    return status;
}

/* A vector of our own instead of setenv: by now a thread of the SDK may be reading the environment. */
static int spawn(const char *name, const char *attributes, char *arguments[])
{
    char **described = environment_with(environ, "OTEL_RESOURCE_ATTRIBUTES", attributes);
    char **named = described ? environment_with(described, "OTEL_SERVICE_NAME", name) : NULL;

    errno = ENOMEM;
    const int status = named ? spawn_in_trace(name, named, arguments) : -1;
    const int error = errno;
    environment_free(named);
    environment_free(described);
    errno = error;
    return status;
}

static int describe_and_spawn(attribute_list *list, const char *name, char *arguments[])
{
    const uuid id = uuid_random();
    const bool described = attribute_list_set(list, "step_id", id.text) && attribute_list_set(list, "step_name", name);
    char *text = described ? attribute_list_text(list) : NULL;

    errno = ENOMEM;
    const int status = text ? spawn(name, text, arguments) : -1;
    const int error = errno;
    free(text);
    errno = error;
    return status;
}

bool run_step(run *self, const char *name, char *arguments[])
{
    const int status = describe_and_spawn(&self->attributes, name, arguments);

    if (status == -1) {
        OTEL_LOG_ERROR(&logger, "step cannot be started", OTEL_STR("step", name), OTEL_STR("reason", strerror(errno)));
    } else if (WIFSIGNALED(status)) {
        OTEL_LOG_ERROR(&logger, "step was killed", OTEL_STR("step", name), OTEL_INT("signal", WTERMSIG(status)));
    } else if (status != 0) {
        OTEL_LOG_ERROR(&logger, "step failed", OTEL_STR("step", name), OTEL_INT("exit_code", WEXITSTATUS(status)));
    }
    return status == 0;
}
