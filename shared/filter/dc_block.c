// SPDX-License-Identifier: ISC

#include "filter/dc_block.h"

#include <math.h>
#include <string.h>

#define PI 3.141592653589793
#define MAX_FREQ 0.25 ///< In cycles per frame, for sample rates that are too low
#define PAST DC_BLOCK_PAST
#define N_WITH_PAST (PAST + BLOCK_FRAMES)

void
dc_block_init(DcBlock* const self, const double sample_rate)
{
  const double freq    = DC_BLOCK_HZ / sample_rate;
  const double tangent = tan(PI * (freq < MAX_FREQ ? freq : MAX_FREQ));

  self->decay = (1.0 - tangent) / (1.0 + tangent);
  dc_block_reset(self);
}

void
dc_block_reset(DcBlock* const self)
{
  self->n_singles = 0;
  memset(self->past_in, 0, sizeof(self->past_in));
  memset(self->past_out, 0, sizeof(self->past_out));
}

/// Stay ready to start after the last of these frames, from the input as it is
static void
rest(DcBlock* const self, const float* const in, const uint32_t n_frames)
{
  self->n_singles           = PAST;
  self->past_in[PAST - 1U]  = (double)in[n_frames - 1U];
  self->past_out[PAST - 1U] = (double)in[n_frames - 1U];
}

/// Write the answer to frames `start` to `end` of `in`, which have their past before
/// them
static void
filter(const double   decay,
       const double*  in,
       double*        out,
       const uint32_t start,
       const uint32_t end)
{
  // The steps are added up by input, as each has a part in two of them
  const double gain   = 0.5 * (1.0 + decay);
  const double part_1 = gain * (decay - 1.0);
  const double part_2 = part_1 * decay;
  const double part_3 = part_2 * decay;
  const double part_4 = -gain * decay * decay * decay;
  const double fourth = decay * decay * decay * decay;

  for (uint32_t i = start; i < end; ++i) {
    const double drive = (gain * in[i] + part_1 * in[i - 1U]) +
                         (part_2 * in[i - 2U] + part_3 * in[i - 3U]) +
                         part_4 * in[i - 4U];

    out[i] = drive + fourth * out[i - PAST];
  }
}

/// Do the same frame by frame
static void
filter_singles(const double   decay,
               const double*  in,
               double*        out,
               const uint32_t start,
               const uint32_t end)
{
  const double gain = 0.5 * (1.0 + decay);
  for (uint32_t i = start; i < end; ++i) {
    out[i] = gain * (in[i] - in[i - 1U]) + decay * out[i - 1U];
  }
}

/// Return the way from `in` to `filtered`; its ends are exact
static inline float
fade(const double in, const double filtered, const float share)
{
  const double mixed = in + (double)share * (filtered - in);

  return (float)(share >= 1.0f ? filtered : share <= 0.0f ? in : mixed);
}

/// The input and the answer to it as doubles, with their past before them
typedef struct {
  double in[N_WITH_PAST];
  double out[N_WITH_PAST];
} Line;

/// Filter the next frames
static void
run(DcBlock* const     self,
    const float* const in,
    Line* const        line,
    const uint32_t     n_frames)
{
  memcpy(line->in, self->past_in, sizeof(self->past_in));
  memcpy(line->out, self->past_out, sizeof(self->past_out));
  for (uint32_t i = 0; i < n_frames; ++i) {
    line->in[PAST + i] = (double)in[i];
  }

  const uint32_t n = self->n_singles < n_frames ? self->n_singles : n_frames;
  filter_singles(self->decay, line->in, line->out, PAST, PAST + n);
  filter(self->decay, line->in, line->out, PAST + n, PAST + n_frames);
  self->n_singles -= n;
  memcpy(self->past_in, line->in + n_frames, sizeof(self->past_in));
  memcpy(self->past_out, line->out + n_frames, sizeof(self->past_out));
}

const float*
dc_block_process(DcBlock* const     self,
                 const float* const in,
                 const Signal       share,
                 float* const       out,
                 const uint32_t     n_frames)
{
  if (signal_stays_at(share, 0.0f)) {
    rest(self, in, n_frames);
    return in;
  }

  Line line;
  run(self, in, &line, n_frames);
  for (uint32_t i = 0; i < n_frames && share.is_constant; ++i) {
    out[i] = (float)line.out[PAST + i];
  }
  for (uint32_t i = 0; i < n_frames && !share.is_constant; ++i) {
    out[i] = fade(line.in[PAST + i], line.out[PAST + i], share.frame[i]);
  }
  if (share.frame[n_frames - 1U] <= 0.0f) {
    rest(self, in, n_frames);
  }
  return out;
}
