// SPDX-License-Identifier: ISC

#include "osc/noise.h"

#include "noise_tables.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846
#define VARIANCE (1.0 / 3.0) ///< Of an even distribution from -1 to 1

enum {
  N_PINK_PAIRS = sizeof(noise_pink_poles) / sizeof(noise_pink_poles[0]),
  N_EDGE_PAIRS = sizeof(noise_edge_poles) / sizeof(noise_edge_poles[0])
};

// ---- Filters

/// As many zeros as poles
typedef struct {
  uint32_t n;
  double   pole[NOISE_MAX_POLES];
  double   zero[NOISE_MAX_POLES];
} Roots;

static void
add_pairs(Roots* const        self,
          const double* const poles,
          const double* const zeros,
          const uint32_t      n)
{
  memcpy(self->pole + self->n, poles, n * sizeof(double));
  memcpy(self->zero + self->n, zeros, n * sizeof(double));
  self->n += n;
}

static Roots
pink_roots(void)
{
  Roots roots = {0, {0.0}, {0.0}};
  add_pairs(&roots, noise_pink_poles, noise_pink_zeros, N_PINK_PAIRS);
  return roots;
}

/// Return the roots of a sum of all frames, with `memory` of it left at each
static Roots
brown_roots(const double memory)
{
  static const double zero = 0.0;

  Roots roots = {0, {0.0}, {0.0}};
  add_pairs(&roots, &memory, &zero, 1);
  add_pairs(&roots, noise_edge_poles, noise_edge_zeros, N_EDGE_PAIRS);
  return roots;
}

static Roots
upside_down(const Roots roots)
{
  Roots inverse = {0, {0.0}, {0.0}};
  add_pairs(&inverse, roots.zero, roots.pole, roots.n);
  return inverse;
}

static Roots
colour_roots(const NoiseColour colour, const double sample_rate)
{
  switch (colour) {
  case PINK_NOISE:
    return pink_roots();
  case BROWN_NOISE:
    return brown_roots(exp(-2.0 * PI * NOISE_LEAK_HZ / sample_rate));
  case BLUE_NOISE:
    return upside_down(pink_roots());
  case VIOLET_NOISE:
    return upside_down(brown_roots(1.0));
  case WHITE_NOISE:
  case N_NOISE_COLOURS:
  default:
    break;
  }

  return (Roots){0, {0.0}, {0.0}};
}

/// Return the residue at a pole of product (z - zero) / (z - pole)
static double
residue(const Roots* const roots, const uint32_t k)
{
  const double pole    = roots->pole[k];
  double       product = pole - roots->zero[k];
  for (uint32_t i = 0; i < roots->n; ++i) {
    if (i != k) {
      product *= (pole - roots->zero[i]) / (pole - roots->pole[i]);
    }
  }

  return product;
}

/// Return the variance that one of 1 comes out with: the sum of the squared response
static double
power_gain(const NoiseFilter* const self)
{
  double sum = self->direct * self->direct;
  for (uint32_t i = 0; i < self->n_poles; ++i) {
    for (uint32_t k = 0; k < self->n_poles; ++k) {
      sum +=
        self->residue[i] * self->residue[k] / (1.0 - self->pole[i] * self->pole[k]);
    }
  }

  return sum;
}

NoiseFilter
noise_filter(const NoiseColour colour, const double sample_rate)
{
  const Roots roots = colour_roots(colour, sample_rate);

  NoiseFilter filter = {roots.n, 1.0, {0.0}, {0.0}};
  for (uint32_t k = 0; k < roots.n; ++k) {
    filter.pole[k]    = roots.pole[k];
    filter.residue[k] = residue(&roots, k);
  }

  const double gain = NOISE_RMS / sqrt(VARIANCE * power_gain(&filter));
  filter.direct     = gain;
  for (uint32_t k = 0; k < roots.n; ++k) {
    filter.residue[k] *= gain;
  }
  return filter;
}

// ---- Tables

static void
set_pole(NoiseTables* const self,
         const uint32_t     k,
         const double       pole,
         const double       residue)
{
  double power = 1.0;
  for (uint32_t i = 0; i < NOISE_GROUP_FRAMES; ++i) {
    self->echo[k][i]                            = (float)(residue * power);
    self->trace[NOISE_GROUP_FRAMES - 1U - i][k] = (float)power;
    power *= pole;
  }
  self->decay[k] = (float)power;
}

static void
set_tables(NoiseTables* const self, const NoiseFilter* const filter)
{
  double response[NOISE_GROUP_FRAMES] = {filter->direct};
  for (uint32_t k = 0; k < filter->n_poles; ++k) {
    double echo = filter->residue[k];
    set_pole(self, k, filter->pole[k], filter->residue[k]);
    for (uint32_t i = 1; i < NOISE_GROUP_FRAMES; ++i) {
      response[i] += echo;
      echo *= filter->pole[k];
    }
  }
  for (uint32_t from = 0; from < NOISE_GROUP_FRAMES; ++from) {
    for (uint32_t to = from; to < NOISE_GROUP_FRAMES; ++to) {
      self->response[from][to] = (float)response[to - from];
    }
  }
}

// ---- Groups of frames, in as many vectors as the processor needs

#if defined(__AVX2__)
#  define VECTOR_FLOATS 8U
#else
#  define VECTOR_FLOATS 4U
#endif

#define N_PARTS (NOISE_GROUP_FRAMES / VECTOR_FLOATS)

typedef float   Vector __attribute__((vector_size(4U * VECTOR_FLOATS)));
typedef int32_t Whole __attribute__((vector_size(4U * VECTOR_FLOATS)));

typedef struct {
  Vector part[N_PARTS];
} Group;

static_assert(NOISE_MAX_POLES == NOISE_GROUP_FRAMES, "a group of states is one too");
static_assert(RANDOM_LANES == NOISE_GROUP_FRAMES, "a number for each frame");

static inline float
group_at(const Group* const self, const uint32_t index)
{
  return self->part[index / VECTOR_FLOATS][index % VECTOR_FLOATS];
}

/// Add `factor` times a row of a table
static inline void
group_add(Group* const self, const float factor, const float* const row)
{
  for (uint32_t p = 0; p < N_PARTS; ++p) {
    Vector values;
    memcpy(&values, row + p * VECTOR_FLOATS, sizeof(values));
    self->part[p] += factor * values;
  }
}

/// Multiply with a row of a table
static inline void
group_scale(Group* const self, const float* const row)
{
  for (uint32_t p = 0; p < N_PARTS; ++p) {
    Vector values;
    memcpy(&values, row + p * VECTOR_FLOATS, sizeof(values));
    self->part[p] *= values;
  }
}

/// Write numbers, which are taken as signed ones, as floats
static inline void
group_convert(Group* const self, const RandomGroup* const numbers)
{
  for (uint32_t p = 0; p < N_PARTS; ++p) {
    Whole values;
    memcpy(&values, (const char*)numbers + p * sizeof(values), sizeof(values));
    self->part[p] = __builtin_convertvector(values, Vector);
  }
}

// ---- Frames

/// Write what random_bipolar() gives
static inline void
draw_uniform(RandomState* const random, Group* const out)
{
  RandomGroup numbers;
  random_step(random, &numbers);
  numbers >>= 8U;
  group_convert(out, &numbers);
  for (uint32_t p = 0; p < N_PARTS; ++p) {
    out->part[p] = out->part[p] * 0x1p-23f - 1.0f;
  }
}

/**
   Write frames of a normal distribution, as wide as a uniform one from -1 to 1.

   The sum t of four numbers from -1/2 to 1/2 has the variance 1/3 and all but the shape
   of the bell: a t + b t^3 has the variance and the fourth moment of a normal one.
*/
static inline void
draw_gaussian(RandomState* const random, Group* const out)
{
  static const float    a    = 0.949035522f;
  static const float    b    = 0.0559245179f;
  static const uint32_t mean = 4U * 65535U / 2U;

  RandomGroup two;
  RandomGroup others;
  random_step(random, &two);
  random_step(random, &others);
  const RandomGroup sum =
    (two >> 16U) + (two & 0xffffU) + (others >> 16U) + (others & 0xffffU) - mean;
  group_convert(out, &sum);
  for (uint32_t p = 0; p < N_PARTS; ++p) {
    const Vector t = out->part[p] * 0x1p-16f;
    out->part[p]   = t * (a + b * (t * t));
  }
}

/// Pass a group through a filter of `n_poles`
static inline void
filter_group(const NoiseTables* const tables,
             Group* const             state,
             const Group* const       in,
             Group* const             out,
             const uint32_t           n_poles)
{
  Group sum = {{{0.0f}}};
  for (uint32_t k = 0; k < n_poles; ++k) {
    group_add(&sum, group_at(state, k), tables->echo[k]);
  }
  group_scale(state, tables->decay);
  for (uint32_t i = 0; i < NOISE_GROUP_FRAMES; ++i) {
    group_add(&sum, group_at(in, i), tables->response[i]);
    group_add(state, group_at(in, i), tables->trace[i]);
  }
  *out = sum;
}

/// Colour a group with a filter of `n_poles`
static inline void
colour_group(const NoiseTables* const tables,
             Group* const             state,
             const Group* const       in,
             Group* const             out,
             const uint32_t           n_poles)
{
  if (n_poles > 0U) {
    filter_group(tables, state, in, out, n_poles);
    return;
  }

  for (uint32_t p = 0; p < N_PARTS; ++p) {
    out->part[p] = in->part[p] * tables->response[0][0];
  }
}

/// Write whole groups, as many as fit into `n_frames`, and return how many frames
static inline uint32_t
fill_groups(Noise* const   self,
            float* const   out,
            const uint32_t n_frames,
            const uint32_t n_poles)
{
  RandomState random = self->random;
  Group       state;
  memcpy(&state, self->state, sizeof(state));

  uint32_t i = 0;
  for (; i + NOISE_GROUP_FRAMES <= n_frames; i += NOISE_GROUP_FRAMES) {
    Group group;
    if (self->distribution == GAUSSIAN_NOISE) {
      draw_gaussian(&random, &group);
    } else {
      draw_uniform(&random, &group);
    }
    colour_group(&self->tables, &state, &group, &group, n_poles);
    memcpy(out + i, &group, sizeof(group));
  }

  memcpy(self->state, &state, sizeof(state));
  self->random = random;
  return i;
}

/// Do the same for the colour that it is
static uint32_t
fill(Noise* const self, float* const out, const uint32_t n_frames)
{
  switch (self->n_poles) {
  case 0:
    return fill_groups(self, out, n_frames, 0);
  case N_EDGE_PAIRS + 1:
    return fill_groups(self, out, n_frames, N_EDGE_PAIRS + 1);
  default:
    return fill_groups(self, out, n_frames, N_PINK_PAIRS);
  }
}

/// Write what is left of a group, up to `n_frames`, and return how many that are
static uint32_t
take(Noise* const self, float* const out, const uint32_t n_frames)
{
  const uint32_t left = NOISE_GROUP_FRAMES - self->n_taken;
  const uint32_t n    = left < n_frames ? left : n_frames;

  memcpy(out, self->ready + self->n_taken, n * sizeof(float));
  self->n_taken += n;
  return n;
}

// ---- Interface

void
noise_init(Noise* const self, const NoiseColour colour, const double sample_rate)
{
  const NoiseFilter filter = noise_filter(colour, sample_rate);

  memset(self, 0, sizeof(*self));
  set_tables(&self->tables, &filter);
  self->n_poles = filter.n_poles;
  noise_seed(self, 0);
}

void
noise_seed(Noise* const self, const uint32_t seed)
{
  random_state_seed(&self->random, seed);
  memset(self->state, 0, sizeof(self->state));
  self->n_taken = NOISE_GROUP_FRAMES;
}

void
noise_set_distribution(Noise* const self, const NoiseDistribution distribution)
{
  self->distribution = distribution;
}

void
noise_process(Noise* const self, float* const out, const uint32_t n_frames)
{
  uint32_t i = take(self, out, n_frames);
  i += fill(self, out + i, n_frames - i);
  if (i < n_frames) {
    fill(self, self->ready, NOISE_GROUP_FRAMES);
    self->n_taken = 0;
    take(self, out + i, n_frames - i);
  }
}
