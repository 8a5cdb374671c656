/* Runs the steps one after the other, each a process of its own; the first that fails ends the run. */
#include "run.h"
#include "run_context.h"

#include <otel/otel.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static otel_logger logger = OTEL_LOGGER_INIT("pipeline", PIPELINE_VERSION);

typedef struct files {
    char *penguins, *damaged; /* come in */
    char *cleaned, *fitted;   /* come out */
} files;

static char *path_in(const char *directory, const char *file)
{
    char *path;

    return asprintf(&path, "%s/%s", directory, file) < 0 ? NULL : path;
}

static bool files_in(files *all, const char *data, const char *out)
{
    *all = (files){path_in(data, "penguins.csv"), path_in(data, "damaged.csv"), path_in(out, "cleaned.csv"),
                   path_in(out, "model.txt")};
    return all->penguins && all->damaged && all->cleaned && all->fitted;
}

static void files_free(files *all)
{
    free(all->penguins);
    free(all->damaged);
    free(all->cleaned);
    free(all->fitted);
}

static bool run_steps(run *self, const files *all)
{
    char *prepare[] = {NULL, all->cleaned, all->penguins, all->damaged, NULL};
    char *train[] = {NULL, all->cleaned, all->fitted, NULL};
    char *score[] = {NULL, all->cleaned, all->fitted, NULL};

    return run_step(self, "prepare", prepare) && run_step(self, "train", train) && run_step(self, "score", score);
}

static bool run_logged(run *self, const files *all)
{
    otel_start(
        &(otel_options){.service_name = "pipeline", .service_version = PIPELINE_VERSION, .logs_exporter = "console"});
    run_context context;
    run_context_begin(&context, attribute_list_get(&self->attributes, "parent_run_id"));
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "run.started");
    const bool done = run_steps(self, all);
    OTEL_EVENT(&logger, done ? OTEL_SEVERITY_INFO : OTEL_SEVERITY_ERROR, done ? "run.finished" : "run.failed");
    run_context_end(&context);
    otel_stop(5000);
    return done;
}

static bool run_pipeline(run *self, const char *data, const char *out)
{
    files all;
    const bool done = files_in(&all, data, out) && run_describe(self) && run_logged(self, &all);

    run_free(self);
    files_free(&all);
    return done;
}

static bool read_options(run *self, int count, char **arguments)
{
    static const struct option options[] = {
        {"run-id", required_argument, NULL, 'r'}, {"experiment", required_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};

    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 'r')
            self->id = optarg;
        else if (option == 'e')
            self->experiment = optarg;
        else
            return false;
    }
    return count - optind == 2;
}

int main(int argc, char **argv)
{
    run self = {0};

    if (!read_options(&self, argc, argv)) {
        fputs("usage: pipeline [--run-id ID] [--experiment NAME] DATA_DIRECTORY OUT_DIRECTORY\n", stderr);
        return 2;
    }
    return run_pipeline(&self, argv[optind], argv[optind + 1]) ? 0 : 1;
}
