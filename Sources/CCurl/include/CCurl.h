/// libcurl, loaded when it is first needed: with all that it needs itself it is 30 libraries and 10 MB of memory, which a
/// service without policies and remote stores has no use for.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/// The functions of libcurl that are used here, once libcurl_load has succeeded.
struct libcurl {
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_reset) *easy_reset;
    __typeof__(curl_easy_setopt) *easy_setopt;
    __typeof__(curl_easy_getinfo) *easy_getinfo;
    __typeof__(curl_easy_strerror) *easy_strerror;
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_multi_init) *multi_init;
    __typeof__(curl_multi_cleanup) *multi_cleanup;
    __typeof__(curl_multi_add_handle) *multi_add_handle;
    __typeof__(curl_multi_remove_handle) *multi_remove_handle;
    __typeof__(curl_multi_setopt) *multi_setopt;
    __typeof__(curl_multi_socket_action) *multi_socket_action;
    __typeof__(curl_multi_info_read) *multi_info_read;
    __typeof__(curl_multi_strerror) *multi_strerror;
    __typeof__(curl_slist_append) *slist_append;
    __typeof__(curl_slist_free_all) *slist_free_all;
    __typeof__(curl_url) *url;
    __typeof__(curl_url_cleanup) *url_cleanup;
    __typeof__(curl_url_set) *url_set;
};
extern struct libcurl libcurl;

/// Loads libcurl; once, before anything else here is called. NULL, or why it can't be had.
const char *libcurl_load(void);

// The names of libcurl itself are not linked; these lead there.

static inline CURL *libcurl_easy_init(void) {
    return libcurl.easy_init();
}

static inline void libcurl_easy_cleanup(CURL *easy) {
    libcurl.easy_cleanup(easy);
}

static inline void libcurl_easy_reset(CURL *easy) {
    libcurl.easy_reset(easy);
}

static inline const char *libcurl_easy_strerror(CURLcode code) {
    return libcurl.easy_strerror(code);
}

static inline CURLcode libcurl_global_init(long flags) {
    return libcurl.global_init(flags);
}

static inline CURLM *libcurl_multi_init(void) {
    return libcurl.multi_init();
}

static inline CURLMcode libcurl_multi_cleanup(CURLM *multi) {
    return libcurl.multi_cleanup(multi);
}

static inline CURLMcode libcurl_multi_add_handle(CURLM *multi, CURL *easy) {
    return libcurl.multi_add_handle(multi, easy);
}

static inline CURLMcode libcurl_multi_remove_handle(CURLM *multi, CURL *easy) {
    return libcurl.multi_remove_handle(multi, easy);
}

static inline CURLMcode libcurl_multi_socket_action(CURLM *multi, curl_socket_t descriptor, int events, int *running) {
    return libcurl.multi_socket_action(multi, descriptor, events, running);
}

static inline CURLMsg *libcurl_multi_info_read(CURLM *multi, int *left) {
    return libcurl.multi_info_read(multi, left);
}

static inline const char *libcurl_multi_strerror(CURLMcode code) {
    return libcurl.multi_strerror(code);
}

static inline struct curl_slist *libcurl_slist_append(struct curl_slist *list, const char *text) {
    return libcurl.slist_append(list, text);
}

static inline void libcurl_slist_free_all(struct curl_slist *list) {
    libcurl.slist_free_all(list);
}

static inline CURLU *libcurl_url(void) {
    return libcurl.url();
}

static inline void libcurl_url_cleanup(CURLU *url) {
    libcurl.url_cleanup(url);
}

static inline CURLUcode libcurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
    return libcurl.url_set(url, part, text, flags);
}

// Variadic functions are not imported into Swift: one function for each type that an option or a value takes.

static inline CURLcode curl_easy_set_long(CURL *easy, CURLoption option, long value) {
    return libcurl.easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return libcurl.easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_text(CURL *easy, CURLoption option, const char *value) {
    return libcurl.easy_setopt(easy, option, value);
}

/// `CURLOPT_COPYPOSTFIELDS` and its like: bytes, not text.
static inline CURLcode curl_easy_set_bytes(CURL *easy, CURLoption option, const void *value) {
    return libcurl.easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return libcurl.easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return libcurl.easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_set_write_function(CURL *easy, CURLoption option, curl_write_callback function) {
    return libcurl.easy_setopt(easy, option, function);
}

static inline CURLcode curl_easy_set_read_function(CURL *easy, curl_read_callback function) {
    return libcurl.easy_setopt(easy, CURLOPT_READFUNCTION, function);
}

static inline CURLcode curl_easy_set_seek_function(CURL *easy, curl_seek_callback function) {
    return libcurl.easy_setopt(easy, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode curl_easy_set_opened_function(CURL *easy, curl_sockopt_callback function) {
    return libcurl.easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, function);
}

static inline CURLcode curl_easy_set_close_function(CURL *easy, curl_closesocket_callback function) {
    return libcurl.easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, function);
}

static inline CURLcode curl_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return libcurl.easy_getinfo(easy, info, value);
}

static inline CURLcode curl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return libcurl.easy_getinfo(easy, info, value);
}

static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return libcurl.multi_setopt(multi, option, value);
}

static inline CURLMcode curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return libcurl.multi_setopt(multi, option, value);
}

static inline CURLMcode curl_multi_set_socket_function(CURLM *multi, curl_socket_callback function) {
    return libcurl.multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
}

static inline CURLMcode curl_multi_set_timer_function(CURLM *multi, curl_multi_timer_callback function) {
    return libcurl.multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
}

/// The result of a finished transfer: `data` is a union.
static inline CURLcode curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
