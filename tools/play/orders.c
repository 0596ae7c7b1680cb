// SPDX-License-Identifier: ISC

#include "play/orders.h"

#include "host/message.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/// Do what a line asks, "KNOB VALUE", "KNOB=VALUE", "quit" or nothing
static void
obey(Orders* const orders, Rig* const rig)
{
  char* const  knob   = orders->line + strspn(orders->line, " \t");
  const size_t length = strcspn(knob, " \t=");
  char* const  value  = knob + length + strspn(knob + length, " \t=");
  for (size_t end = strlen(value); end && strchr(" \t\r", value[end - 1U]); --end) {
    value[end - 1U] = '\0';
  }

  knob[length] = '\0';
  if (!strcmp(knob, "quit")) {
    orders->is_end = true;
  } else if (orders->is_long) {
    message_error("standard input", knob, "the line is too long");
  } else if (*knob && !*value) {
    message_error(
      "standard input", knob, "must be a knob and a value, such as vcf/frequency 800");
  } else if (*knob) {
    rig_turn(rig, knob, value);
  }
}

static void
add(Orders* const orders, Rig* const rig, const char letter)
{
  if (letter == '\n') {
    orders->line[orders->length] = '\0';
    obey(orders, rig);
    orders->length  = 0;
    orders->is_long = false;
  } else if (orders->length < ORDERS_MAX_LINE - 1U) {
    orders->line[orders->length++] = letter;
  } else {
    orders->is_long = true;
  }
}

void
orders_await(Orders* const orders, Rig* const rig, const double seconds)
{
  // In the background of a terminal, there is nothing to be read
  signal(SIGTTIN, SIG_IGN);

  struct pollfd input = {.fd = orders->is_quiet ? -1 : STDIN_FILENO, .events = POLLIN};
  if (poll(&input, 1, (int)(1e3 * seconds)) <= 0) {
    return;
  }

  char          letters[ORDERS_MAX_LINE];
  const ssize_t n  = read(STDIN_FILENO, letters, sizeof(letters));
  orders->is_quiet = n <= 0;
  for (ssize_t l = 0; l < n; ++l) {
    add(orders, rig, letters[l]);
  }
  if (orders->is_quiet && orders->length) {
    add(orders, rig, '\n');
  }
}
