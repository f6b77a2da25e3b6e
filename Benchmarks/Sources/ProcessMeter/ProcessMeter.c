#define _GNU_SOURCE
#include "ProcessMeter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t nanoseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

/// Starts a program without a copy of this one's memory, which would take longer than some of them run.
static int start(char *const arguments[], const char *output, const char *errors, pid_t *process) {
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    code = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (code == 0) code = posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0644);
    if (code == 0) code = posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0644);
    if (code == 0) code = posix_spawnp(process, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int process_meter_run(
    char *const arguments[], const char *output, const char *errors, int64_t limit_ns, struct process_meter *result) {
    result->is_overdue = 0;
    result->start_ns = now();
    pid_t process;
    int code = start(arguments, output, errors, &process);
    if (code != 0) return code;
    // A descriptor of the process can be waited for with a limit, and is ready the moment it ends.
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    if (handle >= 0) {
        struct pollfd request = {handle, POLLIN, 0};
        int count;
        do {
            int64_t left = result->start_ns + limit_ns - now();
            struct timespec limit = {left > 0 ? left / 1000000000 : 0, left > 0 ? left % 1000000000 : 0};
            count = ppoll(&request, 1, &limit, NULL);
        } while (count < 0 && errno == EINTR);
        if (count == 0) {
            result->is_overdue = 1;
            kill(process, SIGKILL);
        }
    }
    int status = 0;
    struct rusage usage;
    while (wait4(process, &status, 0, &usage) < 0) {
        if (errno != EINTR) return errno;
    }
    result->end_ns = now();
    if (handle >= 0) close(handle);
    result->cpu_ns = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
    result->max_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
    result->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return 0;
}

pid_t process_meter_start_hog(void) {
    pid_t hog = fork();
    if (hog == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile uint64_t count = 0;; count++) {}
    }
    return hog;
}

void process_meter_end_hog(pid_t hog) {
    if (hog <= 0) return;
    kill(hog, SIGKILL);
    waitpid(hog, NULL, 0);
}
