#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this platform's heap can be counted at all.
bool allocation_counter_available(void);

/// Sets the count to 0 and starts counting the heap allocations of all threads.
void allocation_counter_start(void);

/// Stops counting and returns the number of allocations since the start.
uint64_t allocation_counter_stop(void);

/// Allocates and frees once through each of the functions that are counted; returns how many these are.
uint64_t allocation_counter_exercise(void);

#endif
