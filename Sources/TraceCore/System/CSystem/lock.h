// The lock of a build under the thread sanitizer, which knows those of the C library.
#ifndef CSYSTEM_LOCK_H
#define CSYSTEM_LOCK_H

#include <pthread.h>

typedef pthread_mutex_t csystem_lock;

static inline void csystem_lock_init(csystem_lock *_Nonnull lock) { pthread_mutex_init(lock, NULL); }
static inline void csystem_lock_destroy(csystem_lock *_Nonnull lock) { pthread_mutex_destroy(lock); }
// A mutex of the default kind fails only where it is misused, and then the sanitizer says so.
static inline void csystem_lock_take(csystem_lock *_Nonnull lock) { pthread_mutex_lock(lock); }
static inline _Bool csystem_lock_try(csystem_lock *_Nonnull lock) { return pthread_mutex_trylock(lock) == 0; }
static inline void csystem_lock_release(csystem_lock *_Nonnull lock) { pthread_mutex_unlock(lock); }

#endif
