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

/// Return an input signal, or silence if nothing is connected; its frames are not NULL
static inline Input
port_input_or_silence(void* const port[], const uint32_t index)
{
  static const float silence[BLOCK_FRAMES] = {0.0f};

  return port[index] ? port_input(port, index) : (Input){silence, true};
}

#endif // PORT_INPUT_H
