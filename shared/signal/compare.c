// SPDX-License-Identifier: ISC

#include "signal/compare.h"

#include "signal/gate.h"

#include <math.h>

/// Take frame `i`
static inline void
take(Compare* const self, const CompareInputs* const in, const uint32_t i)
{
  const double half_v   = 0.5 * (double)in->hysteresis_v.frame[i];
  const double window_v = (double)in->window_v.frame[i];
  const double over_v =
    (double)in->a.frame[i] - (double)in->b.frame[i] - (double)in->threshold_v.frame[i];

  self->is_above  = self->is_above ? over_v >= -half_v : over_v > half_v;
  self->is_inside = fabs(over_v) <= window_v + (self->is_inside ? half_v : -half_v);
}

/// Return a gate's voltage
static inline float
gate_v(const bool is_high)
{
  return is_high ? GATE_HIGH_V : 0.0f;
}

static bool
are_constant(const CompareInputs* const in)
{
  return signal_is_constant(in->a) && signal_is_constant(in->b) &&
         signal_is_constant(in->threshold_v) && signal_is_constant(in->hysteresis_v) &&
         signal_is_constant(in->window_v);
}

/// Return true if a frame has left all as it was, as then do all frames like it
static bool
is_same(const Compare* const before, const Compare* const after)
{
  return before->is_above == after->is_above && before->is_inside == after->is_inside;
}

/// Write gates, in buffers that are all there
static void
write_gates(Compare* const              self,
            const CompareInputs* const  in,
            const CompareOutputs* const out,
            const uint32_t              n_frames)
{
  float silent[BLOCK_FRAMES];

  float* const above    = out->above ? out->above : silent;
  float* const below    = out->below ? out->below : silent;
  float* const inside   = out->inside ? out->inside : silent;
  const bool   is_still = are_constant(in);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const Compare before = *self;
    take(self, in, i);
    if (is_still && is_same(&before, self)) {
      gate_write(above + i, self->is_above, n_frames - i);
      gate_write(below + i, !self->is_above, n_frames - i);
      gate_write(inside + i, self->is_inside, n_frames - i);
      return;
    }
    above[i]  = gate_v(self->is_above);
    below[i]  = gate_v(!self->is_above);
    inside[i] = gate_v(self->is_inside);
  }
}

/// Write voltages that come from each frame by itself
static void
write_voltages(const float* const          a,
               const float* const          b,
               const CompareOutputs* const out,
               const uint32_t              n_frames)
{
  for (uint32_t i = 0; out->minimum && i < n_frames; ++i) {
    out->minimum[i] = a[i] < b[i] ? a[i] : b[i];
  }
  for (uint32_t i = 0; out->maximum && i < n_frames; ++i) {
    out->maximum[i] = a[i] > b[i] ? a[i] : b[i];
  }
  for (uint32_t i = 0; out->rectified && i < n_frames; ++i) {
    out->rectified[i] = fabsf(a[i]);
  }
  for (uint32_t i = 0; out->half && i < n_frames; ++i) {
    out->half[i] = a[i] > 0.0f ? a[i] : 0.0f;
  }
}

void
compare_process(Compare* const              self,
                const CompareInputs* const  in,
                const CompareOutputs* const out,
                const uint32_t              n_frames)
{
  write_gates(self, in, out, n_frames);
  write_voltages(in->a.frame, in->b.frame, out, n_frames);
}
