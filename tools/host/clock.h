// SPDX-License-Identifier: ISC

#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

/// Return seconds from some moment on, which never go back
static inline double
clock_now_s(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#endif // CLOCK_H
