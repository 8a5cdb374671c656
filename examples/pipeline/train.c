/* Second step: fits the model to the rows for training, tells how the loss falls, writes the model. */
#include "model.h"
#include "step.h"

enum { ITERATIONS = 500, SAY_EVERY = 100, MUMBLE_EVERY = 25 };

static otel_logger logger = OTEL_LOGGER_INIT("pipeline.train", PIPELINE_VERSION);

static void report(int iteration, double loss)
{
    if (iteration % MUMBLE_EVERY != 0) return;
    OTEL_LOG(&logger, iteration % SAY_EVERY == 0 ? OTEL_SEVERITY_INFO : OTEL_SEVERITY_DEBUG, "loss",
             OTEL_INT("iteration", iteration), OTEL_DOUBLE("loss", loss));
}

static model fit(const dataset *set)
{
    const double rate = 0.5;
    model fitted = model_new(set);
    double loss = 0;

    OTEL_LOG_INFO(&logger, "training", OTEL_INT("rows", set->count), OTEL_INT("inputs", INPUTS),
                  OTEL_INT("iterations", ITERATIONS), OTEL_DOUBLE("rate", rate));
    for (int i = 1; i <= ITERATIONS; i++) {
        loss = model_improve(&fitted, set, rate);
        report(i, loss);
    }
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "model.trained", OTEL_DOUBLE("loss", loss),
               OTEL_DOUBLE("bias", fitted.bias), OTEL_DOUBLES("weights", fitted.weight, INPUTS));
    return fitted;
}

static bool train(int count, char **arguments)
{
    dataset set = {0};

    if (count != 3) {
        OTEL_LOG_ERROR(&logger, "usage: train CLEANED.csv MODEL");
        return false;
    }
    const char *file = arguments[1];
    const char *why = dataset_read(&set, file, false);
    if (!why && set.count == 0) why = "it has no rows for training";
    if (!why) {
        const model fitted = fit(&set);
        file = arguments[2];
        why = model_write(&fitted, file);
    }
    if (why)
        OTEL_LOG_ERROR(&logger, "training failed", STEP_EXCEPTION("model.TrainingError", why), OTEL_STR("file", file));
    dataset_free(&set);
    return why == NULL;
}

int main(int argc, char **argv)
{
    return step_run("train", train, argc, argv);
}
