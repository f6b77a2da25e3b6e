// Files that are read whole: mapped, or loaded into memory. Header only. Functions give -errno where they fail.
#ifndef TRACECORE_FILES_H
#define TRACECORE_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// What tells a file from the one that took its name.
typedef struct {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t modified_seconds;
    int64_t modified_nanoseconds;
    uint8_t is_regular;
    uint8_t is_directory;
} tracecore_file_facts;

static inline void tracecore_file_take_facts(const struct stat *_Nonnull from, tracecore_file_facts *_Nonnull facts) {
    facts->device = (uint64_t)from->st_dev;
    facts->inode = (uint64_t)from->st_ino;
    facts->size = (int64_t)from->st_size;
#ifdef __APPLE__
    facts->modified_seconds = from->st_mtimespec.tv_sec;
    facts->modified_nanoseconds = from->st_mtimespec.tv_nsec;
#else
    facts->modified_seconds = from->st_mtim.tv_sec;
    facts->modified_nanoseconds = from->st_mtim.tv_nsec;
#endif
    facts->is_regular = S_ISREG(from->st_mode);
    facts->is_directory = S_ISDIR(from->st_mode);
}

/// Opens a file for reading. A pipe without a writer does not hold the caller up.
static inline int tracecore_file_open(const char *_Nonnull path, tracecore_file_facts *_Nonnull facts) {
    struct stat found;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return -errno;
    if (fstat(descriptor, &found) < 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    tracecore_file_take_facts(&found, facts);
    return descriptor;
}

/// What the file with a name is now.
static inline int tracecore_file_look(const char *_Nonnull path, tracecore_file_facts *_Nonnull facts) {
    struct stat found;
    if (stat(path, &found) < 0) return -errno;
    tracecore_file_take_facts(&found, facts);
    return 0;
}

static inline void tracecore_file_close(int descriptor) { close(descriptor); }

/// Maps a file for reading.
static inline int tracecore_file_map(int descriptor, size_t size, const void *_Nullable *_Nonnull start) {
    void *mapped = mmap(NULL, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) return -errno;
    *start = mapped;
    return 0;
}

static inline void tracecore_file_unmap(const void *_Nonnull start, size_t size) { munmap((void *)start, size); }

/// Reads up to that many bytes, and returns how many there were.
static inline int64_t tracecore_file_read(int descriptor, void *_Nonnull into, size_t size) {
    size_t total = 0;
    while (total < size) {
        ssize_t count = read(descriptor, (char *)into + total, size - total);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) break;
        total += (size_t)count;
    }
    return (int64_t)total;
}

#endif
