#include <stdlib.h>
#include <string.h>

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

// How replies are built. hiredis asserts that each one answers a command, allocates what an array's length announces,
// and stops neither; a reply that must not come is refused here instead, which ends the connection with an error.

/// Memory for a reply and its text; NULL when no command waits for one.
static inline redisReply *redis_make_reply(const redisReadTask *task, size_t length) {
    const redisAsyncContext *context = (const redisAsyncContext *)task->privdata;
    if (task->parent != NULL || context->replies.head == NULL) return NULL;
    redisReply *reply = (redisReply *)calloc(1, sizeof(redisReply) + length + 1);
    if (reply != NULL) reply->type = task->type;
    return reply;
}

static void *redis_make_string(const redisReadTask *task, char *text, size_t length) {
    redisReply *reply = redis_make_reply(task, length);
    if (reply == NULL) return NULL;
    reply->str = (char *)(reply + 1);
    reply->len = length;
    memcpy(reply->str, text, length);
    return reply;
}

static void *redis_make_integer(const redisReadTask *task, long long value) {
    redisReply *reply = redis_make_reply(task, 0);
    if (reply != NULL) reply->integer = value;
    return reply;
}

static void *redis_make_nil(const redisReadTask *task) {
    redisReply *reply = redis_make_reply(task, 0);
    if (reply != NULL) reply->type = REDIS_REPLY_NIL;
    return reply;
}

/// No command that is sent is answered by an array.
static void *redis_make_array(const redisReadTask *task, int count) {
    (void)task;
    (void)count;
    return NULL;
}

/// Makes the context build replies with the functions above.
static inline void redis_use_guarded_replies(redisAsyncContext *context) {
    static redisReplyObjectFunctions functions = {
        redis_make_string, redis_make_array, redis_make_integer, redis_make_nil, free,
    };
    context->c.reader->fn = &functions;
    context->c.reader->privdata = context;
}

/// Bytes that wait to be sent.
static inline size_t redis_unsent_count(const redisAsyncContext *context) {
    return sdslen(context->c.obuf);
}

/// Bytes that have come and are no reply yet.
static inline size_t redis_unread_count(const redisAsyncContext *context) {
    return context->c.reader->len - context->c.reader->pos;
}
