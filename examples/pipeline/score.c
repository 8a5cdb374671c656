/* Third step: lets the model judge the rows that it has not seen, and fails when it is not good enough. */
#include "model.h"
#include "step.h"

static const double least_accuracy = 0.8;

static otel_logger logger = OTEL_LOGGER_INIT("pipeline.score", PIPELINE_VERSION);

static double accuracy_of(const model *fitted, const dataset *set)
{
    size_t right = 0;

    for (size_t i = 0; i < set->count; i++) {
        const sample *one = &set->samples[i];
        const double probability = model_predict(fitted, one);

        if ((probability > 0.5) == one->male)
            right++;
        else
            OTEL_LOG_DEBUG(&logger, "wrong", OTEL_INT("sample", i), OTEL_BOOL("male", one->male),
                           OTEL_DOUBLE("probability", probability));
    }
    return (double)right / (double)set->count;
}

static bool judge(double accuracy, size_t rows)
{
    /* What a record says itself wins over what all records of the run say: this one is not about training. */
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "model.scored", OTEL_DOUBLE("accuracy", accuracy), OTEL_INT("rows", rows),
               OTEL_STR("run_type", "evaluation"));
    if (accuracy >= least_accuracy) return true;
    OTEL_LOG_ERROR(&logger, "the model is not accepted",
                   STEP_EXCEPTION("model.TooInaccurate", "the model is not good enough"),
                   OTEL_DOUBLE("accuracy", accuracy), OTEL_DOUBLE("accuracy.needed", least_accuracy));
    return false;
}

static bool score(int count, char **arguments)
{
    dataset set = {0};
    model fitted;

    if (count != 3) {
        OTEL_LOG_ERROR(&logger, "usage: score CLEANED.csv MODEL");
        return false;
    }
    const char *file = arguments[1];
    const char *why = dataset_read(&set, file, true);
    if (!why && set.count == 0) why = "it has no rows for scoring";
    if (!why) {
        file = arguments[2];
        why = model_read(&fitted, file);
    }
    if (why)
        OTEL_LOG_ERROR(&logger, "scoring failed", STEP_EXCEPTION("model.ScoringError", why), OTEL_STR("file", file));
    const bool good = !why && judge(accuracy_of(&fitted, &set), set.count);
    dataset_free(&set);
    return good;
}

int main(int argc, char **argv)
{
    return step_run("score", score, argc, argv);
}
