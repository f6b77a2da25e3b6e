// libsqlite3, found when a program runs: what of it is called, by pointers. And what the store needs of the system: a
// thread that waits for work, and a lock that says who holds it. The numbers are SQLite's, which never change. Header only.
#ifndef TRACECORE_SQLITE_H
#define TRACECORE_SQLITE_H

#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int (*libversion_number)(void);
    int (*open_v2)(const char *, void **, int, const char *);
    int (*close_v2)(void *);
    int (*busy_timeout)(void *, int);
    int (*db_config)(void *, int, ...);
    int (*exec)(void *, const char *, void *, void *, char **);
    int (*get_autocommit)(void *);
    int (*extended_errcode)(void *);
    const char *(*errmsg)(void *);
    const char *(*errstr)(int);
    int (*changes)(void *);
    int64_t (*last_insert_rowid)(void *);
    int (*prepare_v3)(void *, const char *, int, unsigned, void **, const char **);
    int (*step)(void *);
    int (*reset)(void *);
    int (*finalize)(void *);
    int (*clear_bindings)(void *);
    int (*bind_null)(void *, int);
    int (*bind_int64)(void *, int, int64_t);
    int (*bind_double)(void *, int, double);
    int (*bind_text)(void *, int, const char *, int, void *);
    int (*bind_blob)(void *, int, const void *, int, void *);
    int (*column_type)(void *, int);
    int64_t (*column_int64)(void *, int);
    double (*column_double)(void *, int);
    const void *(*column_blob)(void *, int);
    const unsigned char *(*column_text)(void *, int);
    int (*column_bytes)(void *, int);
    void *(*backup_init)(void *, const char *, void *, const char *);
    int (*backup_step)(void *, int);
    int (*backup_finish)(void *);
} tracecore_sqlite;

#define TRACECORE_SQLITE_MISSING 1
#define TRACECORE_SQLITE_OLD 2

/// Finds the functions in a library; 0, or what is wrong.
static inline int tracecore_sqlite_load(const char *name, tracecore_sqlite *sqlite) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return TRACECORE_SQLITE_MISSING;
#define TRACECORE_SQLITE_FIND(function) \
    if ((*(void **)&sqlite->function = dlsym(library, "sqlite3_" #function)) == NULL) return TRACECORE_SQLITE_OLD
    TRACECORE_SQLITE_FIND(libversion_number);
    TRACECORE_SQLITE_FIND(open_v2);
    TRACECORE_SQLITE_FIND(close_v2);
    TRACECORE_SQLITE_FIND(busy_timeout);
    TRACECORE_SQLITE_FIND(db_config);
    TRACECORE_SQLITE_FIND(exec);
    TRACECORE_SQLITE_FIND(get_autocommit);
    TRACECORE_SQLITE_FIND(extended_errcode);
    TRACECORE_SQLITE_FIND(errmsg);
    TRACECORE_SQLITE_FIND(errstr);
    TRACECORE_SQLITE_FIND(changes);
    TRACECORE_SQLITE_FIND(last_insert_rowid);
    TRACECORE_SQLITE_FIND(prepare_v3);
    TRACECORE_SQLITE_FIND(step);
    TRACECORE_SQLITE_FIND(reset);
    TRACECORE_SQLITE_FIND(finalize);
    TRACECORE_SQLITE_FIND(clear_bindings);
    TRACECORE_SQLITE_FIND(bind_null);
    TRACECORE_SQLITE_FIND(bind_int64);
    TRACECORE_SQLITE_FIND(bind_double);
    TRACECORE_SQLITE_FIND(bind_text);
    TRACECORE_SQLITE_FIND(bind_blob);
    TRACECORE_SQLITE_FIND(column_type);
    TRACECORE_SQLITE_FIND(column_int64);
    TRACECORE_SQLITE_FIND(column_double);
    TRACECORE_SQLITE_FIND(column_blob);
    TRACECORE_SQLITE_FIND(column_text);
    TRACECORE_SQLITE_FIND(column_bytes);
    TRACECORE_SQLITE_FIND(backup_init);
    TRACECORE_SQLITE_FIND(backup_step);
    TRACECORE_SQLITE_FIND(backup_finish);
#undef TRACECORE_SQLITE_FIND
    // 3.31 knows every setting that the store makes.
    return sqlite->libversion_number() >= 3031000 ? 0 : TRACECORE_SQLITE_OLD;
}

/// Binds text or bytes, which SQLite copies.
static inline int tracecore_sqlite_bind(
    const tracecore_sqlite *sqlite, void *statement, int index, const void *bytes, int size, int is_text) {
    void *copied = (void *)(intptr_t)-1;
    // A pointer of its own, for NULL would be the null of SQL.
    if (bytes == NULL) bytes = "";
    return is_text ? sqlite->bind_text(statement, index, bytes, size, copied)
                   : sqlite->bind_blob(statement, index, bytes, size, copied);
}

/// Sets up a new connection: nothing in a file is run as code, and who only reads leaves the log where it is.
static inline void tracecore_sqlite_guard(const tracecore_sqlite *sqlite, void *connection, int is_reader) {
    sqlite->db_config(connection, 1010, 1, NULL);                       // DEFENSIVE
    sqlite->db_config(connection, 1017, 0, NULL);                       // TRUSTED_SCHEMA
    if (is_reader) sqlite->db_config(connection, 1006, 1, NULL);        // NO_CKPT_ON_CLOSE
}

/// Locks a file for this process: a descriptor, or a negated error number. With EWOULDBLOCK, `holder` is the process
/// that holds it, or 0. The file is beside the database, for closing that one would let go of SQLite's own locks.
static inline int tracecore_sqlite_hold(const char *path, int64_t *holder) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return -errno;
    char text[24] = {0};
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        *holder = pread(file, text, sizeof text - 1, 0) > 0 ? strtoll(text, NULL, 10) : 0;
        close(file);
        return -error;
    }
    int size = snprintf(text, sizeof text, "%lld\n", (long long)getpid());
    if (ftruncate(file, 0) != 0 || pwrite(file, text, (size_t)size, 0) != size) { /* Only who holds it is unknown. */ }
    return file;
}

/// The size of a file, or a negated error number.
static inline int64_t tracecore_sqlite_size(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) return -errno;
    return S_ISREG(status.st_mode) ? (int64_t)status.st_size : -EISDIR;
}

/// Whether a file can be written by this user; 0, or a negated error number.
static inline int tracecore_sqlite_may_write(const char *path) { return access(path, W_OK) == 0 ? 0 : -errno; }

/// Gives a file another name, which no file has yet; 0, or a negated error number.
static inline int tracecore_sqlite_rename(const char *from, const char *to) {
    if (link(from, to) == 0) {
        unlink(from);
        return 0;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return -errno;
    // A disk on which a file has one name.
    int file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) return -errno;
    close(file);
    return rename(from, to) == 0 ? 0 : -errno;
}

/// The name of a file without links, which is made if that is asked for; NULL if it is not there. For free().
static inline char *tracecore_sqlite_real(const char *path, int is_made) {
    char *name = realpath(path, NULL);
    if (name != NULL || errno != ENOENT || !is_made) return name;
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return NULL;
    close(file);
    return realpath(path, NULL);
}

/// Whether there is anything of this name, a link that leads nowhere too.
static inline int tracecore_sqlite_is_there(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0;
}

/// What a file is, by whatever name: 0 where there is none.
static inline uint64_t tracecore_sqlite_identity(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_dev * 0x9E3779B97F4A7C15u + (uint64_t)status.st_ino : 0;
}

static inline void tracecore_sqlite_remove(const char *path) { unlink(path); }
static inline void tracecore_sqlite_let_go(int file) {
    // A process that is being started at this moment has the file open until it is another program.
    flock(file, LOCK_UN);
    close(file);
}

#endif
