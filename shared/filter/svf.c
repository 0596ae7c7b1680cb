// SPDX-License-Identifier: ISC

#include "filter/svf.h"

#include "math/simd.h"
#include "signal/block.h"

#include <math.h>
#include <string.h>

#define LEAST_STATE 1e-30
#define MOST_STATE 1e30 ///< No input gets there

void
svf_reset(Svf* const self)
{
  memset(self, 0, sizeof(*self));
}

void
svf_calm(Svf* const self)
{
  const double size = fabs(self->states.band) + fabs(self->states.low);
  if (size <= LEAST_STATE || !(size <= MOST_STATE)) {
    self->states = (SvfStates){0.0, 0.0};
  }
}

// ---- Frame by frame

/// Return the output between two states; a zero has no sign
static inline double
mix(const SvfStates before,
    const SvfStates after,
    const SvfCoefs  coefs,
    const double    in)
{
  return 0.0 + ((coefs.dry * in + coefs.half_band * (before.band + after.band)) +
                coefs.half_low * (before.low + after.low));
}

void
svf_process(Svf* const             self,
            const SvfFrames* const coefs,
            const float* const     in,
            float* const           out,
            const uint32_t         n_frames)
{
  SvfPath   path;
  SvfStates states = self->states;
  path.band[0]     = states.band;
  path.low[0]      = states.low;
  for (uint32_t i = 0; i < n_frames; ++i) {
    states           = svf_next(states, svf_coefs_at(coefs, i), (double)in[i]);
    path.band[i + 1] = states.band;
    path.low[i + 1]  = states.low;
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    const SvfStates before = {path.band[i], path.low[i]};
    const SvfStates after  = {path.band[i + 1], path.low[i + 1]};
    out[i] = (float)mix(before, after, svf_coefs_at(coefs, i), (double)in[i]);
  }
  self->states = states;
}

// ---- Group by group

/// Share of a group that one of its sources has
typedef struct {
  double out[SVF_HALF];
  double next[4];
} Effect;

/// Return what comes of these states and an impulse of `in` at frame `start`
static Effect
effect_of(const SvfCoefs coefs, SvfStates states, const double in, const uint32_t start)
{
  Effect effect = {{0.0}, {0.0}};
  for (uint32_t i = start; i < SVF_GROUP; ++i) {
    const double    impulse = i == start ? in : 0.0;
    const SvfStates before  = states;
    states                  = svf_next(before, coefs, impulse);
    if (i < SVF_HALF) {
      effect.out[i]  = mix(before, states, coefs, impulse);
      effect.next[2] = states.band;
      effect.next[3] = states.low;
    }
  }
  effect.next[0] = states.band;
  effect.next[1] = states.low;
  return effect;
}

void
svf_settle(Svf* const self, const SvfCoefs coefs)
{
  static const SvfStates none = {0.0, 0.0};
  static const SvfStates band = {1.0, 0.0};
  static const SvfStates low  = {0.0, 1.0};

  SvfGroup* const group   = &self->group;
  const Effect    of_band = effect_of(coefs, band, 0.0, 0);
  const Effect    of_low  = effect_of(coefs, low, 0.0, 0);
  memcpy(group->out_of_band, of_band.out, sizeof(of_band.out));
  memcpy(group->out_of_low, of_low.out, sizeof(of_low.out));
  memcpy(group->next_of_band, of_band.next, sizeof(of_band.next));
  memcpy(group->next_of_low, of_low.next, sizeof(of_low.next));
  for (uint32_t j = 0; j < SVF_GROUP; ++j) {
    const Effect of_in = effect_of(coefs, none, 1.0, j);
    memcpy(group->next_of_in[j], of_in.next, sizeof(of_in.next));
    if (j < SVF_HALF) {
      memcpy(group->out_of_in[j], of_in.out, sizeof(of_in.out));
    }
  }

  self->coefs     = coefs;
  self->n_waiting = 0;
}

void
svf_unsettle(Svf* const self)
{
  for (uint32_t i = 0; i < self->n_waiting; ++i) {
    self->states = svf_next(self->states, self->coefs, (double)self->waiting[i]);
  }
  self->n_waiting = 0;
}

/// Return what four inputs do
static inline Double4
of_four(const Double4 of_in[4], const double in[4])
{
  return (of_in[0] * double4_all(in[0]) + of_in[1] * double4_all(in[1])) +
         (of_in[2] * double4_all(in[2]) + of_in[3] * double4_all(in[3]));
}

/// Return what states do
static inline Double4
of_states(const Double4 of_band,
          const Double4 of_low,
          const double  band,
          const double  low)
{
  return of_band * double4_all(band) + of_low * double4_all(low);
}

static void
read_quads(const double (*const from)[4], Double4* const to, const uint32_t n_quads)
{
  for (uint32_t i = 0; i < n_quads; ++i) {
    to[i] = double4_read(from[i]);
  }
}

/// Filter whole groups, and return the states after them
static SvfStates
run_groups(const Svf* const   self,
           const float* const in,
           float* const       out,
           const uint32_t     n_groups)
{
  const SvfGroup* const group = &self->group;

  double x[BLOCK_FRAMES];
  for (uint32_t i = 0; i < n_groups * SVF_GROUP; ++i) {
    x[i] = (double)in[i];
  }

  const Double4 out_of_band  = double4_read(group->out_of_band);
  const Double4 out_of_low   = double4_read(group->out_of_low);
  const Double4 next_of_band = double4_read(group->next_of_band);
  const Double4 next_of_low  = double4_read(group->next_of_low);
  Double4       out_of_in[SVF_HALF];
  Double4       next_of_in[SVF_GROUP];
  read_quads(group->out_of_in, out_of_in, SVF_HALF);
  read_quads(group->next_of_in, next_of_in, SVF_GROUP);

  // From 0.0, as inputs that are yet to come must not even change the sign of a 0
  double band = self->states.band;
  double low  = self->states.low;
  for (uint32_t i = 0; i < n_groups * SVF_GROUP; i += SVF_GROUP) {
    const Double4 all_in =
      of_four(next_of_in, x + i) + of_four(next_of_in + SVF_HALF, x + i + SVF_HALF);
    const Double4 next =
      next_of_low * double4_all(low) + (next_of_band * double4_all(band) + all_in);
    const Double4 start  = of_states(out_of_band, out_of_low, band, low);
    const Double4 middle = of_states(out_of_band, out_of_low, next[2], next[3]);
    const Double4 early  = of_four(out_of_in, x + i) + start;
    const Double4 late   = of_four(out_of_in, x + i + SVF_HALF) + middle;

    double4_write_floats(out + i, 0.0 + early);
    double4_write_floats(out + i + SVF_HALF, 0.0 + late);
    band = next[0];
    low  = next[1];
  }
  return (SvfStates){band, low};
}

/// Filter up to the end of the group at most, and return the number of frames
static uint32_t
run_part(Svf* const         self,
         const float* const in,
         float* const       out,
         const uint32_t     n_frames)
{
  const uint32_t start  = self->n_waiting;
  const uint32_t left   = SVF_GROUP - start;
  const uint32_t n_done = n_frames < left ? n_frames : left;

  float part[SVF_GROUP] = {0.0f};
  memcpy(self->waiting + start, in, n_done * sizeof(float));
  memcpy(part, self->waiting, (start + n_done) * sizeof(float));
  const SvfStates after = run_groups(self, part, part, 1);
  memcpy(out, part + start, n_done * sizeof(float));

  self->n_waiting = (start + n_done) % SVF_GROUP;
  if (!self->n_waiting) {
    self->states = after;
  }
  return n_done;
}

void
svf_process_settled(Svf* const         self,
                    const float* const in,
                    float* const       out,
                    const uint32_t     n_frames)
{
  uint32_t i = self->n_waiting ? run_part(self, in, out, n_frames) : 0;

  const uint32_t n_groups = (n_frames - i) / SVF_GROUP;
  if (n_groups > 0) {
    self->states = run_groups(self, in + i, out + i, n_groups);
    i += n_groups * SVF_GROUP;
  }
  if (i < n_frames) {
    run_part(self, in + i, out + i, n_frames - i);
  }
}
