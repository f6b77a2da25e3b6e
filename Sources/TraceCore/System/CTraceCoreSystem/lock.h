// The lock of a build under the thread sanitizer, which knows those of the C library.
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

#endif
