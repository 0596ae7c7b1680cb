// SPDX-License-Identifier: ISC

#include "delay/reverb_step.h"

#include "delay/reverb.h"
#include "delay/reverb_memory.h"
#include "math/fast_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define FREEZE_S 0.01 ///< Time of a fade to frozen
#define MAX_TURN 0.7  ///< Sine of the largest angle
#define LOG2_1000 9.965784284662087
#define TWO_PI 6.283185307179586

static ReverbSettings
read_settings(const ReverbInputs* const inputs, const uint32_t i)
{
  return (ReverbSettings){signal_d_at(inputs->decay_oct, i),
                          signal_d_at(inputs->size_oct, i),
                          (double)inputs->high_decay_oct[i],
                          (double)inputs->damping_oct[i],
                          (double)inputs->pre_delay_s[i],
                          (double)inputs->low_cut_oct[i],
                          (double)inputs->high_cut_oct[i],
                          (double)inputs->motion[i],
                          (double)inputs->motion_oct[i]};
}

static bool
is_same(const ReverbSettings* const a, const ReverbSettings* const b)
{
  return a->decay_oct == b->decay_oct && a->size_oct == b->size_oct &&
         a->high_decay_oct == b->high_decay_oct && a->damping_oct == b->damping_oct &&
         a->pre_delay_s == b->pre_delay_s && a->low_cut_oct == b->low_cut_oct &&
         a->high_cut_oct == b->high_cut_oct && a->motion == b->motion &&
         a->motion_oct == b->motion_oct;
}

/// Return a frequency in radians per frame, within what the rate allows
static double
radians(const Reverb* const self, const double freq_oct)
{
  const double cycles = fast_exp2(freq_oct) / self->sample_rate;

  return TWO_PI * (cycles < 0.45 ? cycles : 0.45);
}

/// Return 2^x, for any x below 0
static inline double
loss(const double oct)
{
  return fast_exp2(oct > -200.0 ? oct : -200.0);
}

/**
   Find the absorption that all lines should have.

   The pole p makes (1 - p)^2 / (1 - 2 p cos w + p^2) the square r of the ratio of both
   gains.
*/
static void
solve_absorption(Reverb* const self)
{
  const ReverbSettings* const settings = &self->settings;

  const double cosine  = cos(radians(self, settings->damping_oct));
  const double low_oct = -LOG2_1000 / self->sample_rate * (1.0 - self->hold) *
                         fast_exp2(-settings->decay_oct);
  const double high_oct = low_oct * fast_exp2(-settings->high_decay_oct);
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const double length = (double)self->length[k];
    const double gain   = loss(low_oct * length);
    const double ratio  = loss(2.0 * (high_oct - low_oct) * length);
    const double part   = 1.0 - ratio;
    const double half   = 1.0 - ratio * cosine;
    const double pole   = part / (half + sqrt(half * half - part * part));
    self->pole_aim[k]   = (float)pole;
    self->gain_aim[k]   = (float)(0.25 * gain * (1.0 - pole));
  }
}

/// Return 10 t^3 - 15 t^4 + 6 t^5
static float
smooth_share(const float t)
{
  return t * t * t * (10.0f + t * (6.0f * t - 15.0f));
}

/// Find gains and poles at the end of the step
static void
aim_absorption(Reverb* const self)
{
  const float left =
    self->fade_left > GROUPS ? (float)(self->fade_left - GROUPS) : 0.0f;
  const float share = smooth_share(1.0f - left / (float)self->fade_groups);
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const float gain = self->gain_from[k];
    const float pole = self->pole_from[k];
    self->gain_to[k] = gain + share * (self->gain_aim[k] - gain);
    self->pole_to[k] = pole + share * (self->pole_aim[k] - pole);
  }
  if (left == 0.0f) {
    memcpy(self->gain_to, self->gain_aim, sizeof(self->gain_to));
    memcpy(self->pole_to, self->pole_aim, sizeof(self->pole_to));
  }
}

/// Let gains and poles go to where they are at the end of the step, or be there
static void
ramp_absorption(Reverb* const self, const bool at_once)
{
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    self->gain_step[k] =
      at_once ? 0.0f : (self->gain_to[k] - self->gain[k]) * (1.0f / (float)GROUPS);
    self->pole_step[k] =
      at_once ? 0.0f : (self->pole_to[k] - self->pole[k]) * (1.0f / (float)GROUPS);
    self->gain[k] = at_once ? self->gain_to[k] : self->gain[k];
    self->pole[k] = at_once ? self->pole_to[k] : self->pole[k];
  }
}

/// Find lengths that the settings ask for; return true if they are other ones
static bool
find_lengths(Reverb* const self)
{
  const double   scale     = self->sample_rate * fast_exp2(self->settings.size_oct);
  const double   pre_delay = self->settings.pre_delay_s * self->sample_rate;
  const uint32_t longest   = self->n_pre_delay - GROUP;
  const uint32_t asked    = pre_delay < (double)longest ? (uint32_t)pre_delay : longest;
  bool           is_other = asked != self->pre_delay;
  self->pre_delay_from    = self->pre_delay;
  self->pre_delay         = asked;
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const double   frames = reverb_line_s[k] * scale;
    const double   most   = (double)(self->n_line - GROUP);
    const uint32_t length = odd_length(frames < most ? frames : most);
    is_other              = is_other || length != self->length[k];
    self->length_from[k]  = self->length[k];
    self->length[k]       = length;
  }
  return is_other;
}

static ReverbCut
make_cut(const double w)
{
  const double pole = exp(-w);

  return (ReverbCut){(float)(1.0 - pole),
                     (float)pole,
                     (float)(pole * pole),
                     {(float)pole,
                      (float)(pole * pole),
                      (float)(pole * pole * pole),
                      (float)(pole * pole * pole * pole)}};
}

/// Set how fast the pairs swing, each at a frequency of its own
static void
set_swings(Reverb* const self)
{
  const double mean = radians(self, self->settings.motion_oct) * REVERB_STEP_FRAMES;
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    const double w = mean * (0.31 + 0.197 * (double)k);

    self->swing_rate_cos[k] = (float)cos(w);
    self->swing_rate_sin[k] = (float)sin(w);
  }
}

/// Move the oscillators by a step
static void
move_swings(Reverb* const self)
{
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    const float a    = self->swing_cos[k];
    const float b    = self->swing_sin[k];
    const float c    = a * self->swing_rate_cos[k] - b * self->swing_rate_sin[k];
    const float s    = b * self->swing_rate_cos[k] + a * self->swing_rate_sin[k];
    const float norm = 1.5f - 0.5f * (c * c + s * s);

    self->swing_cos[k] = c * norm;
    self->swing_sin[k] = s * norm;
  }
}

/// Turn all pairs from where they are to where they are at the end of the step
static void
swing(Reverb* const self, const bool at_once)
{
  static const float share = 1.0f / (float)REVERB_STEP_FRAMES;

  float       sine[REVERB_PAIRS];
  float       cosine[REVERB_PAIRS];
  const float depth = (float)(MAX_TURN * self->settings.motion);
  move_swings(self);
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    sine[k]   = depth * self->swing_sin[k];
    cosine[k] = sqrtf(1.0f - sine[k] * sine[k]);
  }
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    const float sin_from = at_once ? sine[k] : self->turn_sin_to[k];
    const float cos_from = at_once ? cosine[k] : self->turn_cos_to[k];
    self->turn_sin_to[k] = sine[k];
    self->turn_cos_to[k] = cosine[k];
    write4(self->turn_sin[k], all4(sin_from));
    write4(self->turn_cos[k], all4(cos_from));
    write4(self->turn_sin_step[k], all4((sine[k] - sin_from) * share));
    write4(self->turn_cos_step[k], all4((cosine[k] - cos_from) * share));
  }
}

/// Move towards frozen or back; return true if it moved
static bool
move_hold(Reverb* const self, const bool freezes, const bool at_once)
{
  const double from   = self->hold;
  const double step   = REVERB_STEP_FRAMES / (FREEZE_S * self->sample_rate);
  const double target = freezes ? 1.0 : 0.0;
  const double next =
    from < target ? fmin(from + step, target) : fmax(from - step, target);
  self->hold = at_once ? target : next;
  self->open = (float)(1.0 - (at_once ? target : from));
  self->open_step =
    (float)((1.0 - self->hold) - (double)self->open) / (float)REVERB_STEP_FRAMES;
  return self->hold != from;
}

/// Take settings that differ from those of the last step
static void
take_settings(Reverb* const self, const ReverbSettings* const settings)
{
  const bool swings_change = settings->motion_oct != self->settings.motion_oct;
  self->settings           = *settings;
  self->low_cut            = make_cut(radians(self, settings->low_cut_oct));
  self->high_cut           = make_cut(radians(self, settings->high_cut_oct));
  if (swings_change || self->swing_rate_cos[0] == 0.0f) {
    set_swings(self);
  }
}

/// Find where this step reads
static void
find_reads(Reverb* const self)
{
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const uint32_t start = line_start(self, k);
    self->read[k]        = start + ring_back(self->n_line, self->at, self->length[k]);
    self->read_from[k] =
      start + ring_back(self->n_line, self->at, self->length_from[k]);
  }
  for (uint32_t c = 0; c < 2U; ++c) {
    const uint32_t start = pre_delay_start(self, c);
    self->read_pre_delay[c] =
      start + ring_back(self->n_pre_delay, self->pre_at, self->pre_delay);
    self->read_pre_delay_from[c] =
      start + ring_back(self->n_pre_delay, self->pre_at, self->pre_delay_from);
    for (uint32_t d = 0; d < REVERB_DIFFUSERS; ++d) {
      self->read_diffuser[c][d] =
        diffuser_start(self, c, d) +
        ring_back(self->n_diffuser, self->diffuser_at, self->diffuser_length[c][d]);
    }
  }
}

void
reverb_begin_step(Reverb* const             self,
                  const ReverbInputs* const inputs,
                  const uint32_t            i)
{
  const bool           at_once  = self->is_asleep;
  const ReverbSettings settings = read_settings(inputs, i);
  const bool           is_new   = at_once || !is_same(&settings, &self->settings);
  if (is_new) {
    take_settings(self, &settings);
  }

  self->waits          = self->waits || is_new;
  const bool can_fade  = self->waits && self->fade_left == 0U;
  const bool has_moved = can_fade && find_lengths(self);
  self->waits          = self->waits && !can_fade;
  const bool has_held  = move_hold(self, inputs->freezes[i], at_once);
  memcpy(self->gain, self->gain_to, sizeof(self->gain));
  memcpy(self->pole, self->pole_to, sizeof(self->pole));
  if (is_new || has_moved || has_held) {
    solve_absorption(self);
  }
  if (has_moved && !at_once) {
    self->fade_left = self->fade_groups;
    memcpy(self->gain_from, self->gain, sizeof(self->gain_from));
    memcpy(self->pole_from, self->pole, sizeof(self->pole_from));
  }
  const bool moves = is_new || has_held || self->fade_left > 0U;
  if (moves || self->moves) {
    aim_absorption(self);
    ramp_absorption(self, at_once);
  }
  swing(self, at_once);
  find_reads(self);
  self->moves     = moves;
  self->is_asleep = false;
}

void
reverb_end_step(Reverb* const self)
{
  const float* const energy   = self->energy;
  const float        sum      = (energy[0] + energy[1]) + (energy[2] + energy[3]);
  const bool         is_quiet = sum < REVERB_SILENT * REVERB_SILENT;

  self->group       = 0;
  self->at          = ring_next(self->n_line, self->at);
  self->pre_at      = ring_next(self->n_pre_delay, self->pre_at);
  self->diffuser_at = ring_next(self->n_diffuser, self->diffuser_at);
  self->quiet       = is_quiet ? self->quiet + 1U : 0U;
  self->is_asleep   = self->quiet >= self->sleep_steps;
  self->quiet       = self->is_asleep ? 0U : self->quiet;
  self->fade_left   = self->is_asleep ? 0U : self->fade_left;
  memset(self->energy, 0, sizeof(self->energy));
}
