// SPDX-License-Identifier: ISC
/**
   An input signal of a module as the cores take it that ask whether it moves.
*/

#ifndef PORT_INPUT_H
#define PORT_INPUT_H

#include "plugin.h"
#include "signal/input.h"

#include <stdint.h>

/// Return an input signal
static inline Input
port_input(void* const port[], const uint32_t index)
{
  return (Input){port[index], is_constant(port, index)};
}

#endif // PORT_INPUT_H
