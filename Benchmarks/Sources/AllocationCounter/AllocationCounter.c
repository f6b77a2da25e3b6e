#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_bool counting;
static _Atomic uint64_t allocations;

void allocation_counter_start(void) {
    atomic_store(&allocations, 0);
    atomic_store(&counting, true);
}

uint64_t allocation_counter_stop(void) {
    atomic_store(&counting, false);
    return atomic_load(&allocations);
}

#if defined(__GLIBC__)

#include <malloc.h>

// The program's own definitions come before the C library's in the order of symbol look-up, for every
// shared library too. The C library's stay within reach under these names, so that there is no
// look-up at run time, which would itself allocate.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void count(void) {
    if (atomic_load_explicit(&counting, memory_order_relaxed))
        atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count();
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    count();
    void *block = __libc_memalign(alignment, size);
    if (block == NULL) return ENOMEM;
    *result = block;
    return 0;
}

bool allocation_counter_available(void) { return true; }

uint64_t allocation_counter_exercise(void) {
    // Volatile, or the compiler removes allocations that nobody uses.
    void *volatile block = malloc(10);
    block = realloc(block, 100000);
    free(block);
    block = calloc(10, 10);
    free(block);
    block = memalign(64, 100);
    free(block);
    block = aligned_alloc(64, 128);
    free(block);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 100) == 0) block = aligned;
    free(block);
    return 6;
}

#else

bool allocation_counter_available(void) { return false; }
uint64_t allocation_counter_exercise(void) { return 0; }

#endif
