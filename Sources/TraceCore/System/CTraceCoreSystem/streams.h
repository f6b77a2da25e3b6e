// Connections of a server: listening, taking, reading and writing, never waiting. Header only.
#ifndef TRACECORE_STREAMS_H
#define TRACECORE_STREAMS_H

#ifdef __linux__
#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include "sockets.h"
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/un.h>

/// Listens for TCP connections. An IPv6 socket takes IPv6 only, so that both families can have the port.
static inline int tracecore_listen(const tracecore_endpoint *at, int backlog) {
    int fd = tracecore_socket(at->family, SOCK_STREAM, IPPROTO_TCP);
    if (fd < 0) return fd;
    int one = 1, result = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (at->family != 4) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    result = tracecore_bind(fd, at);
    if (result == 0 && listen(fd, backlog) < 0) result = -errno;
    if (result == 0) return fd;
    close(fd);
    return result;
}

/// Listens at a path. A socket that nobody listens at any more makes room; what is no socket does not.
static inline int tracecore_listen_at(const char *path, int backlog) {
    struct sockaddr_un address;
    struct stat status;
    memset(&address, 0, sizeof(address));
    address.sun_family = AF_UNIX;
    if (strlen(path) >= sizeof(address.sun_path)) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int result = 0;
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        result = -errno;
        if (result == -EADDRINUSE && lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
            int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            int connected = other < 0 ? -1 : connect(other, (struct sockaddr *)&address, sizeof(address));
            if (connected < 0 && errno == ECONNREFUSED && unlink(path) == 0)
                result = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
            if (other >= 0) close(other);
        }
    }
    if (result == 0 && listen(fd, backlog) < 0) result = -errno;
    if (result == 0) return fd;
    close(fd);
    return result;
}

/// Makes a descriptor that was handed over ready to be used; its family, 0 for that of paths, or a negated error.
static inline int tracecore_adopt_listener(int fd) {
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    int listens = 0;
    socklen_t length = sizeof(listens);
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) < 0) return -errno;
    if (!listens) return -EINVAL;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) return -errno;
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) return -errno;
    return address.ss_family == AF_INET ? 4 : address.ss_family == AF_INET6 ? 6 : 0;
}

/// Takes the next connection, with who made it; a family of 0 says that it came by a path.
static inline int tracecore_accept(int listener, tracecore_endpoint *peer) {
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    memset(peer, 0, sizeof(*peer));
    int fd = accept4(listener, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    if (size >= sizeof(sa_family_t) && (address.ss_family == AF_INET || address.ss_family == AF_INET6)) {
        int one = 1;
        tracecore_read_endpoint(&address, peer);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    }
    return fd;
}

/// Watches a connection for whatever changes, once for each change.
static inline int tracecore_watch_changes(int epoll, int fd, uint64_t key) {
    struct epoll_event event;
    memset(&event, 0, sizeof(event));
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = key;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static inline long tracecore_read_stream(int fd, void *bytes, size_t count) {
    ssize_t got = recv(fd, bytes, count, 0);
    return got < 0 ? -errno : got;
}

static inline long tracecore_write_stream(int fd, const void *bytes, size_t count) {
    ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

/// Whether the other side has sent its last byte, and all of them have been read.
static inline int tracecore_has_left(int fd) {
    char byte;
    ssize_t got = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

/// Says that nothing more will be sent.
static inline void tracecore_finish_writing(int fd) { shutdown(fd, SHUT_WR); }
#endif
#endif
