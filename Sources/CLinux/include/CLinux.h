/// What Glibc's Swift module leaves out of Linux: epoll, eventfd, inotify, accept4 and the affinity mask.
#ifndef CLINUX_H
#define CLINUX_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>

/// Takes one connection off a listener's queue: non-blocking, closed on exec. -1 with errno set when there is none.
int linux_accept(int listener);

/// The CPUs that the scheduler may give to this process; 0 when the kernel does not say.
int linux_affinity_count(void);

/// Names the calling thread; the kernel keeps 15 characters.
void linux_name_thread(const char *name);

#endif
