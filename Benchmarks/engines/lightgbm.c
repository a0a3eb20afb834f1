// LightGBM's call for single rows, with its parameters parsed beforehand: the fastest that it offers; and that for many.
#include <stdint.h>
#include <stdlib.h>

#include "engine.h"

enum { FLOAT64 = 1, RAW_SCORE = 1 };

static void *library;
static int (*predict_row)(void *, const void *, int64_t *, double *);
static int (*predict_rows)(
    void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *, int64_t *, double *);
static void *booster, *configuration;
// The scores of all rows.
static double *results;
static const struct rows *inputs;

static void check(int status) {
    if (status != 0) fail("LightGBM: %s", ((const char *(*)(void))symbol(library, "LGBM_GetLastError"))());
}

static void lightgbm_open(const char *path) {
    library = open_library(path);
    predict_row = symbol(library, "LGBM_BoosterPredictForMatSingleRowFast");
    predict_rows = symbol(library, "LGBM_BoosterPredictForMat");
}

static void lightgbm_load(const char *model, const struct rows *rows) {
    int (*create)(const char *, int *, void **) = symbol(library, "LGBM_BoosterCreateFromModelfile");
    int (*configure)(void *, int, int, int, int, int32_t, const char *, void **) =
        symbol(library, "LGBM_BoosterPredictForMatSingleRowFastInit");
    int iterations;
    check(create(model, &iterations, &booster));
    check(configure(
        booster, RAW_SCORE, 0, -1, FLOAT64, (int32_t)rows->width, "num_threads=1", &configuration));
}

static void lightgbm_prepare(const struct rows *rows) {
    inputs = rows;
    results = malloc(rows->count * MAXIMUM_SCORES * sizeof *results);
}

static size_t lightgbm_predict(size_t row, double *scores) {
    int64_t count;
    check(predict_row(configuration, inputs->numbers + row * inputs->width, &count, scores));
    return (size_t)count;
}

static const double *lightgbm_predict_all(void) {
    int64_t count;
    check(predict_rows(
        booster, inputs->numbers, FLOAT64, (int32_t)inputs->count, (int32_t)inputs->width, 1, RAW_SCORE, 0, -1,
        "num_threads=1", &count, results));
    return results;
}

const struct engine lightgbm = {"lightgbm",       lightgbm_open,    lightgbm_load,
                                lightgbm_prepare, lightgbm_predict, lightgbm_predict_all};
