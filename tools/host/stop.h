// SPDX-License-Identifier: ISC
/**
   Signals that ask a program to end, which it does in order.

   A signal that was ignored when the program began, as nohup and shells have it for
   programs in the background, stays ignored.  Calls that wait end with EINTR when a
   signal comes.
*/

#ifndef STOP_H
#define STOP_H

#include <stdbool.h>

/// Take note of SIGINT, SIGTERM and SIGHUP, and have failing writes be reported
void
stop_watch(void);

/// Return true once a signal has asked the program to end
bool
stop_asked(void);

/**
   Wait until there is something to read, or the end.

   Returns false if a signal asks the program to end, even one that came just before.
*/
bool
stop_await(int fd);

/// End as the signal would have ended the program, if there was one
void
stop_end(void);

#endif // STOP_H
