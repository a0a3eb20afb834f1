// A model that lleaves compiled to machine code and the linker made a library of.
#include <stdint.h>

#include "engine.h"

static void (*forest_root)(const double *, double *, int32_t, int32_t);
static const struct rows *inputs;

// The model is the library, so opening it is its load.
static void compiled_open(const char *path) { (void)path; }

static void compiled_load(const char *model, const struct rows *rows) {
    (void)rows;
    forest_root = symbol(open_library(model), "forest_root");
}

static void compiled_prepare(const struct rows *rows) { inputs = rows; }

static size_t compiled_predict(size_t row, double *scores) {
    forest_root(inputs->numbers + row * inputs->width, scores, 0, 1);
    return 1;
}

const struct engine compiled = {"compiled", compiled_open, compiled_load, compiled_prepare, compiled_predict, NULL};
