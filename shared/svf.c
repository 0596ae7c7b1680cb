// SPDX-License-Identifier: ISC

#include "svf.h"

#include <math.h>
#include <string.h>

#define LEAST_STATE 1e-30

/// The states before every frame and after the last
typedef struct {
  double band[SVF_MAX_FRAMES + 1];
  double low[SVF_MAX_FRAMES + 1];
} Path;

void
svf_reset(Svf* const self)
{
  memset(self, 0, sizeof(*self));
}

void
svf_calm(Svf* const self)
{
  const int is_heard = fabs(self->band) + fabs(self->low) > LEAST_STATE;

  self->band = is_heard ? self->band : 0.0;
  self->low  = is_heard ? self->low : 0.0;
}

// ---- Frame by frame

/// Write the states after frame `i`, in an order that makes none wait for long
static inline void
step(Path* const path, const uint32_t i, const SvfCoefs coefs, const double in)
{
  const double band = path->band[i];
  const double low  = path->low[i];
  const double d    = in - low;

  path->band[i + 1] = (band - coefs.damp * band) + coefs.cross * d;
  path->low[i + 1]  = (low + coefs.cross * band) + coefs.pull * d;
}

static inline double
mix(const Path* const path, const uint32_t i, const SvfCoefs coefs, const double in)
{
  return coefs.dry * in + coefs.half_band * (path->band[i] + path->band[i + 1]) +
         coefs.half_low * (path->low[i] + path->low[i + 1]);
}

void
svf_process(Svf* const             self,
            const SvfFrames* const coefs,
            const float* const     in,
            float* const           out,
            const uint32_t         n_frames)
{
  Path path;
  path.band[0] = self->band;
  path.low[0]  = self->low;
  for (uint32_t i = 0; i < n_frames; ++i) {
    step(&path, i, svf_coefs_at(coefs, i), (double)in[i]);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = (float)mix(&path, i, svf_coefs_at(coefs, i), (double)in[i]);
  }
  self->band = path.band[n_frames];
  self->low  = path.low[n_frames];
}

// ---- Group by group

/// What one of the things that a group is computed from does to it
typedef struct {
  double out[SVF_GROUP];
  double next[2];
} Effect;

/// Return what comes of these states and an impulse of `in` at frame `start`
static Effect
effect_of(const SvfCoefs coefs,
          const double   band,
          const double   low,
          const double   in,
          const uint32_t start)
{
  Effect effect = {{0.0}, {0.0}};
  Path   path;
  path.band[start] = band;
  path.low[start]  = low;
  for (uint32_t i = start; i < SVF_GROUP; ++i) {
    const double impulse = i == start ? in : 0.0;
    step(&path, i, coefs, impulse);
    effect.out[i] = mix(&path, i, coefs, impulse);
  }
  effect.next[0] = path.band[SVF_GROUP];
  effect.next[1] = path.low[SVF_GROUP];
  return effect;
}

void
svf_settle(Svf* const self, const SvfCoefs coefs)
{
  SvfGroup* const group   = &self->group;
  const Effect    of_band = effect_of(coefs, 1.0, 0.0, 0.0, 0);
  const Effect    of_low  = effect_of(coefs, 0.0, 1.0, 0.0, 0);
  memcpy(group->out_of_band, of_band.out, sizeof(of_band.out));
  memcpy(group->out_of_low, of_low.out, sizeof(of_low.out));
  memcpy(group->next_of_band, of_band.next, sizeof(of_band.next));
  memcpy(group->next_of_low, of_low.next, sizeof(of_low.next));
  for (uint32_t j = 0; j < SVF_GROUP; ++j) {
    const Effect of_in = effect_of(coefs, 0.0, 0.0, 1.0, j);
    memcpy(group->out_of_in[j], of_in.out, sizeof(of_in.out));
    memcpy(group->next_of_in[j], of_in.next, sizeof(of_in.next));
  }

  self->coefs     = coefs;
  self->n_waiting = 0;
}

void
svf_unsettle(Svf* const self)
{
  Path path;
  path.band[0] = self->band;
  path.low[0]  = self->low;
  for (uint32_t i = 0; i < self->n_waiting; ++i) {
    step(&path, i, self->coefs, (double)self->waiting[i]);
  }
  self->band      = path.band[self->n_waiting];
  self->low       = path.low[self->n_waiting];
  self->n_waiting = 0;
}

/// The states between groups
typedef struct {
  double band;
  double low;
} States;

/// Compute the outputs of a group, and return the states after it
static inline States
run_group(const SvfGroup* const group,
          const States          states,
          const float* const    in,
          float* const          out)
{
  double x[SVF_GROUP];
  for (uint32_t i = 0; i < SVF_GROUP; ++i) {
    x[i] = (double)in[i];
  }

  // From 0.0, as inputs that are yet to come must not even change the sign of a 0
  for (uint32_t i = 0; i < SVF_GROUP; ++i) {
    const double of_in =
      ((0.0 + group->out_of_in[0][i] * x[0]) + group->out_of_in[1][i] * x[1]) +
      (group->out_of_in[2][i] * x[2] + group->out_of_in[3][i] * x[3]);

    out[i] = (float)(of_in + (group->out_of_band[i] * states.band +
                              group->out_of_low[i] * states.low));
  }

  double next[2];
  for (uint32_t s = 0; s < 2; ++s) {
    const double of_in =
      (group->next_of_in[0][s] * x[0] + group->next_of_in[1][s] * x[1]) +
      (group->next_of_in[2][s] * x[2] + group->next_of_in[3][s] * x[3]);

    next[s] =
      (group->next_of_band[s] * states.band + group->next_of_low[s] * states.low) +
      of_in;
  }

  const States result = {next[0], next[1]};
  return result;
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
  const States before = {self->band, self->low};
  const States after  = run_group(&self->group, before, part, part);
  memcpy(out, part + start, n_done * sizeof(float));

  self->n_waiting = (start + n_done) % SVF_GROUP;
  if (!self->n_waiting) {
    self->band = after.band;
    self->low  = after.low;
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

  States states = {self->band, self->low};
  for (; i + SVF_GROUP <= n_frames; i += SVF_GROUP) {
    states = run_group(&self->group, states, in + i, out + i);
  }
  self->band = states.band;
  self->low  = states.low;

  if (i < n_frames) {
    run_part(self, in + i, out + i, n_frames - i);
  }
}
