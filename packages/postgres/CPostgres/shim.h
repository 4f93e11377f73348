// libpq, the reference client of PostgreSQL, as its headers declare it.
#pragma once
#include <libpq-fe.h>
#include <pthread.h>

// glibc declares it only under _GNU_SOURCE, which a module cannot define for a header that was read before it.
extern int pthread_setname_np(pthread_t thread, const char *name);

/// Names the calling thread, for `ps -L` and `top -H`. The name has at most 15 bytes.
static inline void postgres_name_thread(const char *name) {
  (void)pthread_setname_np(pthread_self(), name);
}
