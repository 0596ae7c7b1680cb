// SPDX-License-Identifier: ISC

#include "vca.h"

/// What a block is made from
typedef struct {
  const Vca*   knobs;
  const float* in;
  const float* cv_v;
  float*       out;
  uint32_t     n_frames;
} Block;

/// A way to make a block under a law that the compiler knows
typedef void
Maker(const Block* block, CvLaw law);

void
vca_init(Vca* const self, const double sample_rate, const double glide_s)
{
  self->law = CV_LAW_LINEAR;
  knob_init(&self->level, sample_rate, glide_s);
  knob_init(&self->amount, sample_rate, glide_s);
  knob_init(&self->bias_v, sample_rate, glide_s);
}

void
vca_reset(Vca* const self)
{
  knob_reset(&self->level);
  knob_reset(&self->amount);
  knob_reset(&self->bias_v);
}

static inline void
make(const Block* const block, const CvLaw law)
{
  const float* const in     = block->in;
  const float* const cv_v   = block->cv_v;
  const float* const level  = block->knobs->level.value;
  const float* const amount = block->knobs->amount.value;
  const float* const bias_v = block->knobs->bias_v.value;
  float* const       out    = block->out;

  for (uint32_t i = 0; i < block->n_frames; ++i) {
    const float open = cv_law_gain(law, cv_v[i] + bias_v[i]);

    out[i] = level[i] * (1.0f - amount[i] + amount[i] * open) * in[i];
  }
}

/// The same bits sooner, where no knob moves and the amount is 1
static inline void
make_still(const Block* const block, const CvLaw law)
{
  const float* const in     = block->in;
  const float* const cv_v   = block->cv_v;
  const float        level  = block->knobs->level.value[0];
  const float        bias_v = block->knobs->bias_v.value[0];
  float* const       out    = block->out;

  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] = level * cv_law_gain(law, cv_v[i] + bias_v) * in[i];
  }
}

/// The same bits sooner, where the CV does not count and no knob moves
static void
make_level(const Block* const block)
{
  const float* const in    = block->in;
  const float        level = block->knobs->level.value[0];
  float* const       out   = block->out;

  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] = level * in[i];
  }
}

static inline void
make_under(const Block* const block, const CvLaw law, Maker* const maker)
{
  switch (law) {
  case CV_LAW_LINEAR:
    maker(block, CV_LAW_LINEAR);
    break;
  case CV_LAW_EXPONENTIAL:
    maker(block, CV_LAW_EXPONENTIAL);
    break;
  case CV_LAW_QUARTIC:
    maker(block, CV_LAW_QUARTIC);
    break;
  case CV_LAW_RING:
    maker(block, CV_LAW_RING);
    break;
  }
}

void
vca_process(Vca* const         self,
            const float* const in,
            const float* const cv_v,
            float* const       out,
            const uint32_t     n_frames)
{
  const Block block = {self, in, cv_v, out, n_frames};

  knob_process(&self->level, n_frames);
  knob_process(&self->amount, n_frames);
  knob_process(&self->bias_v, n_frames);
  const bool is_still = !self->level.moves && !self->bias_v.moves;
  if (is_still && knob_rests_at(&self->amount, 1.0f)) {
    make_under(&block, self->law, make_still);
  } else if (!self->level.moves && knob_rests_at(&self->amount, 0.0f)) {
    make_level(&block);
  } else {
    make_under(&block, self->law, make);
  }
}
