// A TUN device of Linux: packets that the kernel routes into it come out of a descriptor, and the other way round.
// In C, because ioctl and its structures are macros and unions. Functions give -errno where they fail.
#ifndef TRACECORE_TUNNEL_H
#define TRACECORE_TUNNEL_H

#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRACECORE_TUNNEL_NAME_SIZE 16
#define TRACECORE_TUNNEL_TAP_SIZE 64

#ifdef __linux__

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

// Behind _GNU_SOURCE in poll.h, which is not this header's to define.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

// MARK: - The device

static inline void tracecore_tunnel_set_name(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    strncpy(request->ifr_name, name, TRACECORE_TUNNEL_NAME_SIZE - 1);
}

/// Opens a device, and writes what it is called where the caller's name was a pattern such as "sim%d".
static inline int tracecore_tunnel_open(char name[TRACECORE_TUNNEL_NAME_SIZE]) {
    int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) return -errno;
    struct ifreq request;
    tracecore_tunnel_set_name(&request, name);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    // No offload: the kernel then computes every checksum and cuts every segment before the packet comes out.
    if (ioctl(device, TUNSETIFF, &request) < 0 || ioctl(device, TUNSETOFFLOAD, 0) < 0) {
        int code = errno;
        close(device);
        return -code;
    }
    memcpy(name, request.ifr_name, TRACECORE_TUNNEL_NAME_SIZE);
    return device;
}

/// Opens a socket for asking the kernel about interfaces.
static inline int tracecore_tunnel_control(int is_v6) {
    int control = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return control < 0 ? -errno : control;
}

/// The size of a packet that was read, 0 if none is there, -EINTR as 0 too.
static inline int64_t tracecore_tunnel_read(int device, uint8_t *bytes, size_t count) {
    ssize_t size = read(device, bytes, count);
    if (size >= 0) return size;
    return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static inline int tracecore_tunnel_write(int device, const uint8_t *bytes, size_t count) {
    return write(device, bytes, count) < 0 ? -errno : 0;
}

/// Waits until a descriptor can be read or so many nanoseconds have passed; -1 for no descriptor, or for no limit.
static inline void tracecore_tunnel_wait(int device, int bell, int64_t nanoseconds) {
    struct pollfd requests[2] = {{device, POLLIN, 0}, {bell, POLLIN, 0}};
    struct timespec limit = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
    ppoll(requests, 2, nanoseconds < 0 ? NULL : &limit, NULL);
}

// MARK: - When packets were sent

/// Opens a socket that sees the packets which go out by an interface, and when the kernel handed them over.
static inline int tracecore_tunnel_open_tap(const char *name, int buffer) {
    // Nothing is seen until the socket is bound: no packet of another interface slips in.
    int tap = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (tap < 0) return -errno;
    // Of packets that go out, the first 64 bytes; of those that come in, nothing.
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, TRACECORE_TUNNEL_TAP_SIZE),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog filter = {4, instructions};
    struct sockaddr_ll place = {0};
    place.sll_family = AF_PACKET;
    place.sll_protocol = htons(ETH_P_ALL);
    place.sll_ifindex = (int)if_nametoindex(name);
    int on = 1;
    setsockopt(tap, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    if (setsockopt(tap, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0
        || setsockopt(tap, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0
        || bind(tap, (struct sockaddr *)&place, sizeof place) < 0) {
        int code = errno;
        close(tap);
        return -code;
    }
    return tap;
}

/// The size of the next packet's beginning, 0 if there is none; the time is of the wall clock, or 0 if it is not known.
static inline int64_t tracecore_tunnel_read_tap(int tap, uint8_t *bytes, size_t count, int64_t *wall_nanoseconds) {
    struct iovec piece = {bytes, count};
    union {
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {0};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    *wall_nanoseconds = 0;
    ssize_t size = recvmsg(tap, &message, 0);
    if (size <= 0) return 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec time;
        memcpy(&time, CMSG_DATA(header), sizeof time);
        *wall_nanoseconds = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
    return size;
}

/// Waits until the kernel stamps packets as they pass, which begins in a work queue some time after the first socket has
/// asked for it; until then, a packet is stamped when it is read. Where there is no loopback, nothing is waited for.
static inline void tracecore_tunnel_await_stamps(void) {
    int echo = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (echo < 0) return;
    struct sockaddr_in place = {0};
    socklen_t size = sizeof place;
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    struct timeval patience = {0, 100000};
    if (setsockopt(echo, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0
        && setsockopt(echo, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0
        && bind(echo, (struct sockaddr *)&place, size) == 0
        && getsockname(echo, (struct sockaddr *)&place, &size) == 0) {
        for (int look = 0; look < 200; look++) {
            uint8_t byte = 0;
            int64_t stamp = 0;
            struct timespec sent;
            if (sendto(echo, &byte, 1, 0, (struct sockaddr *)&place, size) < 0) break;
            clock_gettime(CLOCK_REALTIME, &sent);
            if (tracecore_tunnel_read_tap(echo, &byte, 1, &stamp) <= 0) break;
            if (stamp > 0 && stamp <= (int64_t)sent.tv_sec * 1000000000 + sent.tv_nsec) break;
            struct timespec moment = {0, 1000000};
            nanosleep(&moment, NULL);
        }
    }
    close(echo);
}

// MARK: - The interface

static inline int tracecore_tunnel_set_mtu(int control, const char *name, int mtu) {
    struct ifreq request;
    tracecore_tunnel_set_name(&request, name);
    request.ifr_mtu = mtu;
    return ioctl(control, SIOCSIFMTU, &request) < 0 ? -errno : 0;
}

/// How many packets wait for the reader; what is more than that is dropped.
static inline int tracecore_tunnel_set_queue(int control, const char *name, int packets) {
    struct ifreq request;
    tracecore_tunnel_set_name(&request, name);
    request.ifr_qlen = packets;
    return ioctl(control, SIOCSIFTXQLEN, &request) < 0 ? -errno : 0;
}

static inline int tracecore_tunnel_bring_up(int control, const char *name) {
    struct ifreq request;
    tracecore_tunnel_set_name(&request, name);
    if (ioctl(control, SIOCGIFFLAGS, &request) < 0) return -errno;
    request.ifr_flags |= IFF_UP;
    return ioctl(control, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}

static inline struct sockaddr_in tracecore_tunnel_address_v4(uint32_t address) {
    struct sockaddr_in place = {0};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(address);
    return place;
}

/// Gives the interface an address without neighbours: on a point-to-point device the prefix is 32 by itself.
static inline int tracecore_tunnel_add_address_v4(int control, const char *name, uint32_t address) {
    struct ifreq request;
    tracecore_tunnel_set_name(&request, name);
    struct sockaddr_in place = tracecore_tunnel_address_v4(address);
    memcpy(&request.ifr_addr, &place, sizeof place);
    return ioctl(control, SIOCSIFADDR, &request) < 0 ? -errno : 0;
}

/// Gives the interface an IPv6 address that can be used at once. By netlink, because with the ioctl it stays tentative
/// until the kernel gets round to finding that nobody else can have it here, and is passed over as a source meanwhile.
static inline int tracecore_tunnel_add_address_v6(const char *name, const uint8_t address[16]) {
    struct {
        struct nlmsghdr header;
        struct ifaddrmsg body;
        struct rtattr local_header;
        uint8_t local[16];
        struct rtattr flags_header;
        uint32_t flags;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_NEWADDR;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    request.body.ifa_family = AF_INET6;
    request.body.ifa_prefixlen = 128;
    request.body.ifa_index = if_nametoindex(name);
    request.local_header.rta_type = IFA_LOCAL;
    request.local_header.rta_len = RTA_LENGTH(16);
    memcpy(request.local, address, 16);
    request.flags_header.rta_type = IFA_FLAGS;
    request.flags_header.rta_len = RTA_LENGTH(4);
    request.flags = IFA_F_NODAD | IFA_F_PERMANENT;

    int link = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (link < 0) return -errno;
    struct {
        struct nlmsghdr header;
        struct nlmsgerr body;
        uint8_t rest[512];
    } answer;
    int result = -EIO;
    if (send(link, &request, sizeof request, 0) < 0) {
        result = -errno;
    } else if (recv(link, &answer, sizeof answer, 0) >= (ssize_t)NLMSG_LENGTH(sizeof answer.body)
               && answer.header.nlmsg_type == NLMSG_ERROR) {
        result = answer.body.error;
    }
    close(link);
    return result;
}

static inline int tracecore_tunnel_add_route_v4(int control, const char *name, uint32_t network, int length) {
    char device[TRACECORE_TUNNEL_NAME_SIZE] = {0};
    strncpy(device, name, TRACECORE_TUNNEL_NAME_SIZE - 1);
    struct sockaddr_in place = tracecore_tunnel_address_v4(network);
    struct sockaddr_in mask = tracecore_tunnel_address_v4(length == 0 ? 0 : ~(uint32_t)0 << (32 - length));
    struct rtentry route = {0};
    memcpy(&route.rt_dst, &place, sizeof place);
    memcpy(&route.rt_genmask, &mask, sizeof mask);
    route.rt_flags = RTF_UP | (length == 32 ? RTF_HOST : 0);
    route.rt_dev = device;
    if (ioctl(control, SIOCADDRT, &route) < 0 && errno != EEXIST) return -errno;
    return 0;
}

/// Adds a route by way of a neighbour that need not exist, fe80::1: without one, every destination would take an entry
/// of the kernel's neighbour table, and that is full after a thousand.
static inline int tracecore_tunnel_add_route_v6(int control, const char *name, const uint8_t network[16], int length) {
    struct in6_rtmsg route;
    memset(&route, 0, sizeof route);
    memcpy(&route.rtmsg_dst, network, 16);
    route.rtmsg_dst_len = (uint16_t)length;
    route.rtmsg_gateway.s6_addr[0] = 0xFE;
    route.rtmsg_gateway.s6_addr[1] = 0x80;
    route.rtmsg_gateway.s6_addr[15] = 1;
    route.rtmsg_flags = RTF_UP | RTF_GATEWAY;
    route.rtmsg_metric = 1;
    route.rtmsg_ifindex = (int)if_nametoindex(name);
    if (ioctl(control, SIOCADDRT, &route) < 0 && errno != EEXIST) return -errno;
    return 0;
}

/// Writes a setting of the interface, such as "accept_ra" of "ipv6".
static inline int tracecore_tunnel_set(const char *family, const char *name, const char *key, const char *value) {
    char path[128];
    snprintf(path, sizeof path, "/proc/sys/net/%s/conf/%s/%s", family, name, key);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int result = write(file, value, strlen(value)) < 0 ? -errno : 0;
    close(file);
    return result;
}

// MARK: - Threads

/// Something that a thread can wait for and another can ring: an eventfd.
static inline int tracecore_tunnel_bell(void) {
    int bell = eventfd(0, EFD_CLOEXEC);
    return bell < 0 ? -errno : bell;
}

static inline void tracecore_tunnel_ring(int bell) {
    uint64_t one = 1;
    while (write(bell, &one, sizeof one) < 0 && errno == EINTR) {}
}

/// Waits until the bell has rung since the last time.
static inline void tracecore_tunnel_await_ring(int bell) {
    uint64_t count = 0;
    while (read(bell, &count, sizeof count) < 0 && errno == EINTR) {}
}

/// Makes timers of the calling thread precise, and lets it run before others where the system allows that.
static inline void tracecore_tunnel_make_punctual(void) {
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    struct sched_param parameters = {0};
    parameters.sched_priority = 1;
    if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) != 0) {
        // Of Linux alone: the priority of this thread and not of the process.
        setpriority(PRIO_PROCESS, 0, -20);
    }
}

#else

// Elsewhere there are no such devices, and to open one is refused; what could be done with one is never called.
static inline int tracecore_tunnel_open(char name[TRACECORE_TUNNEL_NAME_SIZE]) { return -ENOSYS; }
static inline int tracecore_tunnel_control(int is_v6) { return -ENOSYS; }
static inline int64_t tracecore_tunnel_read(int device, uint8_t *bytes, size_t count) { return -ENOSYS; }
static inline int tracecore_tunnel_write(int device, const uint8_t *bytes, size_t count) { return -ENOSYS; }
static inline void tracecore_tunnel_wait(int device, int bell, int64_t nanoseconds) {}
static inline int tracecore_tunnel_open_tap(const char *name, int buffer) { return -ENOSYS; }
static inline int64_t tracecore_tunnel_read_tap(int tap, uint8_t *bytes, size_t count, int64_t *time) { return 0; }
static inline void tracecore_tunnel_await_stamps(void) {}
static inline int tracecore_tunnel_set_mtu(int control, const char *name, int mtu) { return -ENOSYS; }
static inline int tracecore_tunnel_set_queue(int control, const char *name, int packets) { return -ENOSYS; }
static inline int tracecore_tunnel_bring_up(int control, const char *name) { return -ENOSYS; }
static inline int tracecore_tunnel_add_address_v4(int control, const char *name, uint32_t address) { return -ENOSYS; }
static inline int tracecore_tunnel_add_address_v6(const char *name, const uint8_t address[16]) { return -ENOSYS; }
static inline int tracecore_tunnel_add_route_v4(int control, const char *name, uint32_t network, int length) { return -ENOSYS; }
static inline int tracecore_tunnel_add_route_v6(int control, const char *name, const uint8_t network[16], int length) {
    return -ENOSYS;
}
static inline int tracecore_tunnel_set(const char *family, const char *name, const char *key, const char *value) {
    return -ENOSYS;
}
static inline int tracecore_tunnel_bell(void) { return -ENOSYS; }
static inline void tracecore_tunnel_ring(int bell) {}
static inline void tracecore_tunnel_await_ring(int bell) {}
static inline void tracecore_tunnel_make_punctual(void) {}

#endif

// MARK: - Of any system

static inline void tracecore_tunnel_close(int descriptor) {
    close(descriptor);
}

/// What the system says about an error.
static inline const char *tracecore_tunnel_message(int code) {
    return strerror(code);
}

/// Nanoseconds on the monotonic clock.
static inline int64_t tracecore_tunnel_now(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// How many nanoseconds the wall clock is ahead of the monotonic one.
static inline int64_t tracecore_tunnel_wall_offset(void) {
    int64_t offset = 0, best = INT64_MAX;
    // The quickest of a few looks: an interruption between two clocks would stand in the difference.
    for (int look = 0; look < 4; look++) {
        struct timespec now = {0, 0};
        int64_t before = tracecore_tunnel_now();
        clock_gettime(CLOCK_REALTIME, &now);
        int64_t after = tracecore_tunnel_now();
        if (after - before >= best) continue;
        best = after - before;
        offset = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - (before + best / 2);
    }
    return offset;
}

typedef struct {
    pthread_t thread;
} tracecore_tunnel_thread;

/// Starts a thread that gets no signals: those are for the program.
static inline int tracecore_tunnel_start_thread(tracecore_tunnel_thread *thread, void *(*body)(void *), void *context) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&thread->thread, NULL, body, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -result;
}

static inline void tracecore_tunnel_join(tracecore_tunnel_thread thread) {
    pthread_join(thread.thread, NULL);
}

#endif
