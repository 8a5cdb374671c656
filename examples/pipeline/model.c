/* Logistic regression on normalised inputs, fitted by gradient descent. */
#include "model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double mean_of(const dataset *set, int input)
{
    double sum = 0;

    for (size_t i = 0; i < set->count; i++) sum += set->samples[i].inputs[input];
    return sum / (double)set->count;
}

static double deviation_of(const dataset *set, int input, double mean)
{
    double sum = 0;

    for (size_t i = 0; i < set->count; i++) sum += pow(set->samples[i].inputs[input] - mean, 2);
    return sum > 0 ? sqrt(sum / (double)set->count) : 1; /* an input that never changes says nothing, but divides */
}

model model_new(const dataset *set)
{
    model fresh = {0};

    for (int i = 0; i < INPUTS; i++) {
        fresh.mean[i] = mean_of(set, i);
        fresh.deviation[i] = deviation_of(set, i, fresh.mean[i]);
    }
    return fresh;
}

static double normalised(const model *fitted, const sample *one, int input)
{
    return (one->inputs[input] - fitted->mean[input]) / fitted->deviation[input];
}

double model_predict(const model *fitted, const sample *one)
{
    double score = fitted->bias;

    for (int i = 0; i < INPUTS; i++) score += fitted->weight[i] * normalised(fitted, one, i);
    return 1 / (1 + exp(-score));
}

double model_improve(model *fitted, const dataset *set, double rate)
{
    const double certain = 1e-12; /* keeps the logarithm finite */
    double gradient[INPUTS] = {0}, bias_gradient = 0, loss = 0;

    for (size_t n = 0; n < set->count; n++) {
        const sample *one = &set->samples[n];
        double probability = model_predict(fitted, one);
        double error = probability - (one->male ? 1 : 0);

        loss -= log(fmax(one->male ? probability : 1 - probability, certain));
        bias_gradient += error;
        for (int i = 0; i < INPUTS; i++) gradient[i] += error * normalised(fitted, one, i);
    }
    rate /= (double)set->count;
    fitted->bias -= rate * bias_gradient;
    for (int i = 0; i < INPUTS; i++) fitted->weight[i] -= rate * gradient[i];
    return loss / (double)set->count;
}

const char *model_write(const model *fitted, const char *path)
{
    FILE *file = fopen(path, "we");

    if (!file) return strerror(errno);
    fprintf(file, "bias %.17g\n", fitted->bias);
    for (int i = 0; i < INPUTS; i++) {
        fprintf(file, "input %.17g %.17g %.17g\n", fitted->mean[i], fitted->deviation[i], fitted->weight[i]);
    }
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) return "the file cannot be written";
    return NULL;
}

static bool read_numbers(model *fitted, FILE *file)
{
    if (fscanf(file, " bias %lf", &fitted->bias) != 1 || !isfinite(fitted->bias)) return false;
    for (int i = 0; i < INPUTS; i++) {
        double mean, deviation, weight;

        if (fscanf(file, " input %lf %lf %lf", &mean, &deviation, &weight) != 3) return false;
        if (!isfinite(mean) || !isfinite(weight) || !isfinite(deviation) || deviation <= 0) return false;
        fitted->mean[i] = mean;
        fitted->deviation[i] = deviation;
        fitted->weight[i] = weight;
    }
    return true;
}

const char *model_read(model *fitted, const char *path)
{
    FILE *file = fopen(path, "re");

    if (!file) return strerror(errno);
    bool whole = read_numbers(fitted, file);
    fclose(file);
    return whole ? NULL : "it is not a model";
}
