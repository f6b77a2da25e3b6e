#include "MaxMindPeer.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// What the library's interface says of its structures, as its header may not be here.
typedef struct {
    const void *database;
    uint32_t offset;
} entry;

typedef struct {
    bool found;
    entry entry;
    uint16_t netmask;
} lookup_result;

typedef struct {
    bool has_data;
    union {
        const char *text;
        __attribute__((aligned(16))) uint8_t widest[16];
    };
    uint32_t offset, offset_to_next, data_size, type;
} entry_data;

struct maxmind_peer {
    // Larger than the library's own structure.
    __attribute__((aligned(16))) uint8_t database[4096];
};

static struct {
    const char *(*version)(void);
    int (*open)(const char *, uint32_t, void *);
    void (*close)(void *);
    lookup_result (*lookup)(const void *, const struct sockaddr *, int *);
    int (*value)(entry *, entry_data *, const char *const *);
    int (*list)(entry *, void **);
    void (*free_list)(void *);
} library;

static bool load(void) {
    static bool is_loaded, was_tried;
    if (was_tried) return is_loaded;
    was_tried = true;
    void *handle = NULL;
    const char *names[] = {"libmaxminddb.so.0", "libmaxminddb.so", "libmaxminddb.0.dylib"};
    for (size_t index = 0; handle == NULL && index < 3; index++) handle = dlopen(names[index], RTLD_NOW);
    if (handle == NULL) return false;
    *(void **)&library.version = dlsym(handle, "MMDB_lib_version");
    *(void **)&library.open = dlsym(handle, "MMDB_open");
    *(void **)&library.close = dlsym(handle, "MMDB_close");
    *(void **)&library.lookup = dlsym(handle, "MMDB_lookup_sockaddr");
    *(void **)&library.value = dlsym(handle, "MMDB_aget_value");
    *(void **)&library.list = dlsym(handle, "MMDB_get_entry_data_list");
    *(void **)&library.free_list = dlsym(handle, "MMDB_free_entry_data_list");
    is_loaded = library.version && library.open && library.close && library.lookup && library.value && library.list
        && library.free_list;
    return is_loaded;
}

const char *maxmind_version(void) { return load() ? library.version() : NULL; }

maxmind_peer *maxmind_open(const char *path) {
    if (!load()) return NULL;
    maxmind_peer *peer = aligned_alloc(16, sizeof *peer);
    if (peer == NULL) return NULL;
    // 1: MMDB_MODE_MMAP.
    if (library.open(path, 1, peer->database) == 0) return peer;
    free(peer);
    return NULL;
}

void maxmind_close(maxmind_peer *peer) {
    library.close(peer->database);
    free(peer);
}

maxmind_address maxmind_make_v4(const uint8_t bytes[4]) {
    maxmind_address address;
    struct sockaddr_in v4;
    memset(&v4, 0, sizeof v4);
    v4.sin_family = AF_INET;
    memcpy(&v4.sin_addr, bytes, 4);
    memcpy(&address, &v4, sizeof v4);
    return address;
}

maxmind_address maxmind_make_v6(const uint8_t bytes[16]) {
    maxmind_address address;
    struct sockaddr_in6 v6;
    memset(&v6, 0, sizeof v6);
    v6.sin6_family = AF_INET6;
    memcpy(&v6.sin6_addr, bytes, 16);
    memcpy(&address, &v6, sizeof v6);
    return address;
}

static inline lookup_result look_up(maxmind_peer *peer, const maxmind_address *address) {
    int error = 0;
    return library.lookup(peer->database, (const struct sockaddr *)(const void *)address, &error);
}

uint64_t maxmind_lookups(maxmind_peer *peer, const maxmind_address *addresses, size_t count, size_t times) {
    uint64_t sum = 0;
    for (size_t time = 0; time < times; time++) {
        for (size_t index = 0; index < count; index++) sum += look_up(peer, &addresses[index]).netmask;
    }
    return sum;
}

uint64_t maxmind_countries(maxmind_peer *peer, const maxmind_address *addresses, size_t count, size_t times) {
    static const char *const path[] = {"country", "iso_code", NULL};
    uint64_t sum = 0;
    for (size_t time = 0; time < times; time++) {
        for (size_t index = 0; index < count; index++) {
            lookup_result found = look_up(peer, &addresses[index]);
            entry_data data;
            if (found.found && library.value(&found.entry, &data, path) == 0 && data.has_data) sum += data.data_size;
        }
    }
    return sum;
}

uint64_t maxmind_lists(maxmind_peer *peer, const maxmind_address *addresses, size_t count, size_t times) {
    uint64_t sum = 0;
    for (size_t time = 0; time < times; time++) {
        for (size_t index = 0; index < count; index++) {
            lookup_result found = look_up(peer, &addresses[index]);
            void *list = NULL;
            if (found.found && library.list(&found.entry, &list) == 0) {
                sum += list != NULL;
                library.free_list(list);
            }
        }
    }
    return sum;
}
