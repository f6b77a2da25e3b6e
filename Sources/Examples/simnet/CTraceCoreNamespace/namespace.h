// Namespaces of Linux, and a command that runs in them: calls that Swift cannot make by itself, because they are behind
// _GNU_SOURCE, take any number of arguments, or fork. Functions give -errno where they fail. Header only.
#ifndef TRACECORE_NAMESPACE_H
#define TRACECORE_NAMESPACE_H

#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Behind _GNU_SOURCE, as are the flags below.
extern int unshare(int);
extern int setresuid(uid_t, uid_t, uid_t);
extern int setresgid(gid_t, gid_t, gid_t);

// CLONE_NEWNS, CLONE_NEWUSER and CLONE_NEWNET of <linux/sched.h>.
#define TRACECORE_NAMESPACE_MOUNT 0x00020000
#define TRACECORE_NAMESPACE_USER 0x10000000
#define TRACECORE_NAMESPACE_NETWORK 0x40000000

/// Moves the calling process into new namespaces; for one of users it must have a single thread.
static inline int tracecore_namespace_enter(int kinds) {
    return unshare(kinds) < 0 ? -errno : 0;
}

/// Writes a whole text into a file that is there, such as a setting in /proc.
static inline int tracecore_namespace_write(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int result = write(file, text, strlen(text)) < 0 ? -errno : 0;
    close(file);
    return result;
}

/// Keeps what is mounted from now on to this mount namespace.
static inline int tracecore_namespace_keep_mounts(void) {
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

/// Puts one file in the place of another.
static inline int tracecore_namespace_cover(const char *path, const char *with) {
    return mount(with, path, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

static inline int tracecore_namespace_bring_up_loopback(void) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) return -errno;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    int result = ioctl(control, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(control);
    return result;
}

// MARK: - Signals

static inline sigset_t tracecore_namespace_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    return signals;
}

/// Keeps the signals that are waited for below from interrupting any thread that is started from now on.
static inline void tracecore_namespace_hold_signals(void) {
    sigset_t signals = tracecore_namespace_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

/// Waits until somebody wants an end.
static inline void tracecore_namespace_await_end(void) {
    sigset_t signals = tracecore_namespace_signals();
    sigdelset(&signals, SIGCHLD);
    while (sigwaitinfo(&signals, NULL) < 0 && errno == EINTR) {}
}

// MARK: - The command

/// What could not be done for a command that was to be started.
#define TRACECORE_NAMESPACE_FORK 0
#define TRACECORE_NAMESPACE_DROP 1
#define TRACECORE_NAMESPACE_EXECUTE 2

struct tracecore_namespace_failure {
    int32_t code;
    int32_t step;
};

static inline int tracecore_namespace_drop(uid_t uid, gid_t gid) {
    // No program that is started from here on gets more than it has: not by a set-user bit, nor by a file's capability.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0) return -errno;
    if (setgroups(0, NULL) < 0) return -errno;
    // With the last identity of root, every capability goes (capabilities(7)).
    if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0) return -errno;
    return 0;
}

/// Starts a command, as another user if one is given; the process, or 0 with what failed.
static inline pid_t tracecore_namespace_start(
    char *const arguments[], int is_other_user, uid_t uid, gid_t gid, struct tracecore_namespace_failure *failure) {
    int ends[2];
    failure->step = TRACECORE_NAMESPACE_FORK;
    // Whatever the command leaves behind becomes a child of this process, and can be ended.
    prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    if (pipe(ends) < 0 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) < 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) < 0) {
        failure->code = errno;
        return 0;
    }
    pid_t process = fork();
    if (process < 0) {
        failure->code = errno;
        return 0;
    }
    if (process == 0) {
        // Only calls that are allowed after a fork of a process with threads (signal-safety(7)).
        struct tracecore_namespace_failure report = {0, TRACECORE_NAMESPACE_DROP};
        sigset_t none;
        sigemptyset(&none);
        if (is_other_user) report.code = -tracecore_namespace_drop(uid, gid);
        if (report.code == 0) {
            prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
            signal(SIGPIPE, SIG_DFL);
            sigprocmask(SIG_SETMASK, &none, NULL);
            execvp(arguments[0], arguments);
            report.code = errno;
            report.step = TRACECORE_NAMESPACE_EXECUTE;
        }
        ssize_t written = write(ends[1], &report, sizeof report);
        _exit(written == sizeof report ? 127 : 126);
    }
    close(ends[1]);
    // Closed without a word where the command was executed.
    ssize_t count;
    do { count = read(ends[0], failure, sizeof *failure); } while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count != sizeof *failure) return process;
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    return 0;
}

/// Waits until a command ends, and hands it the signals that this process gets meanwhile. Gives what a shell gives.
static inline int tracecore_namespace_await(pid_t process) {
    sigset_t signals = tracecore_namespace_signals();
    while (1) {
        siginfo_t info;
        int number = sigwaitinfo(&signals, &info);
        if (number < 0) continue;
        // What is typed at a terminal goes to the command as well, without any help.
        if (number != SIGCHLD && info.si_code != SI_KERNEL) kill(process, number);
        int status = 0;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == process) return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
    }
}

/// Ends what the command has left running.
static inline void tracecore_namespace_end_leftovers(void) {
    while (1) {
        char path[64], text[4096];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        ssize_t count = read(file, text, sizeof text - 1);
        close(file);
        if (count <= 0) return;
        text[count] = 0;
        for (char *next = text, *end; ; next = end) {
            long process = strtol(next, &end, 10);
            if (end == next) break;
            if (process <= 1) continue;
            kill((pid_t)process, SIGKILL);
            waitpid((pid_t)process, NULL, 0);
        }
    }
}

#endif
