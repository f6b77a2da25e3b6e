// The lock of a build under the thread sanitizer, which knows those of the C library; and what threads wait at.
#ifndef TRACECORE_LOCK_H
#define TRACECORE_LOCK_H

#include <pthread.h>

typedef pthread_mutex_t tracecore_lock;

static inline void tracecore_lock_init(tracecore_lock *_Nonnull lock) { pthread_mutex_init(lock, NULL); }
static inline void tracecore_lock_destroy(tracecore_lock *_Nonnull lock) { pthread_mutex_destroy(lock); }
// A mutex of the default kind fails only where it is misused, and then the sanitizer says so.
static inline void tracecore_lock_take(tracecore_lock *_Nonnull lock) { pthread_mutex_lock(lock); }
static inline _Bool tracecore_lock_try(tracecore_lock *_Nonnull lock) { return pthread_mutex_trylock(lock) == 0; }
static inline void tracecore_lock_release(tracecore_lock *_Nonnull lock) { pthread_mutex_unlock(lock); }

/// Lets as many threads through as it was opened times.
typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    int count;
} tracecore_gate;

static inline void tracecore_gate_init(tracecore_gate *_Nonnull gate) {
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->condition, NULL);
    gate->count = 0;
}

static inline void tracecore_gate_destroy(tracecore_gate *_Nonnull gate) {
    pthread_mutex_destroy(&gate->mutex);
    pthread_cond_destroy(&gate->condition);
}

static inline void tracecore_gate_open(tracecore_gate *_Nonnull gate) {
    pthread_mutex_lock(&gate->mutex);
    gate->count += 1;
    pthread_cond_signal(&gate->condition);
    pthread_mutex_unlock(&gate->mutex);
}

static inline void tracecore_gate_wait(tracecore_gate *_Nonnull gate) {
    pthread_mutex_lock(&gate->mutex);
    while (gate->count == 0) pthread_cond_wait(&gate->condition, &gate->mutex);
    gate->count -= 1;
    pthread_mutex_unlock(&gate->mutex);
}

#endif
