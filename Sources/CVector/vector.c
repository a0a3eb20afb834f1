#include "CVector.h"
#include <stdint.h>

// The loader chooses the clone for the processor. In Swift one binary for any x86-64 has vectors of 16 bytes only.
#if defined(__x86_64__) && defined(__linux__)
#define UP_TO_32_BYTES __attribute__((target_clones("avx2", "default")))
#define UP_TO_64_BYTES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define UP_TO_32_BYTES
#define UP_TO_64_BYTES
#endif

typedef uint64_t line __attribute__((vector_size(64)));

typedef struct {
    line low, high;
} stripe;

// Vectors go by address: by value they would pass in registers that not every processor has.
static inline __attribute__((always_inline)) void and_all(
    const void *const *addresses, size_t count, size_t offset, stripe *result) {
    stripe all = *(const stripe *)((const char *)addresses[0] + offset);
    for (size_t index = 1; index < count; index++) {
        const stripe *next = (const stripe *)((const char *)addresses[index] + offset);
        all.low &= next->low;
        all.high &= next->high;
    }
    *result = all;
}

// The bits below the lowest one, as many as its position, are hashed to three bits without a collision; to count them
// would take three steps more. No byte borrows from the next, since none is 0, and what a shift brings in from the
// next byte stays above the three bits.
static inline __attribute__((always_inline)) void find_lowest_bits(line *bytes) {
    line below = ~*bytes & (*bytes - 0x0101010101010101);
    line folded = below ^ (below >> 2);
    *bytes = (folded ^ (folded >> 2) ^ (folded >> 3)) & 0x0707070707070707;
}

static inline __attribute__((always_inline)) void and_lowest_bits(
    const void *const *addresses, size_t count, size_t offset, stripe *result) {
    stripe all;
    and_all(addresses, count, offset, &all);
    find_lowest_bits(&all.low);
    find_lowest_bits(&all.high);
    *result = all;
}

UP_TO_32_BYTES
void vector_and(const void *const *addresses, size_t count, size_t offset, void *result) {
    and_all(addresses, count, offset, result);
}

UP_TO_32_BYTES
void vector_and_lowest_bits(const void *const *addresses, size_t count, size_t offset, void *result) {
    and_lowest_bits(addresses, count, offset, result);
}

UP_TO_64_BYTES
void vector_and_for_later(const void *const *addresses, size_t count, size_t offset, void *result) {
    and_all(addresses, count, offset, result);
}

UP_TO_64_BYTES
void vector_and_lowest_bits_for_later(const void *const *addresses, size_t count, size_t offset, void *result) {
    and_lowest_bits(addresses, count, offset, result);
}
