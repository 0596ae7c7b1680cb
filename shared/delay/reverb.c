// SPDX-License-Identifier: ISC

#include "delay/reverb.h"

#include "math/fast_math.h"
#include "math/simd.h"

#include <math.h>
#include <string.h>

#define GROUP 4U                  ///< Frames that are computed at once
#define MIRROR REVERB_STEP_FRAMES ///< Frames behind a ring, for a step over its end
#define MAX_MEMORY_RATE_HZ 1e6    ///< Beyond it, the longest times are shorter
#define MIN_LENGTH (GROUP + 1U)
#define MAX_LINE 256.0f ///< No line holds more where anything moves
#define SILENT 1e-9f    ///< From here down, nothing is to be heard
#define FREEZE_S 0.01   ///< Time of a fade to frozen
#define MAX_TURN 0.7    ///< Sine of the largest angle
#define LOG2_1000 9.965784284662087
#define TWO_PI 6.283185307179586

/// Groups in a step
enum { GROUPS = REVERB_STEP_FRAMES / GROUP };

/// Both callers of a group's halves are to keep its lines in registers
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// How much of either channel goes into the two halves of the lines: both have a share
/// whether a channel is silent, or both are the same
#define NEAR 0.46f
#define FAR 0.19f

/// A length of each line at a size of 1
static const double line_s[REVERB_LINES] = {0.0297,
                                            0.0323,
                                            0.0349,
                                            0.0379,
                                            0.0407,
                                            0.0439,
                                            0.0473,
                                            0.0509,
                                            0.0547,
                                            0.0587,
                                            0.0629,
                                            0.0673,
                                            0.0719,
                                            0.0769,
                                            0.0823,
                                            0.0881};

/// Lengths of the allpasses: Dattorro's on the left, others on the right
static const double diffuser_s[2][REVERB_DIFFUSERS] = {
  {0.00477, 0.00359, 0.01273, 0.00931},
  {0.00439, 0.00391, 0.01187, 0.00997}};

static const float diffusion[REVERB_DIFFUSERS] = {0.75f, 0.75f, 0.625f, 0.625f};

// ---- Memory

static inline Float4
read4(const float* const frames)
{
  Float4 x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

static inline void
write4(float* const frames, const Float4 x)
{
  memcpy(frames, &x, sizeof(x));
}

static inline Float4
all4(const float x)
{
  return (Float4){x, x, x, x};
}

/// Return the least number of frames that is in whole steps, and holds `frames`
static uint32_t
whole_steps(const double frames)
{
  return ((uint32_t)ceil(frames) / REVERB_STEP_FRAMES + 1U) * REVERB_STEP_FRAMES;
}

static double
memory_rate(const double sample_rate)
{
  return sample_rate < MAX_MEMORY_RATE_HZ ? sample_rate : MAX_MEMORY_RATE_HZ;
}

static uint32_t
line_frames(const double sample_rate)
{
  const double longest_s = line_s[REVERB_LINES - 1U] * exp2(REVERB_MAX_SIZE_OCT);

  return whole_steps(longest_s * memory_rate(sample_rate) + 2.0 * GROUP);
}

static uint32_t
pre_delay_frames(const double sample_rate)
{
  return whole_steps(REVERB_MAX_PRE_DELAY_S * memory_rate(sample_rate) + 2.0 * GROUP);
}

/// Return an odd length, which few lines share factors with
static uint32_t
odd_length(const double frames)
{
  const uint32_t whole = (uint32_t)(frames + 0.5);

  return (whole > MIN_LENGTH ? whole : MIN_LENGTH) | 1U;
}

static uint32_t
diffuser_length(const double sample_rate, const uint32_t channel, const uint32_t d)
{
  return odd_length(diffuser_s[channel][d] * memory_rate(sample_rate));
}

/// Return the memory behind the struct
static inline float*
memory_of(Reverb* const self)
{
  return (float*)(self + 1);
}

/// Return where a line begins in memory
static inline uint32_t
line_start(const Reverb* const self, const uint32_t k)
{
  return k * (self->n_line + MIRROR);
}

static inline uint32_t
pre_delay_start(const Reverb* const self, const uint32_t channel)
{
  return line_start(self, REVERB_LINES) + channel * (self->n_pre_delay + MIRROR);
}

static inline uint32_t
diffuser_start(const Reverb* const self, const uint32_t channel, const uint32_t d)
{
  return pre_delay_start(self, 2U) +
         (channel * REVERB_DIFFUSERS + d) * (self->n_diffuser + MIRROR);
}

/// Return which frame of a ring is `length` before `at`
static inline uint32_t
ring_back(const uint32_t n_ring, const uint32_t at, const uint32_t length)
{
  return at >= length ? at - length : at + n_ring - length;
}

/// Return where the next step goes
static inline uint32_t
ring_next(const uint32_t n_ring, const uint32_t at)
{
  return at + REVERB_STEP_FRAMES < n_ring ? at + REVERB_STEP_FRAMES : 0U;
}

/// Write four frames to place `at` of a ring, also behind its end
static inline void
ring_write(float* const ring, const uint32_t n_ring, const uint32_t at, const Float4 x)
{
  write4(ring + at, x);
  if (at < MIRROR) {
    write4(ring + n_ring + at, x);
  }
}

/// Find all sizes; return how many floats there are behind the struct
static size_t
lay_out(Reverb* const self, const double sample_rate)
{
  uint32_t longest = 0;
  for (uint32_t c = 0; c < 2U; ++c) {
    for (uint32_t d = 0; d < REVERB_DIFFUSERS; ++d) {
      const uint32_t length       = diffuser_length(sample_rate, c, d);
      self->diffuser_length[c][d] = length;
      longest                     = length > longest ? length : longest;
    }
  }
  self->sample_rate = sample_rate;
  self->n_line      = line_frames(sample_rate);
  self->n_pre_delay = pre_delay_frames(sample_rate);
  self->n_diffuser  = whole_steps((double)longest);
  return diffuser_start(self, 2U, 0U);
}

size_t
reverb_size(const double sample_rate)
{
  Reverb layout;
  memset(&layout, 0, sizeof(layout));
  return sizeof(Reverb) + lay_out(&layout, sample_rate) * sizeof(float);
}

void
reverb_init(Reverb* const self, const double sample_rate)
{
  lay_out(self, sample_rate);
  self->fade_groups = whole_steps(REVERB_FADE_S * sample_rate) / GROUP;
  self->sleep_steps =
    (self->n_line + self->n_pre_delay + 8U * self->n_diffuser) / REVERB_STEP_FRAMES +
    2U;
  reverb_reset(self);
}

void
reverb_reset(Reverb* const self)
{
  Reverb layout;
  memset(&layout, 0, sizeof(layout));
  const size_t n_floats = lay_out(&layout, self->sample_rate);
  layout.fade_groups    = self->fade_groups;
  layout.sleep_steps    = self->sleep_steps;
  layout.is_asleep      = true;
  memcpy(self, &layout, sizeof(layout));
  memset(memory_of(self), 0, n_floats * sizeof(float));
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    self->swing_cos[k] = (float)cos((double)k);
    self->swing_sin[k] = (float)sin((double)k);
  }
}

// ---- Settings, once in a step

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
    const double   frames = line_s[k] * scale;
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

/// Begin a step with the settings of frame `i`, at once if the reverb was asleep
static void
begin_step(Reverb* const self, const ReverbInputs* const inputs, const uint32_t i)
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

/// End a step, and fall asleep if nothing has been heard for long enough
static void
end_step(Reverb* const self)
{
  const float* const energy   = self->energy;
  const float        sum      = (energy[0] + energy[1]) + (energy[2] + energy[3]);
  const bool         is_quiet = sum < SILENT * SILENT;

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

// ---- Four frames: `y` has those of all lines

/// Four lines of four frames to four frames of four lines, or back
static inline void
transpose(Float4 x[GROUP])
{
  const Float4 a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
  const Float4 b = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
  const Float4 c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
  const Float4 d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
  x[0]           = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  x[1]           = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  x[2]           = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  x[3]           = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

/// Return the share of what a fade goes to, which rises as 10 t^3 - 15 t^4 + 6 t^5
static inline Float4
fade_share(const Reverb* const self)
{
  const float  done = (float)((self->fade_groups - self->fade_left) * GROUP);
  const Float4 t    = (all4(done) + (Float4){1.0f, 2.0f, 3.0f, 4.0f}) *
                   (1.0f / (float)(self->fade_groups * GROUP));

  return t * t * t * (10.0f + t * (6.0f * t - 15.0f));
}

static void
read_lines_fading(Reverb* const self, Float4 y[REVERB_LINES])
{
  const float* const memory = memory_of(self) + self->group * GROUP;
  const Float4       share  = fade_share(self);
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const Float4 from = read4(memory + self->read_from[k]);
    y[k]              = from + share * (read4(memory + self->read[k]) - from);
  }
}

static inline void
read_lines(Reverb* const self, Float4 y[REVERB_LINES])
{
  if (self->fade_left) {
    read_lines_fading(self, y);
    return;
  }

  const float* const memory = memory_of(self) + self->group * GROUP;
#pragma GCC unroll 16
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    y[k] = read4(memory + self->read[k]);
  }
}

/// Absorb a part of what four lines hold, and leave a quarter of the rest
static inline void
absorb_four(Reverb* const self, const uint32_t first, Float4 y[GROUP])
{
  const float  done = (float)(self->group + 1U);
  const Float4 gain = read4(self->gain + first) + done * read4(self->gain_step + first);
  const Float4 pole = read4(self->pole + first) + done * read4(self->pole_step + first);
  Float4       low  = read4(self->low + first);
  transpose(y);
#pragma GCC unroll 4
  for (uint32_t j = 0; j < GROUP; ++j) {
    low  = y[j] * gain + pole * low;
    y[j] = low;
  }
  transpose(y);
  write4(self->low + first, low);
}

/// Begin a group: find what comes out of the lines, and the output, without any input
ALWAYS_INLINE void
open_group(Reverb* const self, Float4 y[REVERB_LINES], Float4 out[2])
{
  read_lines(self, y);
#pragma GCC unroll 4
  for (uint32_t k = 0; k < REVERB_LINES; k += GROUP) {
    absorb_four(self, k, y + k);
  }

  const Float4 a = (y[0] - y[1]) + (y[2] - y[3]);
  const Float4 b = (y[4] - y[5]) + (y[6] - y[7]);
  const Float4 c = (y[8] - y[9]) + (y[10] - y[11]);
  const Float4 d = (y[12] - y[13]) + (y[14] - y[15]);
  const Float4 e = (y[0] + y[1]) - (y[2] + y[3]);
  const Float4 f = (y[4] + y[5]) - (y[6] + y[7]);
  const Float4 g = (y[8] + y[9]) - (y[10] + y[11]);
  const Float4 h = (y[12] + y[13]) - (y[14] + y[15]);
  out[0]         = (a - b) + (c - d);
  out[1]         = (e + f) - (g + h);

  const Float4 energy = out[0] * out[0] + out[1] * out[1];
  write4(self->energy, read4(self->energy) + energy);
}

/// Return four frames of a one-pole low pass
static inline Float4
cut(const ReverbCut* const self, float* const state, const Float4 x)
{
  const Float4 zero = {0.0f, 0.0f, 0.0f, 0.0f};

  Float4 y = x * self->gain;
  y        = y + self->pole * __builtin_shufflevector(zero, y, 0, 4, 5, 6);
  y        = y + self->pole_2 * __builtin_shufflevector(zero, y, 0, 1, 4, 5);
  y        = y + *state * read4(self->pole_1_to_4);
  *state   = y[3];
  return y;
}

/// Return the input after its pre-delay
static inline Float4
delay_input(Reverb* const self, const uint32_t channel, const Float4 x)
{
  float* const   memory = memory_of(self);
  const uint32_t place  = self->group * GROUP;
  ring_write(memory + pre_delay_start(self, channel),
             self->n_pre_delay,
             self->pre_at + place,
             x);

  const Float4 to = read4(memory + self->read_pre_delay[channel] + place);
  if (!self->fade_left) {
    return to;
  }

  const Float4 from = read4(memory + self->read_pre_delay_from[channel] + place);
  return from + fade_share(self) * (to - from);
}

/// Return the input of a channel as it gets into the lines
static inline Float4
diffuse(Reverb* const self, const uint32_t c, const Float4 in)
{
  ReverbChannel* const channel = &self->channel[c];
  float* const         memory  = memory_of(self);
  const uint32_t       place   = self->group * GROUP;

  Float4 x = delay_input(self, c, in);
  x        = x - cut(&self->low_cut, &channel->below_low, x);
  x        = cut(&self->high_cut, &channel->below_high, x);
#pragma GCC unroll 4
  for (uint32_t d = 0; d < REVERB_DIFFUSERS; ++d) {
    const Float4 past = read4(memory + self->read_diffuser[c][d] + place);
    const Float4 v    = x - diffusion[d] * past;
    ring_write(memory + diffuser_start(self, c, d),
               self->n_diffuser,
               self->diffuser_at + place,
               v);
    x = past + diffusion[d] * v;
  }
  return x;
}

/// Multiply four vectors by Hadamard's matrix
static inline void
butterfly(Float4* const p, Float4* const q, Float4* const r, Float4* const s)
{
  const Float4 a = *p + *q;
  const Float4 b = *p - *q;
  const Float4 c = *r + *s;
  const Float4 d = *r - *s;
  *p             = a + c;
  *q             = b + d;
  *r             = a - c;
  *s             = b - d;
}

/// Mix all lines with Hadamard's matrix, and turn the pairs
static inline void
mix_lines(const Reverb* const self, Float4 y[REVERB_LINES], const Float4 place)
{
#pragma GCC unroll 4
  for (uint32_t k = 0; k < REVERB_LINES; k += 4U) {
    butterfly(y + k, y + k + 1, y + k + 2, y + k + 3);
  }
#pragma GCC unroll 4
  for (uint32_t k = 0; k < 4U; ++k) {
    butterfly(y + k, y + k + 4, y + k + 8, y + k + 12);
  }
#pragma GCC unroll 8
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    const Float4 c = read4(self->turn_cos[k]) + place * read4(self->turn_cos_step[k]);
    const Float4 s = read4(self->turn_sin[k]) + place * read4(self->turn_sin_step[k]);
    const Float4 a = y[k];
    const Float4 b = y[k + REVERB_PAIRS];

    y[k]                = c * a - s * b;
    y[k + REVERB_PAIRS] = s * a + c * b;
  }
}

static inline Float4
clamp4(const Float4 x, const float most)
{
  float frames[GROUP];
  write4(frames, x);
  for (uint32_t j = 0; j < GROUP; ++j) {
    const float above = frames[j] > -most ? frames[j] : -most;
    frames[j]         = above < most ? above : most;
  }
  return read4(frames);
}

/// Add what comes in to what all lines are written with
static inline void
add_input(Float4 y[REVERB_LINES], const Float4 u, const Float4 v)
{
#pragma GCC unroll 8
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    y[k]                = k & 1U ? y[k] - u : y[k] + u;
    y[k + REVERB_PAIRS] = k & 1U ? y[k + REVERB_PAIRS] - v : y[k + REVERB_PAIRS] + v;
  }
}

static void
clamp_lines(Float4 y[REVERB_LINES])
{
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    y[k] = clamp4(y[k], MAX_LINE);
  }
}

static inline void
write_lines(Reverb* const self, const Float4 y[REVERB_LINES])
{
  const uint32_t at     = self->at + self->group * GROUP;
  float* const   memory = memory_of(self) + at;
#pragma GCC unroll 16
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    write4(memory + line_start(self, k), y[k]);
  }
  if (at < MIRROR) {
    for (uint32_t k = 0; k < REVERB_LINES; ++k) {
      write4(memory + line_start(self, k) + self->n_line, y[k]);
    }
  }
}

/// End a group: mix what came out of the lines, and send it back with the input
ALWAYS_INLINE void
close_group(Reverb* const self, Float4 y[REVERB_LINES], const Float4 in[2])
{
  const Float4 energy = in[0] * in[0] + in[1] * in[1];
  write4(self->energy, read4(self->energy) + energy);

  const float  done  = (float)(self->group * GROUP);
  const Float4 place = all4(done) + (Float4){1.0f, 2.0f, 3.0f, 4.0f};
  const Float4 open  = all4(self->open) + place * self->open_step;
  const Float4 left  = open * diffuse(self, 0, in[0]);
  const Float4 right = open * diffuse(self, 1, in[1]);
  mix_lines(self, y, place);
  add_input(y, NEAR * left + FAR * right, FAR * left - NEAR * right);
  if (self->moves) {
    clamp_lines(y);
  }
  write_lines(self, y);

  self->fade_left -= self->fade_left > 0U;
  if (++self->group == GROUPS) {
    end_step(self);
  }
}

// ---- Any number of frames

/// Process a group that is all there
static inline void
process_group(Reverb* const      self,
              const float* const in_left,
              const float* const in_right,
              float* const       left,
              float* const       right)
{
  Float4       y[REVERB_LINES];
  Float4       out[2];
  const Float4 in[2] = {read4(in_left), read4(in_right)};
  open_group(self, y, out);
  write4(left, out[0]);
  write4(right, out[1]);
  close_group(self, y, in);
}

/// Begin a group that is not all there
static void
open_pending(Reverb* const self)
{
  Float4 y[REVERB_LINES];
  Float4 out[2];
  open_group(self, y, out);
  memcpy(self->pending, y, sizeof(self->pending));
  memcpy(self->pending_out, out, sizeof(self->pending_out));
}

static void
close_pending(Reverb* const self)
{
  Float4 y[REVERB_LINES];
  Float4 in[2];
  memcpy(y, self->pending, sizeof(y));
  memcpy(in, self->pending_in, sizeof(in));
  self->n_pending = 0;
  close_group(self, y, in);
}

/// Process up to `n_frames` of a group that is not all there; return how many
static uint32_t
process_pending(Reverb* const      self,
                const float* const in_left,
                const float* const in_right,
                float* const       left,
                float* const       right,
                const uint32_t     n_frames)
{
  const uint32_t start = self->n_pending;
  const uint32_t n     = n_frames < GROUP - start ? n_frames : GROUP - start;
  if (start == 0U) {
    open_pending(self);
  }
  memcpy(left, self->pending_out[0] + start, n * sizeof(float));
  memcpy(right, self->pending_out[1] + start, n * sizeof(float));
  memcpy(self->pending_in[0] + start, in_left, n * sizeof(float));
  memcpy(self->pending_in[1] + start, in_right, n * sizeof(float));
  self->n_pending = start + n;
  if (self->n_pending == GROUP) {
    close_pending(self);
  }
  return n;
}

/// Return how many frames from `start` on are too soft to wake it
static uint32_t
count_silent(const ReverbInputs* const inputs,
             const uint32_t            start,
             const uint32_t            n_frames)
{
  if (inputs->is_silent) {
    return n_frames - start;
  }

  uint32_t i = start;
  while (i < n_frames && fabsf(inputs->left[i]) < SILENT &&
         fabsf(inputs->right[i]) < SILENT) {
    ++i;
  }
  return i - start;
}

static void
clamp_output(float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float x     = out[i];
    const float above = x > -REVERB_MAX_OUT ? x : -REVERB_MAX_OUT;
    out[i]            = above < REVERB_MAX_OUT ? above : REVERB_MAX_OUT;
  }
}

void
reverb_process(Reverb* const             self,
               const ReverbInputs* const inputs,
               float* const              left,
               float* const              right,
               const uint32_t            n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    const float* const in_left  = inputs->left + i;
    const float* const in_right = inputs->right + i;
    n = self->is_asleep ? count_silent(inputs, i, n_frames) : 0U;
    if (n) {
      memset(left + i, 0, n * sizeof(float));
      memset(right + i, 0, n * sizeof(float));
      continue;
    }
    if (self->group == 0U && self->n_pending == 0U) {
      begin_step(self, inputs, i);
    }
    if (self->n_pending == 0U && n_frames - i >= GROUP) {
      process_group(self, in_left, in_right, left + i, right + i);
      n = GROUP;
    } else {
      n = process_pending(self, in_left, in_right, left + i, right + i, n_frames - i);
    }
  }
  clamp_output(left, n_frames);
  clamp_output(right, n_frames);
}
