// What the C library's own module map lacks or spells in a way that Swift cannot use. Header only.
#ifndef TRACECORE_H
#define TRACECORE_H

#include <stdint.h>
#include <time.h>

/// Microseconds since 1970 on the wall clock. In C, because a release build with MemberImportVisibility does not find
/// the members of `timespec` (Swift 6.3: "missing import of defining module 'SwiftOverlayShims'").
static inline int64_t tracecore_wall_clock_microseconds(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif
