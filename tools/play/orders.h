// SPDX-License-Identifier: ISC
/// Lines on the standard input, which turn knobs

#ifndef ORDERS_H
#define ORDERS_H

#include "live/rig.h"

#include <stdbool.h>
#include <stddef.h>

#define ORDERS_MAX_LINE 1024

typedef struct {
  char   line[ORDERS_MAX_LINE]; ///< What has come of it so far
  size_t length;
  bool   is_long;  ///< Longer than that, and to be refused
  bool   is_quiet; ///< Nothing comes any more
  bool   is_end;   ///< "quit" has come
} Orders;

/// Wait up to `seconds` for lines, and turn the knobs of a rig as they ask
void
orders_await(Orders* orders, Rig* rig, double seconds);

#endif // ORDERS_H
