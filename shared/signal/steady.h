// SPDX-License-Identifier: ISC
// How long inputs stay as they are, to do what is between their changes at once

#ifndef STEADY_H
#define STEADY_H

#include "signal/gate.h"
#include "signal/signal.h"

#include <stdint.h>

/// Return how many of `n_frames` from `at` on leave a gate as frame `at` - 1 has
static inline uint32_t
steady_gate_frames(const Gate* const gate,
                   const Signal      in,
                   const uint32_t    at,
                   const uint32_t    n_frames)
{
  if (signal_is_constant(in)) {
    return n_frames;
  }
  return gate_steady_frames(gate, in.frame + at, n_frames);
}

/// Return how many of `n_frames` from `at` on leave a gate as it is, at once if
/// constant
static inline uint32_t
steady_gate_frames_from(const Gate* const gate,
                        const Signal      in,
                        const uint32_t    at,
                        const uint32_t    n_frames)
{
  if (n_frames > 0U && in.is_constant) {
    return gate_is_steady(gate, in.frame + at, 1) ? n_frames : 0U;
  }
  return gate_steady_frames(gate, in.frame + at, n_frames);
}

/// Return how many of `n_frames` from `at` on are as frame `at` - 1
static inline uint32_t
steady_value_frames(const Signal in, const uint32_t at, const uint32_t n_frames)
{
  if (signal_is_constant(in)) {
    return n_frames;
  }

  uint32_t n = 0;
  while (n < n_frames && in.frame[at + n] == in.frame[at - 1U]) {
    ++n;
  }
  return n;
}

#endif // STEADY_H
