// The system's own look-ups of names, and threads to wait for them in. In C, for `addrinfo` is a chain of unions, and
// half of its constants are macros that not every system has.
#ifndef TRACECORE_NAMES_H
#define TRACECORE_NAMES_H

#include <errno.h>
#include <locale.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

// The GNU C library has these for programs that define _GNU_SOURCE. Swift reads its headers without, and what a
// header defines here comes too late for them.
#ifdef __GLIBC__
#ifndef AI_IDN
#define AI_IDN 0x40
#endif
#ifndef EAI_NODATA
#define EAI_NODATA -5
#endif
#ifndef EAI_ADDRFAMILY
#define EAI_ADDRFAMILY -9
#endif
#ifndef EAI_IDN_ENCODE
#define EAI_IDN_ENCODE -105
#endif
#endif

/// What became of a look-up.
typedef enum : int32_t {
    tracecore_lookup_found,
    /// There is no such name, or it has nothing of what was asked for.
    tracecore_lookup_none,
    /// No server answered, for now.
    tracecore_lookup_no_server,
    /// A server answered that it cannot say.
    tracecore_lookup_server_failed,
    /// The name cannot be turned into one that DNS can hold.
    tracecore_lookup_bad_name,
    tracecore_lookup_no_memory,
    /// A system call failed; `errno` says how.
    tracecore_lookup_system,
    tracecore_lookup_other,
} tracecore_lookup_outcome;

/// An address as the system names it; the zone is the index of an interface.
typedef struct {
    uint8_t bytes[16];
    uint32_t zone;
    /// 4 or 16.
    uint32_t length;
} tracecore_address;

static inline tracecore_lookup_outcome tracecore_lookup_outcome_of(int code) {
    switch (code) {
    case 0: return tracecore_lookup_found;
    case EAI_NONAME: return tracecore_lookup_none;
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    case EAI_NODATA: return tracecore_lookup_none;
#endif
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY: return tracecore_lookup_none;
#endif
    case EAI_AGAIN: return tracecore_lookup_no_server;
    case EAI_FAIL: return tracecore_lookup_server_failed;
#ifdef EAI_IDN_ENCODE
    case EAI_IDN_ENCODE: return tracecore_lookup_bad_name;
#endif
    case EAI_MEMORY: return tracecore_lookup_no_memory;
    case EAI_SYSTEM: return tracecore_lookup_system;
    default: return tracecore_lookup_other;
    }
}

/// Finds the addresses of a name, in the order of RFC 6724 as this host is set up; blocks.
///
/// No AI_ADDRCONFIG: it hides the addresses of a family that the host has no address of, and "no such address" is then
/// said of a host that has one. RFC 6724 sorts what cannot be reached to the end anyway.
///
/// @param addresses room for `capacity` of them
/// @param code the library's number for what happened, or `errno` where a system call failed
static inline tracecore_lookup_outcome tracecore_lookup_addresses(
    const char *_Nonnull name, tracecore_address *_Nonnull addresses, size_t capacity, size_t *_Nonnull count,
    int *_Nonnull code) {
    struct addrinfo hints, *found = NULL, *one;
    memset(&hints, 0, sizeof hints);
    // One kind of socket, or each address comes three times.
    hints.ai_socktype = SOCK_DGRAM;
#ifdef AI_IDN
    hints.ai_flags = AI_IDN;
#endif
    *count = 0;
    *code = getaddrinfo(name, NULL, &hints, &found);
    if (*code != 0) {
        tracecore_lookup_outcome outcome = tracecore_lookup_outcome_of(*code);
        if (outcome == tracecore_lookup_system) *code = errno;
        return outcome;
    }
    for (one = found; one != NULL && *count < capacity; one = one->ai_next) {
        tracecore_address *address = &addresses[*count];
        memset(address, 0, sizeof *address);
        if (one->ai_family == AF_INET) {
            struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)one->ai_addr;
            address->length = 4;
            memcpy(address->bytes, &v4->sin_addr, 4);
        } else if (one->ai_family == AF_INET6) {
            struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)one->ai_addr;
            address->length = 16;
            address->zone = v6->sin6_scope_id;
            memcpy(address->bytes, &v6->sin6_addr, 16);
        } else {
            continue;
        }
        *count += 1;
    }
    freeaddrinfo(found);
    return tracecore_lookup_found;
}

/// The most bytes that a name takes, with the NUL behind it.
#define TRACECORE_NAME_ROOM 1025

/// Finds the name of an address; blocks.
///
/// @param name room for TRACECORE_NAME_ROOM bytes
/// @param code the library's number for what happened, or `errno` where a system call failed
static inline tracecore_lookup_outcome tracecore_lookup_name(
    const tracecore_address *_Nonnull address, char *_Nonnull name, int *_Nonnull code) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } endpoint;
    socklen_t length;
    memset(&endpoint, 0, sizeof endpoint);
    if (address->length == 4) {
        endpoint.v4.sin_family = AF_INET;
        memcpy(&endpoint.v4.sin_addr, address->bytes, 4);
        length = sizeof endpoint.v4;
    } else {
        endpoint.v6.sin6_family = AF_INET6;
        endpoint.v6.sin6_scope_id = address->zone;
        memcpy(&endpoint.v6.sin6_addr, address->bytes, 16);
        length = sizeof endpoint.v6;
    }
    *code = getnameinfo(&endpoint.any, length, name, TRACECORE_NAME_ROOM, NULL, 0, NI_NAMEREQD);
    tracecore_lookup_outcome outcome = tracecore_lookup_outcome_of(*code);
    if (outcome == tracecore_lookup_system) *code = errno;
    return outcome;
}

/// The index of the interface with a name, or 0 if there is none.
static inline uint32_t tracecore_interface_index(const char *_Nonnull name) { return if_nametoindex(name); }

/// Lets this thread's names be UTF-8.
///
/// AI_IDN reads a name in the thread's locale. A program of Swift never sets one, and in the "C" locale that it has,
/// every letter beyond ASCII is refused.
static inline void tracecore_use_utf8(void) {
    // One locale for all threads, made once: it lives as long as the program.
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static locale_t utf8 = (locale_t)0;
    pthread_mutex_lock(&lock);
    if (utf8 == (locale_t)0) utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    pthread_mutex_unlock(&lock);
    if (utf8 != (locale_t)0) uselocale(utf8);
}

/// Starts a detached thread that no signal interrupts.
///
/// @return 0, or the system's number for why there is no thread
static inline int tracecore_start_thread(
    void *_Nullable (*_Nonnull run)(void *_Nullable), void *_Nullable context) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    int code = pthread_attr_init(&attributes);
    if (code != 0) return code;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // The thread inherits the mask: signals are for the threads that wait for them.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    code = pthread_create(&thread, &attributes, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return code;
}

/// From now on the calling thread gets a tenth of what others get of a processor that is busy. Nobody needs a right for that.
static inline void tracecore_give_way(void) {
#ifdef __APPLE__
    pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0);
#else
    // On Linux, that is one thread and not all of the process.
    int most = getpriority(PRIO_PROCESS, 0) + 10;
    setpriority(PRIO_PROCESS, 0, most < 19 ? most : 19);
#endif
}

#endif
