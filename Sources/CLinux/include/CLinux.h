/// What Glibc's Swift module leaves out of Linux: epoll, eventfd and accept4.
#ifndef CLINUX_H
#define CLINUX_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#endif
