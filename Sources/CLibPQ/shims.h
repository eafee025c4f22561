// libpq, and the few Linux calls that Swift cannot import in their own shape.

#pragma once

#include <libpq-fe.h>
#include <sched.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

// The event masks are an enum (whose EPOLLET does not fit an int) and the tag sits in a union of a packed struct.
static const uint32_t LIBPQ_EPOLLIN = EPOLLIN;
static const uint32_t LIBPQ_EPOLLOUT = EPOLLOUT;
static const uint32_t LIBPQ_EPOLLET = 1u << 31;

/// Adds, changes or removes (`operation`) a descriptor of an epoll set; `tag` comes back with its events.
static inline int libpq_epoll_control(int set, int operation, int descriptor, uint32_t events, uint64_t tag) {
    struct epoll_event event = {.events = events, .data = {.u64 = tag}};
    return epoll_ctl(set, operation, descriptor, &event);
}

static inline uint64_t libpq_epoll_tag(const struct epoll_event *event) { return event->data.u64; }

static inline int libpq_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// An eventfd to be watched edge-triggered, so that it never has to be read.
static inline int libpq_eventfd_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline void libpq_eventfd_signal(int descriptor) { (void)eventfd_write(descriptor, 1); }

/// Lets the calling thread give way to the threads that it wakes: it does not pre-empt them when it wakes up itself.
/// It needs no privilege; a refusal costs throughput only and is ignored.
static inline void libpq_thread_gives_way(void) {
    const int sched_batch = 3;  // SCHED_BATCH, which the headers show under _GNU_SOURCE only
    const struct sched_param parameters = {.sched_priority = 0};
    (void)sched_setscheduler(0, sched_batch, &parameters);
}
