#include "CCurl.h"

#include <dlfcn.h>

// The name under which every libcurl since 7.16 (2006) is installed that keeps the same binary interface.
static const char library[] = "libcurl.so.4";

struct libcurl libcurl;

const char *libcurl_load(void) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return dlerror();
    const struct {
        const char *name;
        void *address;
    } functions[] = {
        {"curl_easy_init", &libcurl.easy_init},
        {"curl_easy_cleanup", &libcurl.easy_cleanup},
        {"curl_easy_reset", &libcurl.easy_reset},
        {"curl_easy_setopt", &libcurl.easy_setopt},
        {"curl_easy_getinfo", &libcurl.easy_getinfo},
        {"curl_easy_strerror", &libcurl.easy_strerror},
        {"curl_global_init", &libcurl.global_init},
        {"curl_multi_init", &libcurl.multi_init},
        {"curl_multi_cleanup", &libcurl.multi_cleanup},
        {"curl_multi_add_handle", &libcurl.multi_add_handle},
        {"curl_multi_remove_handle", &libcurl.multi_remove_handle},
        {"curl_multi_setopt", &libcurl.multi_setopt},
        {"curl_multi_socket_action", &libcurl.multi_socket_action},
        {"curl_multi_info_read", &libcurl.multi_info_read},
        {"curl_multi_strerror", &libcurl.multi_strerror},
        {"curl_slist_append", &libcurl.slist_append},
        {"curl_slist_free_all", &libcurl.slist_free_all},
        {"curl_url", &libcurl.url},
        {"curl_url_cleanup", &libcurl.url_cleanup},
        {"curl_url_set", &libcurl.url_set},
    };
    for (unsigned index = 0; index < sizeof functions / sizeof *functions; index++) {
        void *function = dlsym(handle, functions[index].name);
        if (function == NULL) return dlerror();
        // POSIX has functions and objects alike in pointers (dlsym(3)).
        *(void **)functions[index].address = function;
    }
    return NULL;
}
