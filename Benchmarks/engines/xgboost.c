// XGBoost's prediction in place, which makes no matrix of the row: the fastest that it offers.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"

static void *library;
static int (*predict_dense)(
    void *, const char *, const char *, void *, const uint64_t **, uint64_t *, const float **);
static void *booster, *matrix;
static size_t width;
// The rows in 32 bits, and the description of each that XGBoost parses.
static float *values;
static char (*descriptions)[128];
// That of all rows together, and their margins in 64 bits.
static char all_rows[128];
static size_t row_count;
static double *results;

static const char margin[] =
    "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, \"strict_shape\": false, "
    "\"missing\": NaN, \"cache_id\": 0}";

static void check(int status) {
    if (status != 0) fail("XGBoost: %s", ((const char *(*)(void))symbol(library, "XGBGetLastError"))());
}

static void xgboost_open(const char *path) {
    library = open_library(path);
    predict_dense = symbol(library, "XGBoosterPredictFromDense");
}

static void xgboost_load(const char *model, const struct rows *rows) {
    (void)rows;
    int (*create)(const void *, uint64_t, void **) = symbol(library, "XGBoosterCreate");
    int (*load)(void *, const char *) = symbol(library, "XGBoosterLoadModel");
    int (*set)(void *, const char *, const char *) = symbol(library, "XGBoosterSetParam");
    check(create(NULL, 0, &booster));
    check(load(booster, model));
    check(set(booster, "nthread", "1"));
}

static void describe(char description[128], const float *first, size_t count) {
    snprintf(
        description, 128, "{\"data\": [%zu, true], \"shape\": [%zu, %zu], \"typestr\": \"<f4\", \"version\": 3}",
        (size_t)first, count, width);
}

static void xgboost_prepare(const struct rows *rows) {
    int (*create)(void **) = symbol(library, "XGProxyDMatrixCreate");
    check(create(&matrix));
    width = rows->width;
    values = malloc(rows->count * width * sizeof *values);
    descriptions = malloc(rows->count * sizeof *descriptions);
    for (size_t i = 0; i < rows->count * width; i++) values[i] = (float)rows->numbers[i];
    for (size_t row = 0; row < rows->count; row++) {
        describe(descriptions[row], values + row * width, 1);
    }
    describe(all_rows, values, rows->count);
    row_count = rows->count;
    results = malloc(rows->count * MAXIMUM_SCORES * sizeof *results);
}

static size_t xgboost_predict(size_t row, double *scores) {
    const uint64_t *shape;
    uint64_t dimensions;
    const float *margins;
    check(predict_dense(booster, descriptions[row], margin, matrix, &shape, &dimensions, &margins));
    size_t count = dimensions > 1 ? shape[1] : 1;
    for (size_t i = 0; i < count && i < MAXIMUM_SCORES; i++) scores[i] = margins[i];
    return count;
}

static const double *xgboost_predict_all(void) {
    const uint64_t *shape;
    uint64_t dimensions;
    const float *margins;
    check(predict_dense(booster, all_rows, margin, matrix, &shape, &dimensions, &margins));
    size_t count = row_count * (dimensions > 1 ? shape[1] : 1);
    for (size_t i = 0; i < count; i++) results[i] = margins[i];
    return results;
}

const struct engine xgboost = {"xgboost",       xgboost_open,    xgboost_load,
                               xgboost_prepare, xgboost_predict, xgboost_predict_all};
