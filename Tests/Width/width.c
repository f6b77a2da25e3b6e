// So many tests run at once as there is something to do for each. Without a limit all of them are begun, dozens of programs
// among them, and on a small machine each waits for all others: minutes, where it allows seconds.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "width.h"

__attribute__((constructor)) static void tracecore_limit_tests(void) {
    char text[16];
    snprintf(text, sizeof text, "%ld", 3 * sysconf(_SC_NPROCESSORS_ONLN));
    // Swift Testing reads it at its start; whoever has set it knows better.
    setenv("SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH", text, 0);
}
