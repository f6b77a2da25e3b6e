#ifndef PROCESS_METER_H
#define PROCESS_METER_H

#include <stdint.h>
#include <sys/types.h>

/// What a process took, as wait4 tells it.
struct process_meter {
    /// When it was started and when it ended, in nanoseconds of the monotonic clock.
    int64_t start_ns;
    int64_t end_ns;
    /// The time that it and what it waited for spent on processors.
    int64_t cpu_ns;
    /// The most memory it had at a time; never less than what the starting process had.
    int64_t max_rss_bytes;
    /// The exit code; 128 and the signal's number if a signal ended it.
    int32_t status;
    /// Whether it was ended because it took too long.
    int32_t is_overdue;
};

/// Runs a program to its end, its output in files. 0, or the error number of what could not be done.
int process_meter_run(
    char *const arguments[], const char *output, const char *errors, int64_t limit_ns, struct process_meter *result);

/// Starts a process that keeps a processor busy until it is ended.
pid_t process_meter_start_hog(void);

/// Ends such a process.
void process_meter_end_hog(pid_t hog);

#endif
