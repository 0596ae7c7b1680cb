// SPDX-License-Identifier: ISC

#include "host/stop.h"

#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

// A signal handler has no other way to tell
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
static volatile sig_atomic_t stop_signal;

static void
on_stop(const int number)
{
  stop_signal = number;
}

void
stop_watch(void)
{
  static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

  const struct sigaction stop = {.sa_handler = on_stop};
  for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); ++i) {
    struct sigaction before;
    if (!sigaction(stops[i], NULL, &before) && before.sa_handler != SIG_IGN) {
      sigaction(stops[i], &stop, NULL);
    }
  }

  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignore, NULL);
  sigaction(SIGXFSZ, &ignore, NULL);
}

bool
stop_asked(void)
{
  return stop_signal;
}

bool
stop_await(const int fd)
{
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);

  // No signal can come between the question and the wait
  fd_set files;
  FD_ZERO(&files);
  FD_SET(fd, &files);
  if (!stop_signal) {
    pselect(fd + 1, &files, NULL, NULL, NULL, &before);
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  return !stop_signal;
}

void
stop_end(void)
{
  if (stop_signal) {
    signal(stop_signal, SIG_DFL);
    raise(stop_signal);
  }
}
