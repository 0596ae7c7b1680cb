// SPDX-License-Identifier: ISC
// Curves of pictures: what a second instance makes of test signals

#include "display/drawing.h"

#include "display/drawing_impl.h"

#include <math.h>

#define TWO_PI 6.28318530717958648
#define IMPULSE 0.01f     ///< Low enough for filters that saturate to be linear
#define SILENCE 1e-6f     ///< Share of the peak at which a response is over
#define LEAST_POWER 1e-20 ///< Instead of none
#define LEAST_DB (-200.0f)
#define SHOWN_ECHOES 5.5

enum {
  RESPONSE_FRAMES = DRAW_FRAMES / 4, ///< Longest of an impulse, where all fit
  PIECE_FRAMES    = 1024,            ///< Between looks for its end
  RESPONSE_POINTS = 320,
  GROUP           = 8,  ///< Frequencies at once, for vectors
  TRACE_STEPS     = 4,  ///< Frames of a trace in each pixel
  ECHO_FRAMES     = 16, ///< In each point of echoes
  TRANSFER_POINTS = 256,
  TRANSFER_FRAMES = 64 ///< Of a ramp in each point
};

_Static_assert(TRANSFER_POINTS* TRANSFER_FRAMES * 4 <= DRAW_FRAMES, "4 outputs fit");
_Static_assert(TRACE_STEPS* DRAW_MAX_WIDTH* DRAW_MAX_OUTS <= DRAW_FRAMES, "all fit");
_Static_assert(RESPONSE_POINTS <= (int)DRAW_POINTS, "all fit");
_Static_assert(RESPONSE_POINTS % GROUP == 0, "groups are whole");

// ---- Responses

/// Return the largest size of `n_outs` outputs in some frames
static float
peak(const float* const frames,
     const uint32_t     n_outs,
     const uint32_t     from,
     const uint32_t     n_frames)
{
  float largest = 0.0f;
  for (uint32_t o = 0; o < n_outs; ++o) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      largest = fmaxf(largest, fabsf(frames[(size_t)o * RESPONSE_FRAMES + from + i]));
    }
  }
  return largest;
}

/// Record what becomes of an impulse until it is over; return how many frames
static uint32_t
record_response(Drawing* const       self,
                const uint32_t       in,
                const uint8_t* const outs,
                const uint32_t       n_outs)
{
  const DrawSignal impulse = {(uint8_t)in, DRAW_IMPULSE, 0.0f, IMPULSE, 0.0};

  float    largest = 0.0f;
  uint32_t at      = 0;
  while (at < RESPONSE_FRAMES) {
    const ModelTake take = {outs, n_outs, self->frames + at, RESPONSE_FRAMES};
    model_run(&self->model, &impulse, 1, &take, PIECE_FRAMES);

    const float loudest = peak(self->frames, n_outs, at, PIECE_FRAMES);
    largest             = fmaxf(largest, loudest);
    at += PIECE_FRAMES;
    if (loudest <= SILENCE * largest) {
      break;
    }
  }
  return at;
}

/// Fade a response out that does not end by itself, as its edge would be seen as ripple
static void
fade(float* const frames, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float left = (float)(n_frames - i) / (float)n_frames;
    frames[i] *= left * left;
  }
}

/// Write the powers of a response at GROUP frequencies, by Goertzel's algorithm
static void
find_powers(const float* const frames,
            const uint32_t     n_frames,
            const double       angle[GROUP],
            double             power[GROUP])
{
  double twice[GROUP];
  double a[GROUP] = {0.0};
  double b[GROUP] = {0.0};
  for (int g = 0; g < GROUP; ++g) {
    twice[g] = 2.0 * cos(angle[g]);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double x = (double)frames[i];
    for (int g = 0; g < GROUP; ++g) {
      const double next = x + twice[g] * a[g] - b[g];
      b[g]              = a[g];
      a[g]              = next;
    }
  }
  for (int g = 0; g < GROUP; ++g) {
    power[g] = a[g] * a[g] + b[g] * b[g] - twice[g] * a[g] * b[g];
  }
}

/// Return how high a power is in the plot
static double
height_of(const double power)
{
  const double gain = power / (double)(IMPULSE * IMPULSE);

  return (10.0 * log10(gain + LEAST_POWER) - DRAW_LOW_DB) /
         (DRAW_HIGH_DB - DRAW_LOW_DB);
}

/// Draw one output of those that were recorded
static void
draw_gain(Drawing* const     self,
          const float* const frames,
          const uint32_t     n_frames,
          const bool         is_main)
{
  const double octaves = log2(DRAW_HIGH_HZ / DRAW_LOW_HZ);
  for (uint32_t p = 0; p < RESPONSE_POINTS; p += GROUP) {
    double x[GROUP];
    double angle[GROUP];
    double power[GROUP];
    for (uint32_t g = 0; g < GROUP; ++g) {
      x[g]            = (double)(p + g) / (RESPONSE_POINTS - 1);
      const double hz = DRAW_LOW_HZ * exp2(octaves * x[g]);
      angle[g]        = fmin(TWO_PI * hz / self->model.sample_rate, 0.5 * TWO_PI);
    }
    find_powers(frames, n_frames, angle, power);
    for (uint32_t g = 0; g < GROUP; ++g) {
      self->points[p + g] = drawing_point(self, x[g], height_of(power[g]));
    }
  }
  drawing_curve(self, RESPONSE_POINTS, drawing_plot(self).bottom, is_main);
}

void
draw_response(Drawing* const       self,
              const uint32_t       in,
              const uint8_t* const outs,
              const uint32_t       n_outs)
{
  const double   octaves = log2(DRAW_HIGH_HZ / DRAW_LOW_HZ);
  const uint32_t n       = n_outs < 4U ? n_outs : 4U;
  if (!model_start(&self->model, self->sample_rate, outs, n)) {
    return;
  }

  for (double hz = 100.0; hz < DRAW_HIGH_HZ; hz *= 10.0) {
    drawing_grid_x(self, log2(hz / DRAW_LOW_HZ) / octaves);
  }
  drawing_grid_y(self, -DRAW_LOW_DB / (DRAW_HIGH_DB - DRAW_LOW_DB));
  const uint32_t n_frames = record_response(self, in, outs, n);
  for (uint32_t o = n; o-- > 0;) {
    float* const frames = self->frames + (size_t)o * RESPONSE_FRAMES;
    if (n_frames >= RESPONSE_FRAMES) {
      fade(frames, n_frames);
    }
    draw_gain(self, frames, n_frames, o == 0);
  }
}

// ---- Traces

/// The rows of a plot, and what is drawn in one of them
typedef struct {
  double low;
  double high;
  double row; ///< From below
  double n_rows;
} Rows;

/// Return how high a value is in the plot
static double
height_in(const Rows rows, const float value)
{
  const double range = rows.high - rows.low;
  const double share = range > 0.0 ? ((double)value - rows.low) / range : 0.0;
  const double bound = fmin(fmax(share, 0.0), 1.0);

  return rows.n_rows > 1.0 ? (rows.row + 0.08 + 0.84 * bound) / rows.n_rows : bound;
}

/// Return the row that output `out` of a trace has
static Rows
rows_of(const DrawTrace* const trace, const uint32_t out)
{
  return (Rows){(double)trace->low,
                (double)trace->high,
                trace->is_stacked ? (double)(trace->n_outs - 1U - out) : 0.0,
                trace->is_stacked ? (double)trace->n_outs : 1.0};
}

/// Draw every `stride`-th of an output's frames
static void
draw_frames(Drawing* const     self,
            const float* const frames,
            const uint32_t     n_points,
            const uint32_t     stride,
            const Rows         rows,
            const bool         is_main)
{
  const float  zero = rows.low < 0.0 && rows.high > 0.0 ? 0.0f : (float)rows.low;
  const double step = 1.0 / (n_points > 1U ? n_points - 1U : 1U);
  for (uint32_t p = 0; p < n_points; ++p) {
    const float value = frames[(size_t)p * stride + stride - 1U];
    self->points[p]   = drawing_point(self, step * p, height_in(rows, value));
  }
  const float base = drawing_point(self, 0.0, height_in(rows, zero)).y;
  drawing_curve(self, n_points, base, is_main);
}

/// Draw all outputs of a trace, the first last
static void
draw_outs(Drawing* const         self,
          const DrawTrace* const trace,
          const uint32_t         n_points,
          const uint32_t         stride)
{
  if (trace->low < 0.0f && trace->high > 0.0f && !trace->is_stacked) {
    drawing_grid_y(self, height_in(rows_of(trace, 0), 0.0f));
  }
  for (uint32_t o = trace->n_outs; o-- > 0;) {
    draw_frames(self,
                self->frames + (size_t)o * n_points * stride,
                n_points,
                stride,
                rows_of(trace, o),
                o == 0 || trace->is_stacked);
  }
}

/// Make each point of an output the peak of so many frames, in place
static void
find_peaks(float* const frames, const uint32_t n_points, const uint32_t n_peak)
{
  for (uint32_t p = 0; p < n_points; ++p) {
    float largest = 0.0f;
    for (uint32_t i = 0; i < n_peak; ++i) {
      largest = fmaxf(largest, fabsf(frames[(size_t)p * n_peak + i]));
    }
    frames[p] = largest;
  }
}

/// Make levels decibels below the highest
static void
find_decibels(float* const levels, const uint32_t n_points)
{
  float highest = 0.0f;
  for (uint32_t p = 0; p < n_points; ++p) {
    highest = fmaxf(highest, levels[p]);
  }
  for (uint32_t p = 0; p < n_points; ++p) {
    levels[p] = highest > 0.0f && levels[p] > 0.0f ? 20.0f * log10f(levels[p] / highest)
                                                   : LEAST_DB;
  }
}

/// Draw the peaks of an output; where there is room below 0, downwards too
static void
draw_peaks(Drawing* const         self,
           const DrawTrace* const trace,
           const uint32_t         out,
           const uint32_t         n_points)
{
  float* const frames = self->frames + (size_t)out * n_points * trace->n_peak;
  const Rows   rows   = rows_of(trace, out);
  find_peaks(frames, n_points, trace->n_peak);
  if (trace->is_db) {
    find_decibels(frames, n_points);
  }
  draw_frames(self, frames, n_points, 1, rows, true);
  if (trace->low < 0.0f && !trace->is_db) {
    for (uint32_t p = 0; p < n_points; ++p) {
      frames[p] = -frames[p];
    }
    draw_frames(self, frames, n_points, 1, rows, true);
  }
}

/// Run the model for a time whose frames nothing is drawn of
static void
skip(Drawing* const self, const DrawTrace* const trace)
{
  const double frames = floor(trace->skip_s * self->model.sample_rate + 0.5);
  uint32_t     left   = (uint32_t)fmin(fmax(frames, 0.0), DRAW_FRAMES);

  const ModelTake none = {NULL, 0, NULL, 0};
  model_run(&self->model, trace->signals, trace->n_signals, &none, left);
}

void
draw_trace(Drawing* const self, const DrawTrace* const trace)
{
  const uint32_t width    = (uint32_t)self->canvas.width;
  const uint32_t fitting  = DRAW_FRAMES / (trace->n_outs * (trace->n_peak + 1U));
  const uint32_t n_points = !trace->n_peak    ? TRACE_STEPS * width
                            : width < fitting ? width
                                              : fitting;
  const uint32_t n_frames = n_points * (trace->n_peak ? trace->n_peak : 1U);
  const double   rate     = n_frames / fmax(trace->length_s, 1e-6);
  if (!model_start(&self->model, rate, trace->outs, trace->n_outs)) {
    return;
  }

  skip(self, trace);
  const ModelTake take = {trace->outs, trace->n_outs, self->frames, n_frames};
  model_run(&self->model, trace->signals, trace->n_signals, &take, n_frames);
  for (uint32_t o = 0; trace->n_peak && o < trace->n_outs; ++o) {
    draw_peaks(self, trace, o, n_points);
  }
  if (!trace->n_peak) {
    draw_outs(self, trace, n_points, 1);
  }
}

void
draw_echoes(Drawing* const self,
            const uint32_t in_left,
            const uint32_t out_left,
            const double   length_s)
{
  const uint8_t    in      = (uint8_t)in_left;
  const uint8_t    outs[]  = {(uint8_t)out_left, (uint8_t)(out_left + 1U)};
  const DrawSignal pulse[] = {{in, DRAW_IMPULSE, 0.0f, 1.0f, 0.0},
                              {(uint8_t)(in + 1U), DRAW_IMPULSE, 0.0f, 1.0f, 0.0}};
  const DrawTrace  trace   = {.outs       = outs,
                              .n_outs     = 2,
                              .signals    = pulse,
                              .n_signals  = 2,
                              .length_s   = SHOWN_ECHOES * length_s,
                              .high       = 1.0f,
                              .is_stacked = true,
                              .n_peak     = ECHO_FRAMES};
  draw_trace(self, &trace);
  draw_number(self, length_s, "s");
}

void
draw_transfer(Drawing* const self, const DrawTrace* const trace)
{
  const uint32_t n_frames = TRANSFER_POINTS * TRANSFER_FRAMES;
  DrawSignal     ramp     = trace->signals[0];
  if (!model_start(&self->model, self->sample_rate, trace->outs, trace->n_outs)) {
    return;
  }

  ramp.kind     = DRAW_RAMP;
  ramp.length_s = n_frames / self->model.sample_rate;
  if (ramp.low < 0.0f && ramp.high > 0.0f) {
    drawing_grid_x(self, (double)(-ramp.low / (ramp.high - ramp.low)));
  }
  const ModelTake take = {trace->outs, trace->n_outs, self->frames, n_frames};
  model_run(&self->model, &ramp, 1, &take, n_frames);
  draw_outs(self, trace, TRANSFER_POINTS, TRANSFER_FRAMES);
}
