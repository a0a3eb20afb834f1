// Predicts rows with a library's C functions, in turn and on one thread, and says what that costs.
//
//     driver ENGINE LIBRARY MODEL ROWS PREDICTIONS SECONDS
//
// ENGINE is one of those below, LIBRARY the shared library that has its functions. ROWS has a row a line, its cells
// separated by spaces. Writes the scores of each row to PREDICTIONS, then repeats the rows for SECONDS of CPU and prints
// {"load_milliseconds": …, "row_microseconds": …, "batch_microseconds": …}: the thread's CPU time of the load, and of a
// row in the median pass over all rows, one a call and then all in one call, which must give the same scores.
#include <dlfcn.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"

enum { MINIMUM_PASSES = 3, MAXIMUM_PASSES = 1 << 16 };

static const struct engine *const engines[] = {&lightgbm, &xgboost, &onnxruntime, &compiled};

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void *open_library(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail("%s", dlerror());
    return library;
}

void *symbol(void *library, const char *name) {
    void *address = dlsym(library, name);
    if (address == NULL) fail("%s", dlerror());
    return address;
}

static struct rows read_rows(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("cannot read %s", path);
    struct rows rows = {0};
    size_t cells = 0, capacity = 0, length = 0;
    char *line = NULL;
    while (getline(&line, &length, file) > 0) {
        for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
            if (cells == capacity) {
                capacity = capacity * 2 + 1024;
                rows.words = realloc(rows.words, capacity * sizeof *rows.words);
                rows.numbers = realloc(rows.numbers, capacity * sizeof *rows.numbers);
            }
            char *end;
            double number = strtod(word, &end);
            rows.words[cells] = strdup(word);
            rows.numbers[cells++] = *end == '\0' ? number : NAN;
        }
        rows.count++;
        rows.width = cells / rows.count;
    }
    if (rows.count == 0 || cells != rows.count * rows.width) fail("%s has no rows, or rows of unlike length", path);
    free(line);
    fclose(file);
    return rows;
}

static double cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// The CPU time of the median of passes over all rows that take `seconds` together.
static double median_pass(const struct engine *engine, const struct rows *rows, double seconds, int together) {
    static double passes[MAXIMUM_PASSES];
    double scores[MAXIMUM_SCORES];
    size_t pass_count = 0;
    double spent = 0;
    while (pass_count < MINIMUM_PASSES || (spent < seconds && pass_count < MAXIMUM_PASSES)) {
        double start = cpu_seconds();
        if (together) {
            engine->predict_all();
        } else {
            for (size_t row = 0; row < rows->count; row++) engine->predict(row, scores);
        }
        passes[pass_count] = cpu_seconds() - start;
        spent += passes[pass_count++];
    }
    qsort(passes, pass_count, sizeof *passes, compare);
    return passes[pass_count / 2];
}

int main(int count, char **arguments) {
    if (count != 7) fail("usage: %s ENGINE LIBRARY MODEL ROWS PREDICTIONS SECONDS", arguments[0]);
    const struct engine *engine = NULL;
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        if (strcmp(engines[i]->name, arguments[1]) == 0) engine = engines[i];
    }
    if (engine == NULL) fail("there is no engine %s", arguments[1]);
    struct rows rows = read_rows(arguments[4]);
    double seconds = atof(arguments[6]);

    engine->open(arguments[2]);
    double start = cpu_seconds();
    engine->load(arguments[3], &rows);
    double load = cpu_seconds() - start;
    engine->prepare(&rows);

    double scores[MAXIMUM_SCORES];
    FILE *predictions = fopen(arguments[5], "w");
    if (predictions == NULL) fail("cannot write %s", arguments[5]);
    for (size_t row = 0; row < rows.count; row++) {
        size_t score_count = engine->predict(row, scores);
        for (size_t i = 0; i < score_count; i++) fprintf(predictions, i == 0 ? "%.17g" : " %.17g", scores[i]);
        fputc('\n', predictions);
    }
    fclose(predictions);

    double row = median_pass(engine, &rows, seconds, 0) / (double)rows.count * 1e6;
    printf("{\"load_milliseconds\": %.3f, \"row_microseconds\": %.5f", load * 1e3, row);
    if (engine->predict_all != NULL) {
        const double *together = engine->predict_all();
        for (size_t i = 0; i < rows.count; i++) {
            size_t score_count = engine->predict(i, scores);
            if (memcmp(scores, together + i * score_count, score_count * sizeof *scores) != 0) {
                fail("row %zu has other scores in a batch", i + 1);
            }
        }
        double batch = median_pass(engine, &rows, seconds, 1) / (double)rows.count * 1e6;
        printf(", \"batch_microseconds\": %.5f", batch);
    }
    puts("}");
}
