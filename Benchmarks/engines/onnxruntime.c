// ONNX Runtime on one thread. Every row's inputs are made beforehand, and the output of the first row is used again for
// all others: what is timed is the run alone.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine.h"

// The wheel has no header. The functions are a table to which versions only append; these are the indexes in it.
enum {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_INTRA_OP_NUM_THREADS = 24,
    SESSION_GET_INPUT_COUNT = 30,
    SESSION_GET_OUTPUT_COUNT = 31,
    SESSION_GET_INPUT_TYPE_INFO = 33,
    SESSION_GET_INPUT_NAME = 36,
    SESSION_GET_OUTPUT_NAME = 37,
    CREATE_TENSOR_AS_ORT_VALUE = 48,
    GET_TENSOR_MUTABLE_DATA = 51,
    FILL_STRING_TENSOR = 52,
    CAST_TYPE_INFO_TO_TENSOR_INFO = 55,
    GET_TENSOR_ELEMENT_TYPE = 60,
    GET_DIMENSIONS_COUNT = 61,
    GET_DIMENSIONS = 62,
    GET_TENSOR_SHAPE_ELEMENT_COUNT = 64,
    GET_TENSOR_TYPE_AND_SHAPE = 65,
    GET_ALLOCATOR_WITH_DEFAULT_OPTIONS = 78,
};
enum { API_VERSION = 17, LOG_WARNINGS = 2, MAXIMUM_INPUTS = 64, MAXIMUM_DIMENSIONS = 8 };
enum element { FLOAT32 = 1, INT64 = 7, STRING = 8, BOOL = 9, FLOAT64 = 11 };

typedef void *(*function)();

struct api_base {
    const function *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
};

static const function *api;
static function run;
static void *allocator, *session;

static size_t input_count;
static const char *input_names[MAXIMUM_INPUTS], *output_name;
// An input per row and name; the one output.
static void **inputs, *output;
static enum element output_type;
static size_t output_size;
static void *output_data;

static void check(void *status) {
    if (status != NULL) fail("ONNX Runtime: %s", ((const char *(*)(void *))api[GET_ERROR_MESSAGE])(status));
}

static void onnxruntime_open(const char *path) {
    const struct api_base *(*get_base)(void) = symbol(open_library(path), "OrtGetApiBase");
    api = get_base()->get_api(API_VERSION);
    if (api == NULL) fail("ONNX Runtime %s has no API version %d", get_base()->get_version(), API_VERSION);
    run = api[RUN];
}

static void onnxruntime_load(const char *model, const struct rows *rows) {
    (void)rows;
    void *environment, *options;
    check(api[CREATE_ENV](LOG_WARNINGS, "benchmark", &environment));
    check(api[CREATE_SESSION_OPTIONS](&options));
    check(api[SET_INTRA_OP_NUM_THREADS](options, 1));
    check(api[CREATE_SESSION](environment, model, options, &session));
}

// The next cells of a row, as an input's tensor.
static void *tensor(void *info, const struct rows *rows, size_t cell, size_t *used) {
    enum element type;
    int64_t shape[MAXIMUM_DIMENSIONS];
    size_t rank, size = 1;
    check(api[GET_TENSOR_ELEMENT_TYPE](info, &type));
    check(api[GET_DIMENSIONS_COUNT](info, &rank));
    if (rank > MAXIMUM_DIMENSIONS) fail("an input of %zu dimensions", rank);
    check(api[GET_DIMENSIONS](info, shape, rank));
    for (size_t i = 0; i < rank; i++) {
        // The first dimension is of rows. Another that the model leaves open takes all that is there.
        if (shape[i] < 0) shape[i] = i == 0 ? 1 : (int64_t)rows->width;
        size *= (size_t)shape[i];
    }
    if (*used + size > rows->width) fail("a row has %zu cells, which are too few", rows->width);
    *used += size;

    void *value, *data;
    check(api[CREATE_TENSOR_AS_ORT_VALUE](allocator, shape, rank, type, &value));
    if (type == STRING) {
        check(api[FILL_STRING_TENSOR](value, rows->words + cell, size));
        return value;
    }
    check(api[GET_TENSOR_MUTABLE_DATA](value, &data));
    for (size_t i = 0; i < size; i++) {
        double number = rows->numbers[cell + i];
        switch (type) {
        case FLOAT32: ((float *)data)[i] = (float)number; break;
        case FLOAT64: ((double *)data)[i] = number; break;
        case INT64: ((int64_t *)data)[i] = (int64_t)number; break;
        case BOOL: ((bool *)data)[i] = number != 0; break;
        default: fail("an input's element type is %d", type);
        }
    }
    return value;
}

static void onnxruntime_prepare(const struct rows *rows) {
    size_t output_count;
    check(api[GET_ALLOCATOR_WITH_DEFAULT_OPTIONS](&allocator));
    check(api[SESSION_GET_INPUT_COUNT](session, &input_count));
    check(api[SESSION_GET_OUTPUT_COUNT](session, &output_count));
    if (input_count > MAXIMUM_INPUTS) fail("a model of %zu inputs", input_count);
    // A classifier's label comes first and its probabilities last.
    check(api[SESSION_GET_OUTPUT_NAME](session, output_count - 1, allocator, &output_name));
    inputs = calloc(rows->count * input_count, sizeof *inputs);
    void *infos[MAXIMUM_INPUTS];
    for (size_t i = 0; i < input_count; i++) {
        void *type;
        check(api[SESSION_GET_INPUT_NAME](session, i, allocator, &input_names[i]));
        check(api[SESSION_GET_INPUT_TYPE_INFO](session, i, &type));
        check(api[CAST_TYPE_INFO_TO_TENSOR_INFO](type, &infos[i]));
    }
    for (size_t row = 0; row < rows->count; row++) {
        size_t used = 0;
        for (size_t i = 0; i < input_count; i++) {
            inputs[row * input_count + i] = tensor(infos[i], rows, row * rows->width + used, &used);
        }
    }
}

// Learns what the output is from the first one.
static void describe_output(void) {
    void *info;
    check(api[GET_TENSOR_TYPE_AND_SHAPE](output, &info));
    check(api[GET_TENSOR_ELEMENT_TYPE](info, &output_type));
    check(api[GET_TENSOR_SHAPE_ELEMENT_COUNT](info, &output_size));
    if ((output_type != FLOAT32 && output_type != FLOAT64) || output_size > MAXIMUM_SCORES) {
        fail("the output's element type is %d, its size %zu", output_type, output_size);
    }
    check(api[GET_TENSOR_MUTABLE_DATA](output, &output_data));
}

static size_t onnxruntime_predict(size_t row, double *scores) {
    check(run(session, NULL, input_names, inputs + row * input_count, input_count, &output_name, (size_t)1, &output));
    if (output_data == NULL) describe_output();
    for (size_t i = 0; i < output_size; i++) {
        scores[i] = output_type == FLOAT64 ? ((double *)output_data)[i] : ((float *)output_data)[i];
    }
    return output_size;
}

const struct engine onnxruntime = {
    "onnxruntime", onnxruntime_open, onnxruntime_load, onnxruntime_prepare, onnxruntime_predict, NULL};
