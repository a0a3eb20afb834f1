// What an engine gives to the driver.
#ifndef ENGINE_H
#define ENGINE_H

#include <stddef.h>

// Rows of as many cells each: the words of the file, and the numbers that they are (NaN for a word that is none).
struct rows {
    size_t count;
    size_t width;
    char **words;
    double *numbers;
};

struct engine {
    const char *name;
    // Opens the shared library; not timed.
    void (*open)(const char *library);
    // Loads the model, for one thread.
    void (*load)(const char *model, const struct rows *rows);
    // Makes the inputs that the library takes; not timed.
    void (*prepare)(const struct rows *rows);
    // Predicts a row and returns the number of scores, which are at most MAXIMUM_SCORES.
    size_t (*predict)(size_t row, double *scores);
    // Predicts all rows in one call, on one thread, and points to their scores; NULL where that is not measured.
    const double *(*predict_all)(void);
};

enum { MAXIMUM_SCORES = 64 };

extern const struct engine lightgbm, xgboost, onnxruntime, compiled;

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
void *open_library(const char *path);
void *symbol(void *library, const char *name);

#endif
