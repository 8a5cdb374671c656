/* Logistic regression on normalised inputs, fitted by gradient descent. */
#ifndef MODEL_H
#define MODEL_H
#include "dataset.h"

typedef struct model {
    double mean[INPUTS];
    double deviation[INPUTS];
    double weight[INPUTS];
    double bias;
} model;

/* A model that knows nothing yet, with the scale of these samples. */
model model_new(const dataset *set);
/* One step down the gradient; returns the loss (mean cross-entropy) before it. */
double model_improve(model *fitted, const dataset *set, double rate);
/* The probability that the sample is male. */
double model_predict(const model *fitted, const sample *one);

/* NULL, or what went wrong. */
const char *model_write(const model *fitted, const char *path);
const char *model_read(model *fitted, const char *path);

#endif
