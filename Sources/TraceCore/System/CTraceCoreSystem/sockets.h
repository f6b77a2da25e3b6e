// Sockets with control messages, as plain functions over plain structures. Header only.
//
// In C, because Swift cannot use the macros that walk control messages, nor half of the structures. Every
// function returns a number that is not negative, or the negated errno.
#ifndef TRACECORE_SOCKETS_H
#define TRACECORE_SOCKETS_H

#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>

// Younger than the headers of the systems that this is built on.
#define TRACECORE_SCM_TS_OPT_ID 81
#define TRACECORE_IP_RECVERR_RFC4884 26
#define TRACECORE_IPV6_RECVERR_RFC4884 31
#define TRACECORE_IPV6_HDRINCL 36

/// An address and a port. The address is a number in host order, IPv4 in the low 32 bits; family 0 is none.
typedef struct {
    uint64_t high;
    uint64_t low;
    uint32_t zone;
    uint16_t port;
    uint8_t family;
} tracecore_endpoint;

/// What a packet is sent with beside its bytes.
typedef struct {
    int ttl;            // -1: the socket's own
    int traffic_class;  // -1: the socket's own
    uint32_t flow_label;
    uint32_t stamp_id;
    uint8_t wants_stamp;
    uint8_t names_stamp;  // the stamp is to come back under stamp_id
} tracecore_dispatch;

/// What was received beside the bytes. A time is in nanoseconds of the wall clock, 0 where there is none.
typedef struct {
    tracecore_endpoint peer;         // who sent it; on the error queue, where the probe was going
    tracecore_endpoint destination;  // which of our addresses it came to
    tracecore_endpoint offender;     // on the error queue: who reports the error
    int64_t stamp;
    uint32_t length;
    uint32_t error_info;
    uint32_t error_data;
    int32_t ttl;            // -1: not known
    int32_t traffic_class;  // -1: not known
    int32_t error_number;
    uint16_t extension_offset;
    uint8_t has_error;
    uint8_t error_origin;
    uint8_t error_type;
    uint8_t error_code;
    uint8_t extension_flags;
    uint8_t is_truncated;
} tracecore_message;

static inline socklen_t tracecore_sockaddr(const tracecore_endpoint *from, uint32_t flow_label,
                                         struct sockaddr_storage *to) {
    memset(to, 0, sizeof(*to));
    if (from->family == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)to;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(from->port);
        v4->sin_addr.s_addr = htonl((uint32_t)from->low);
        return sizeof(*v4);
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(from->port);
    v6->sin6_flowinfo = htonl(flow_label);
    v6->sin6_scope_id = from->zone;
    for (int i = 0; i < 8; i++) {
        v6->sin6_addr.s6_addr[i] = (uint8_t)(from->high >> (56 - 8 * i));
        v6->sin6_addr.s6_addr[8 + i] = (uint8_t)(from->low >> (56 - 8 * i));
    }
    return sizeof(*v6);
}

static inline void tracecore_read_v6(const uint8_t *bytes, tracecore_endpoint *to) {
    to->high = to->low = 0;
    for (int i = 0; i < 8; i++) {
        to->high = to->high << 8 | bytes[i];
        to->low = to->low << 8 | bytes[8 + i];
    }
    to->family = 6;
}

static inline void tracecore_read_endpoint(const void *address, tracecore_endpoint *to) {
    memset(to, 0, sizeof(*to));
    const struct sockaddr *any = (const struct sockaddr *)address;
    if (any->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        to->family = 4;
        to->low = ntohl(v4->sin_addr.s_addr);
        to->port = ntohs(v4->sin_port);
    } else if (any->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        tracecore_read_v6(v6->sin6_addr.s6_addr, to);
        to->port = ntohs(v6->sin6_port);
        to->zone = v6->sin6_scope_id;
    }
}

static inline int tracecore_socket(int family, int type, int protocol) {
    int fd = socket(family == 4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    return fd < 0 ? -errno : fd;
}

/// The system's words for an error number.
static inline void tracecore_describe(int number, char *text, size_t size) {
    // Thread-local in glibc since 2.32.
    const char *words = strerror(number);
    if (words == 0) words = "an error without a name";
    size_t length = strlen(words);
    if (length >= size) length = size - 1;
    memcpy(text, words, length);
    text[length] = 0;
}

static inline int tracecore_close(int fd) { return close(fd) < 0 ? -errno : 0; }

static inline int tracecore_set(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno : 0;
}

static inline int tracecore_set_bytes(int fd, int level, int name, const void *value, uint32_t size) {
    return setsockopt(fd, level, name, value, size) < 0 ? -errno : 0;
}

/// An option's value, which must not be negative.
static inline int tracecore_get(int fd, int level, int name) {
    int value = 0;
    socklen_t size = sizeof(value);
    return getsockopt(fd, level, name, &value, &size) < 0 ? -errno : value;
}

static inline int tracecore_bind(int fd, const tracecore_endpoint *to) {
    struct sockaddr_storage address;
    socklen_t size = tracecore_sockaddr(to, 0, &address);
    return bind(fd, (struct sockaddr *)&address, size) < 0 ? -errno : 0;
}

static inline int tracecore_connect(int fd, const tracecore_endpoint *to, uint32_t flow_label) {
    struct sockaddr_storage address;
    socklen_t size = tracecore_sockaddr(to, flow_label, &address);
    return connect(fd, (struct sockaddr *)&address, size) < 0 ? -errno : 0;
}

static inline int tracecore_local_endpoint(int fd, tracecore_endpoint *to) {
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) return -errno;
    tracecore_read_endpoint(&address, to);
    return 0;
}

/// Lets a raw ICMP socket receive these types only, given as 256 bits.
static inline int tracecore_admit_icmp(int fd, int family, const uint8_t *types, int count) {
    if (family == 4) {
        uint32_t blocked = 0xFFFFFFFF;
        for (int i = 0; i < count; i++) blocked &= ~(1u << (types[i] & 31));
        return tracecore_set_bytes(fd, SOL_RAW, 1 /* ICMP_FILTER */, &blocked, sizeof(blocked));
    }
    uint32_t blocked[8];
    memset(blocked, 0xFF, sizeof(blocked));
    for (int i = 0; i < count; i++) blocked[types[i] >> 5] &= ~(1u << (types[i] & 31));
    return tracecore_set_bytes(fd, IPPROTO_ICMPV6, 1 /* ICMPV6_FILTER */, blocked, sizeof(blocked));
}

/// Lets a raw TCP socket receive only what can answer a connection request: RST, or SYN and ACK.
static inline int tracecore_admit_handshakes(int fd, int family) {
    struct sock_filter v4[] = {
        {BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0},         // X = length of the IPv4 header
        {BPF_LD | BPF_B | BPF_IND, 0, 0, 13},         // A = flags
        {BPF_JMP | BPF_JSET | BPF_K, 2, 0, 0x04},     // RST
        {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x12},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x12},      // SYN and ACK
        {BPF_RET | BPF_K, 0, 0, 0xFFFF},
        {BPF_RET | BPF_K, 0, 0, 0},
    };
    // A raw IPv6 socket sees the segment without the IP header.
    struct sock_filter v6[] = {
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},
        {BPF_JMP | BPF_JSET | BPF_K, 2, 0, 0x04},
        {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x12},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x12},
        {BPF_RET | BPF_K, 0, 0, 0xFFFF},
        {BPF_RET | BPF_K, 0, 0, 0},
    };
    struct sock_fprog program = {0, 0};
    program.len = family == 4 ? sizeof(v4) / sizeof(*v4) : sizeof(v6) / sizeof(*v6);
    program.filter = family == 4 ? v4 : v6;
    return tracecore_set_bytes(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/// Asks for stamps: of what is received, and of what is sent where a packet asks for it.
static inline int tracecore_enable_stamps(int fd, int with_ids) {
    int flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE;
    if (with_ids) flags |= SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
    return tracecore_set(fd, SOL_SOCKET, SO_TIMESTAMPING, flags);
}

/// Lets an IPv6 socket send with a flow label that is not 0.
static inline int tracecore_use_flow_label(int fd, uint32_t label) {
    struct {
        struct in6_addr destination;
        uint32_t label;
        uint8_t action, share;
        uint16_t flags, expires, linger;
        uint32_t padding;
    } request;
    memset(&request, 0, sizeof(request));
    // The kernel wants one host's address here and does not look at it when packets are sent; so ::1 stands for all.
    request.destination.s6_addr[15] = 1;
    request.label = htonl(label);
    request.share = 255;  // anybody may share it
    request.flags = 1;    // and who comes first creates it
    int result = tracecore_set_bytes(fd, IPPROTO_IPV6, 32 /* IPV6_FLOWLABEL_MGR */, &request, sizeof(request));
    // The upper half of labels is never leased (net.ipv6.flowlabel_state_ranges), and since Linux 5.3 need not be.
    if (result < 0 && result != -ERANGE) return result;
    return tracecore_set(fd, IPPROTO_IPV6, 33 /* IPV6_FLOWINFO_SEND */, 1);
}

/// How many descriptors this process may have.
static inline int tracecore_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int)limit.rlim_cur;
}

/// Lets this process have as many descriptors as it is allowed to ask for.
static inline void tracecore_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static inline long tracecore_send(int fd, const tracecore_endpoint *to, const void *bytes, size_t count,
                                const tracecore_dispatch *how) {
    struct sockaddr_storage address;
    struct iovec part = {(void *)bytes, count};
    union {
        struct cmsghdr align;
        uint8_t bytes[4 * CMSG_SPACE(sizeof(uint32_t))];
    } control;
    struct msghdr message;
    memset(&message, 0, sizeof(message));
    message.msg_name = &address;
    message.msg_namelen = tracecore_sockaddr(to, how->flow_label, &address);
    message.msg_iov = &part;
    message.msg_iovlen = 1;

    size_t used = 0;
    int level = to->family == 4 ? IPPROTO_IP : IPPROTO_IPV6;
    int values[4][3];
    int items = 0;
    if (how->ttl >= 0) {
        values[items][0] = level;
        values[items][1] = to->family == 4 ? IP_TTL : IPV6_HOPLIMIT;
        values[items++][2] = how->ttl;
    }
    if (how->traffic_class >= 0) {
        values[items][0] = level;
        values[items][1] = to->family == 4 ? IP_TOS : IPV6_TCLASS;
        values[items++][2] = how->traffic_class;
    }
    if (how->wants_stamp) {
        values[items][0] = SOL_SOCKET;
        values[items][1] = SO_TIMESTAMPING;
        values[items++][2] = SOF_TIMESTAMPING_TX_SOFTWARE;
        if (how->names_stamp) {
            values[items][0] = SOL_SOCKET;
            values[items][1] = TRACECORE_SCM_TS_OPT_ID;
            values[items++][2] = (int)how->stamp_id;
        }
    }
    for (int i = 0; i < items; i++) {
        struct cmsghdr *header = (struct cmsghdr *)(control.bytes + used);
        header->cmsg_level = values[i][0];
        header->cmsg_type = values[i][1];
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &values[i][2], sizeof(int));
        used += CMSG_SPACE(sizeof(int));
    }
    if (used > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = used;
    }
    long sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

static inline void tracecore_read_control(struct msghdr *header, tracecore_message *out) {
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != 0; item = CMSG_NXTHDR(header, item)) {
        const void *data = CMSG_DATA(item);
        size_t size = item->cmsg_len - CMSG_LEN(0);
        int number = 0;
        if (size >= sizeof(number)) memcpy(&number, data, sizeof(number));
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_TIMESTAMPING && size >= sizeof(struct timespec)) {
            struct timespec stamp;
            memcpy(&stamp, data, sizeof(stamp));
            out->stamp = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TTL) {
            out->ttl = number;
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_HOPLIMIT) {
            out->ttl = number;
        } else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS && size >= 1) {
            out->traffic_class = *(const uint8_t *)data;
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_TCLASS) {
            out->traffic_class = number;
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO && size >= 20) {
            tracecore_read_v6((const uint8_t *)data, &out->destination);
        } else if (((item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
                    (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR)) &&
                   size >= sizeof(struct sock_extended_err)) {
            struct sock_extended_err error;
            memcpy(&error, data, sizeof(error));
            out->has_error = 1;
            out->error_number = (int32_t)error.ee_errno;
            out->error_origin = error.ee_origin;
            out->error_type = error.ee_type;
            out->error_code = error.ee_code;
            out->error_info = error.ee_info;
            out->error_data = error.ee_data;
            out->extension_offset = error.ee_rfc4884.len;
            out->extension_flags = error.ee_rfc4884.flags;
            size_t room = size - sizeof(error);
            if (error.ee_origin == SO_EE_ORIGIN_ICMP && room >= sizeof(struct sockaddr_in))
                tracecore_read_endpoint((const uint8_t *)data + sizeof(error), &out->offender);
            if (error.ee_origin == SO_EE_ORIGIN_ICMP6 && room >= sizeof(struct sockaddr_in6))
                tracecore_read_endpoint((const uint8_t *)data + sizeof(error), &out->offender);
        }
    }
}

/// The most messages that are received at once.
#define TRACECORE_BATCH 16

typedef struct {
    struct msghdr header;
    unsigned int length;
} tracecore_mmsghdr;

/// Receives up to `count` messages, at most TRACECORE_BATCH, each into `stride` bytes of the buffer; gives their number.
///
/// Each message's bytes begin `offset` bytes after the beginning of its part, so that a header can be put before it.
static inline int tracecore_receive(int fd, int is_error_queue, tracecore_message *out, int count, void *buffer,
                                  size_t stride, size_t offset) {
    tracecore_mmsghdr headers[TRACECORE_BATCH];
    struct iovec parts[TRACECORE_BATCH];
    struct sockaddr_storage names[TRACECORE_BATCH];
    union {
        struct cmsghdr align;
        uint8_t bytes[384];
    } control[TRACECORE_BATCH];
    if (count > TRACECORE_BATCH) count = TRACECORE_BATCH;
    for (int i = 0; i < count; i++) {
        parts[i].iov_base = (uint8_t *)buffer + stride * (size_t)i + offset;
        parts[i].iov_len = stride - offset;
        memset(&headers[i], 0, sizeof(headers[i]));
        headers[i].header.msg_name = &names[i];
        headers[i].header.msg_namelen = sizeof(names[i]);
        headers[i].header.msg_iov = &parts[i];
        headers[i].header.msg_iovlen = 1;
        headers[i].header.msg_control = control[i].bytes;
        headers[i].header.msg_controllen = sizeof(control[i].bytes);
    }
    int flags = MSG_DONTWAIT | (is_error_queue ? MSG_ERRQUEUE : 0);
    long received = syscall(SYS_recvmmsg, fd, headers, (unsigned)count, flags, 0);
    if (received < 0) return -errno;
    for (int i = 0; i < received; i++) {
        tracecore_message *message = &out[i];
        memset(message, 0, sizeof(*message));
        message->ttl = message->traffic_class = -1;
        message->length = headers[i].length;
        message->is_truncated = (headers[i].header.msg_flags & MSG_TRUNC) != 0;
        if (headers[i].header.msg_namelen > 0) tracecore_read_endpoint(&names[i], &message->peer);
        tracecore_read_control(&headers[i].header, message);
    }
    return (int)received;
}

/// Takes stamps of sent packets off an error queue: the numbers that they were given, and when, or 0.
static inline int tracecore_read_stamps(int fd, uint32_t *ids, int64_t *stamps, int count) {
    tracecore_message messages[TRACECORE_BATCH];
    uint8_t bytes[TRACECORE_BATCH * 64];
    int received = tracecore_receive(fd, 1, messages, count, bytes, 64, 0);
    for (int i = 0; i < received; i++) {
        int is_stamp = messages[i].has_error && messages[i].error_origin == SO_EE_ORIGIN_TIMESTAMPING;
        ids[i] = messages[i].error_data;
        stamps[i] = is_stamp ? messages[i].stamp : 0;
    }
    return received;
}

/// What the kernel measured of a handshake, in microseconds; 0 where it has not.
static inline int tracecore_handshake_time(int fd) {
    struct {
        uint8_t states[8];
        uint32_t numbers[32];
    } info;
    memset(&info, 0, sizeof(info));
    socklen_t size = sizeof(info);
    if (getsockopt(fd, IPPROTO_TCP, 11 /* TCP_INFO */, &info, &size) < 0) return -errno;
    // tcpi_rtt is the sixteenth number after the states (rto, ato, mss ×2, five counts, four times, pmtu, two more).
    return (int)info.numbers[15];
}
#endif

/// Nanoseconds on the clock that never jumps.
static inline int64_t tracecore_monotonic(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Nanoseconds since 1970 on the wall clock.
static inline int64_t tracecore_wall_clock(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
#endif
