// Files that are written whole or not at all. In C, for `open` takes a variable number of arguments, and `struct stat`
// has members that Swift does not find.
#ifndef TRACECORE_FILEWRITER_H
#define TRACECORE_FILEWRITER_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Room for any path, with the NUL behind it.
#define TRACECORE_FILEWRITER_PATH_ROOM 4097

/// Finds where a file that is to be written stands, through symbolic links.
///
/// A rename over a link would leave the file that it points to as it was, and one over a device (`/dev/null`) would
/// take the device away from everybody.
///
/// @param resolved room for TRACECORE_FILEWRITER_PATH_ROOM bytes
/// @return 0; a negated error number; or 1 if something stands there that is no regular file
static inline int tracecore_filewriter_resolve(const char *_Nonnull path, char *_Nonnull resolved) {
    struct stat found;
    if (lstat(path, &found) != 0) {
        if (errno != ENOENT) return -errno;
        if (strlen(path) >= TRACECORE_FILEWRITER_PATH_ROOM) return -ENAMETOOLONG;
        strcpy(resolved, path);
        return 0;
    }
    if (S_ISLNK(found.st_mode)) {
        char *target = realpath(path, NULL);
        if (target == NULL) return -errno;
        size_t length = strlen(target);
        if (length < TRACECORE_FILEWRITER_PATH_ROOM) memcpy(resolved, target, length + 1);
        free(target);
        if (length >= TRACECORE_FILEWRITER_PATH_ROOM) return -ENAMETOOLONG;
        if (stat(resolved, &found) != 0) return -errno;
    } else {
        if (strlen(path) >= TRACECORE_FILEWRITER_PATH_ROOM) return -ENAMETOOLONG;
        strcpy(resolved, path);
    }
    return S_ISREG(found.st_mode) ? 0 : 1;
}

/// Makes a file that was not there, with the mode that the umask leaves of 0666.
///
/// @return its descriptor, or a negated error number
static inline int tracecore_filewriter_create(const char *_Nonnull path) {
    int descriptor;
    do descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor < 0 ? -errno : descriptor;
}

/// Gives a file the mode and, as far as this user may, the owner of the one that it is to replace, if there is one.
static inline void tracecore_filewriter_take_after(int descriptor, const char *_Nonnull path) {
    struct stat found;
    if (stat(path, &found) != 0) return;
    // Who may not give files away keeps what is theirs; a mode for others' eyes is then no better than before.
    if (fchown(descriptor, found.st_uid, found.st_gid) != 0) errno = 0;
    if (fchmod(descriptor, found.st_mode & 0777) != 0) errno = 0;
}

/// Writes all of the bytes.
///
/// @return 0, or a negated error number
static inline int tracecore_filewriter_write(int descriptor, const void *_Nullable bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        // Linux takes 2 GiB at most at once, and Darwin refuses more.
        ssize_t written = write(descriptor, next, count > (1 << 30) ? (1 << 30) : count);
        if (written < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        next += written;
        count -= (size_t)written;
    }
    return 0;
}

/// Waits until the file's bytes are on the disk.
///
/// @return 0, or a negated error number
static inline int tracecore_filewriter_sync(int descriptor) {
    while (fsync(descriptor) != 0) {
        if (errno == EINTR) continue;
        // Some file systems have nothing to wait for.
        return errno == EINVAL || errno == ENOTSUP ? 0 : -errno;
    }
    return 0;
}

/// Closes the file; a network's file system may only now say that there is no room.
///
/// @return 0, or a negated error number
static inline int tracecore_filewriter_close(int descriptor) {
    // The descriptor is gone after EINTR too.
    return close(descriptor) != 0 && errno != EINTR ? -errno : 0;
}

/// Gives the file its name, in the place of whatever had it.
///
/// @return 0, or a negated error number
static inline int tracecore_filewriter_rename(const char *_Nonnull from, const char *_Nonnull to) {
    return rename(from, to) != 0 ? -errno : 0;
}

/// Waits until the names of a directory are on the disk, as far as its file system does that.
static inline void tracecore_filewriter_sync_directory(const char *_Nonnull path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

/// Removes a file, if it is there.
static inline void tracecore_filewriter_remove(const char *_Nonnull path) { unlink(path); }

/// The system's own words for an error number.
static inline void tracecore_filewriter_describe(int number, char *_Nonnull text, size_t room) {
    // Thread-local in glibc since 2.32.
    const char *words = strerror(number);
    snprintf(text, room, "%s", words == NULL ? "an error without a name" : words);
}

#endif
