// A thread that waits for sockets and for times. Header only.
#ifndef TRACECORE_REACTOR_H
#define TRACECORE_REACTOR_H

#ifdef __linux__
#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/// Something that happened to a watched descriptor.
typedef struct {
    uint64_t key;
    uint8_t is_readable, is_writable, is_error;
} tracecore_event;

#define TRACECORE_EVENTS 64

/// Names the calling thread, for tools that show the threads of a process.
static inline void tracecore_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

static inline int tracecore_epoll(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static inline int tracecore_timer(void) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static inline int tracecore_watch(int epoll, int fd, uint64_t key, int for_writing) {
    struct epoll_event event;
    memset(&event, 0, sizeof(event));
    event.events = EPOLLIN | (for_writing ? EPOLLOUT : 0);
    event.data.u64 = key;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static inline int tracecore_unwatch(int epoll, int fd) {
    struct epoll_event event;
    memset(&event, 0, sizeof(event));
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event) < 0 ? -errno : 0;
}

/// Waits until something happens, at most TRACECORE_EVENTS things at a time.
static inline int tracecore_wait(int epoll, tracecore_event *out) {
    struct epoll_event events[TRACECORE_EVENTS];
    int count = epoll_wait(epoll, events, TRACECORE_EVENTS, -1);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        out[i].key = events[i].data.u64;
        out[i].is_readable = (events[i].events & EPOLLIN) != 0;
        out[i].is_writable = (events[i].events & EPOLLOUT) != 0;
        out[i].is_error = (events[i].events & (EPOLLERR | EPOLLHUP)) != 0;
    }
    return count;
}

/// Lets the timer ring at a time of the monotonic clock; at once if that is over.
static inline int tracecore_set_timer(int fd, int64_t at) {
    struct itimerspec when;
    memset(&when, 0, sizeof(when));
    if (at < 1) at = 1;
    when.it_value.tv_sec = at / 1000000000;
    when.it_value.tv_nsec = at % 1000000000;
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, 0) < 0 ? -errno : 0;
}

static inline void tracecore_clear_timer(int fd) {
    uint64_t rings;
    long got = read(fd, &rings, sizeof(rings));
    (void)got;
}
#endif
#endif
