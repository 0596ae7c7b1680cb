// SPDX-License-Identifier: ISC

#include "dc_block.h"

#include <math.h>

#define PI 3.141592653589793
#define MAX_FREQ 0.25 ///< In cycles per frame, for sample rates that are too low

void
dc_block_init(DcBlock* const self, const double sample_rate, const double glide_s)
{
  const double freq    = DC_BLOCK_HZ / sample_rate;
  const double tangent = tan(PI * (freq < MAX_FREQ ? freq : MAX_FREQ));

  self->decay = (1.0 - tangent) / (1.0 + tangent);
  knob_init(&self->share, sample_rate, glide_s);
  dc_block_reset(self);
}

void
dc_block_reset(DcBlock* const self)
{
  self->last_in  = 0.0f;
  self->last_out = 0.0;
  knob_reset(&self->share);
}

/// Filter a frame
static inline double
next(DcBlock* const self, const float in)
{
  const double gain = 0.5 * (1.0 + self->decay);
  const double step = (double)in - (double)self->last_in;

  self->last_in  = in;
  self->last_out = gain * step + self->decay * self->last_out;
  return self->last_out;
}

/// Return the way from `in` to `filtered`; its ends are exact
static inline float
fade(const float in, const double filtered, const float share)
{
  const double mixed = (double)in + (double)share * (filtered - (double)in);

  return share >= 1.0f ? (float)filtered : share <= 0.0f ? in : (float)mixed;
}

/// Filter while the switch moves; where it is off, the output is ready to go on from
/// `in`
static void
process_moving(DcBlock* const     self,
               const float* const in,
               float* const       out,
               const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float  share    = self->share.value[i];
    const double filtered = next(self, in[i]);

    out[i]         = fade(in[i], filtered, share);
    self->last_out = share > 0.0f ? filtered : (double)in[i];
  }
}

const float*
dc_block_process(DcBlock* const     self,
                 const float* const in,
                 float* const       out,
                 const uint32_t     n_frames)
{
  knob_process(&self->share, n_frames);
  if (knob_rests_at(&self->share, 0.0f)) {
    self->last_in  = in[n_frames - 1U];
    self->last_out = (double)self->last_in;
    return in;
  }

  if (self->share.moves) {
    process_moving(self, in, out, n_frames);
  } else {
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = (float)next(self, in[i]);
    }
  }
  return out;
}
