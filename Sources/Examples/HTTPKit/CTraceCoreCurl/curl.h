// libcurl, found when a program runs: what of it is called, by pointers. In C, for `curl_easy_setopt` takes any number of
// arguments, each of the type that the option wants. The numbers are libcurl's, which never change. Header only.
#ifndef TRACECORE_CURL_H
#define TRACECORE_CURL_H

#pragma clang diagnostic error "-Wimplicit-function-declaration"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int kind;
    void *transfer;
    union {
        void *pointer;
        int result;
    } data;
} tracecore_curl_message;

typedef struct {
    int (*global_init)(long);
    void *(*easy_init)(void);
    void (*easy_cleanup)(void *);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_getinfo)(void *, int, ...);
    int (*easy_pause)(void *, int);
    const char *(*easy_strerror)(int);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
    void *(*multi_init)(void);
    int (*multi_cleanup)(void *);
    int (*multi_add_handle)(void *, void *);
    int (*multi_remove_handle)(void *, void *);
    int (*multi_perform)(void *, int *);
    int (*multi_poll)(void *, void *, unsigned, int, int *);
    int (*multi_wakeup)(void *);
    tracecore_curl_message *(*multi_info_read)(void *, int *);
} tracecore_curl;

#define TRACECORE_CURL_MISSING 1
#define TRACECORE_CURL_OLD 2

/// Finds the functions in a library; 0, or what is wrong.
static inline int tracecore_curl_load(const char *name, tracecore_curl *curl) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return TRACECORE_CURL_MISSING;
#define TRACECORE_CURL_FIND(function) \
    if ((*(void **)&curl->function = dlsym(library, "curl_" #function)) == NULL) return TRACECORE_CURL_OLD
    TRACECORE_CURL_FIND(global_init);
    TRACECORE_CURL_FIND(easy_init);
    TRACECORE_CURL_FIND(easy_cleanup);
    TRACECORE_CURL_FIND(easy_setopt);
    TRACECORE_CURL_FIND(easy_getinfo);
    TRACECORE_CURL_FIND(easy_pause);
    TRACECORE_CURL_FIND(easy_strerror);
    TRACECORE_CURL_FIND(slist_append);
    TRACECORE_CURL_FIND(slist_free_all);
    TRACECORE_CURL_FIND(multi_init);
    TRACECORE_CURL_FIND(multi_cleanup);
    TRACECORE_CURL_FIND(multi_add_handle);
    TRACECORE_CURL_FIND(multi_remove_handle);
    TRACECORE_CURL_FIND(multi_perform);
    TRACECORE_CURL_FIND(multi_info_read);
    // Of 7.66 and 7.68.
    TRACECORE_CURL_FIND(multi_poll);
    TRACECORE_CURL_FIND(multi_wakeup);
#undef TRACECORE_CURL_FIND
    // CURL_GLOBAL_ALL
    return curl->global_init(3) == 0 ? 0 : TRACECORE_CURL_OLD;
}

/// Takes bytes that came for a transfer, and says how many it took.
typedef size_t (*tracecore_curl_taker)(char *, size_t, size_t, void *);

/// Goes back to a place in the body, for it has to be sent again; 0 if it did.
typedef int (*tracecore_curl_seeker)(void *, int64_t, int);

/// What a taker gives that wants the bytes again, later.
#define TRACECORE_CURL_PAUSE 0x10000001

typedef struct {
    const char *url;
    /// NULL for GET without a body.
    const char *method;
    int has_no_answer_body;
    int has_body;
    int64_t body_size;
    /// Lists of libcurl's; NULL for none.
    void *fields, *places;
    int64_t connect_ms;
    /// 0 for none.
    int64_t time_ms;
    /// Room for 256 characters.
    char *error;
    tracecore_curl_taker take_head, take_body;
    /// Gives bytes of the request's body, and says how many.
    tracecore_curl_taker give_body;
    tracecore_curl_seeker seek_body;
    void *taker;
} tracecore_curl_request;

/// Sets up a transfer; 0, or libcurl's number for what it did not take.
static inline int tracecore_curl_set(const tracecore_curl *curl, void *easy, const tracecore_curl_request *request) {
    int code = 0;
#define TRACECORE_CURL_SET(option, value) \
    if (code == 0) code = curl->easy_setopt(easy, option, value)
    TRACECORE_CURL_SET(10010, request->error);                          // ERRORBUFFER
    TRACECORE_CURL_SET(10002, request->url);                            // URL
    // No files, no mail: PROTOCOLS_STR, which libcurl has since 7.85, or PROTOCOLS.
    if (code == 0 && curl->easy_setopt(easy, 10318, "http,https") != 0) code = curl->easy_setopt(easy, 181, 3L);
    TRACECORE_CURL_SET(52, 0L);                                         // FOLLOWLOCATION
    TRACECORE_CURL_SET(99, 1L);                                         // NOSIGNAL
    TRACECORE_CURL_SET(64, 1L);                                         // SSL_VERIFYPEER
    TRACECORE_CURL_SET(81, 2L);                                         // SSL_VERIFYHOST
    // What waits in a window of HTTP/2 is up to 32 MB, however slow the reader is.
    TRACECORE_CURL_SET(84, 2L);                                         // HTTP_VERSION: 1.1
    TRACECORE_CURL_SET(265, 1L);                                        // SUPPRESS_CONNECT_HEADERS
    TRACECORE_CURL_SET(156, (long)request->connect_ms);                 // CONNECTTIMEOUT_MS
    TRACECORE_CURL_SET(155, (long)request->time_ms);                    // TIMEOUT_MS
    if (request->has_no_answer_body) TRACECORE_CURL_SET(44, 1L);        // NOBODY
    if (request->has_body) {
        TRACECORE_CURL_SET(47, 1L);                                     // POST
        TRACECORE_CURL_SET(30120, request->body_size);                  // POSTFIELDSIZE_LARGE
        TRACECORE_CURL_SET(20012, request->give_body);                  // READFUNCTION
        TRACECORE_CURL_SET(10009, request->taker);                      // READDATA
        TRACECORE_CURL_SET(20167, request->seek_body);                  // SEEKFUNCTION
        TRACECORE_CURL_SET(10168, request->taker);                      // SEEKDATA
    }
    if (request->method != NULL) TRACECORE_CURL_SET(10036, request->method); // CUSTOMREQUEST
    TRACECORE_CURL_SET(10023, request->fields);                         // HTTPHEADER
    if (request->places != NULL) {
        TRACECORE_CURL_SET(10243, request->places);                     // CONNECT_TO
        // A proxy of the environment would connect to whatever address it finds.
        TRACECORE_CURL_SET(10004, "");                                  // PROXY
    }
    TRACECORE_CURL_SET(20079, request->take_head);                      // HEADERFUNCTION
    TRACECORE_CURL_SET(10029, request->taker);                          // HEADERDATA
    TRACECORE_CURL_SET(20011, request->take_body);                      // WRITEFUNCTION
    TRACECORE_CURL_SET(10001, request->taker);                          // WRITEDATA
#undef TRACECORE_CURL_SET
    return code;
}

/// How many bytes of the body were sent, or -1 as long as there is no connection.
static inline int64_t tracecore_curl_sent(const tracecore_curl *curl, void *easy) {
    double connected = 0;
    int64_t sent = 0;
    curl->easy_getinfo(easy, 0x300006, &connected);                     // PRETRANSFER_TIME
    curl->easy_getinfo(easy, 0x600007, &sent);                          // SIZE_UPLOAD_T
    return connected > 0 ? sent : -1;
}

/// The next transfer that has ended, with libcurl's number for how, or NULL.
static inline void *tracecore_curl_ended(const tracecore_curl *curl, void *multi, int *result) {
    int left;
    tracecore_curl_message *message;
    while ((message = curl->multi_info_read(multi, &left)) != NULL) {
        // CURLMSG_DONE
        if (message->kind != 1) continue;
        *result = message->data.result;
        return message->transfer;
    }
    return NULL;
}

/// Starts a thread that no signal interrupts: what OpenSSL writes into a closed connection would end the program.
static inline int tracecore_curl_start(void *(*body)(void *), void *value) {
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&thread, NULL, body, value);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result == 0) pthread_detach(thread);
    return result;
}

#endif
