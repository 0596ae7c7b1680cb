// SPDX-License-Identifier: ISC

#include "meter_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "level/peak_hold.h"
#include "level/statistics.h"
#include "level/tuner.h"
#include "signal/units.h"
#include "timing/tempo_meter.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static_assert((int)METER_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)METER_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1, "as in the Turtle");

#define A4_NOTE 69.0
#define C4_NOTE 60.0
#define HIGH_S 0.1 ///< For which a gate is shown at least

/// All that is shown, as of the last window
typedef struct {
  float level;
  float peak;
  float dc;
  float frequency;
  float note;
  float cents;
  float volts;
  float cv_note;
  float cv_cents;
} Readings;

typedef struct {
  double     sample_rate;
  uint64_t   n_window; ///< Frames of a window
  uint64_t   n_hold;   ///< Frames for which peaks are held
  double     a4_hz;
  ZeroVolt   zero_volt;
  uint32_t   n_ticks;  ///< Of a beat
  bool       is_reset; ///< Whether the button is down
  Statistics audio;    ///< Of the present window
  Statistics cv;       ///< The same
  Tuner      tuner;
  TempoMeter tempo;
  PeakHold   peak;
  PeakHold   lowest; ///< Times -1
  PeakHold   highest;
  uint32_t   n_clipped; ///< Up to what the port can show
  Readings   shown;
} Meter;

/// Forget what is held or counted
static void
clear(Meter* const self)
{
  self->peak       = (PeakHold){.holds = false};
  self->lowest     = (PeakHold){.holds = false};
  self->highest    = (PeakHold){.holds = false};
  self->n_clipped  = 0;
  self->shown.peak = meter_ports[METER_PEAK].minimum;
}

static void
reset(void* const state)
{
  Meter* const self = state;

  statistics_reset(&self->audio);
  statistics_reset(&self->cv);
  tuner_reset(&self->tuner);
  tempo_meter_reset(&self->tempo);
  self->is_reset = false;
  self->shown    = (Readings){.level = meter_ports[METER_LEVEL].minimum,
                              .note  = meter_ports[METER_NOTE].minimum};
  clear(self);
}

static void
init(void* const state, const double sample_rate)
{
  Meter* const self = state;

  self->sample_rate = sample_rate;
  tuner_init(&self->tuner, sample_rate);
  tempo_meter_init(&self->tempo, sample_rate);
  reset(self);
}

/// Return a time as frames, at least one
static uint64_t
frames_of(const Meter* const self, const double time_s)
{
  const double frames = time_s * self->sample_rate + 0.5;

  return frames < 1.0 ? 1U : (uint64_t)frames;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Meter* const self = state;

  self->is_reset  = choice(ports, METER_RESET);
  self->n_window  = frames_of(self, (double)control(ports, METER_WINDOW) * 1e-3);
  self->n_hold    = frames_of(self, (double)control(ports, METER_HOLD));
  self->a4_hz     = (double)control(ports, METER_A4);
  self->zero_volt = (ZeroVolt)choice(ports, METER_ZERO_VOLT);
  self->n_ticks   = (uint32_t)choice(ports, METER_TICKS);
  if (self->is_reset) {
    clear(self);
  }
}

// ---- Windows

/// Show the whole note next to a note, and the cents from there
static void
show_note(const double note, float* const whole, float* const cents)
{
  const double nearest = floor(note + 0.5);

  *whole = (float)nearest;
  *cents = (float)(100.0 * (note - nearest));
}

static void
show_audio(Meter* const self)
{
  const double power = statistics_power(&self->audio);
  const double hz    = tuner_read(&self->tuner);

  self->shown.level     = (float)(10.0 * log10(power + 1e-30));
  self->shown.peak      = (float)(20.0 * log10((double)self->peak.value + 1e-30));
  self->shown.dc        = (float)statistics_mean(&self->audio);
  self->shown.frequency = (float)hz;
  self->shown.note      = meter_ports[METER_NOTE].minimum;
  self->shown.cents     = 0.0f;
  if (hz > 0.0) {
    const double note = A4_NOTE + 12.0 * log2(hz / self->a4_hz);
    show_note(note, &self->shown.note, &self->shown.cents);
  }
}

static void
show_cv(Meter* const self)
{
  const double volts = statistics_mean(&self->cv);
  const double oct   = volts + zero_volt_oct(self->zero_volt);

  self->shown.volts = (float)volts;
  show_note(C4_NOTE + 12.0 * oct, &self->shown.cv_note, &self->shown.cv_cents);
}

static void
end_window(Meter* const self)
{
  const uint64_t n    = self->audio.n_frames;
  const float    low  = -statistics_lowest(&self->audio);
  const float    high = statistics_highest(&self->audio);
  const uint32_t max  = (uint32_t)meter_ports[METER_CLIPPED].maximum;

  if (self->is_reset) {
    clear(self);
  }
  self->n_clipped += statistics_beyond(&self->audio);
  self->n_clipped = self->n_clipped < max ? self->n_clipped : max;
  peak_hold_add(&self->peak, low > high ? low : high, n, self->n_hold);
  peak_hold_add(&self->lowest, -statistics_lowest(&self->cv), n, self->n_hold);
  peak_hold_add(&self->highest, statistics_highest(&self->cv), n, self->n_hold);
  show_audio(self);
  show_cv(self);
  statistics_reset(&self->audio);
  statistics_reset(&self->cv);
}

// ---- Ports

/// Show a value at an output control, as far as its range goes
static void
show(const Ports* const ports, const uint32_t index, const float value)
{
  const Port* const port  = &meter_ports[index];
  const float       above = value > port->minimum ? value : port->minimum;

  set_meter(ports, index, above < port->maximum ? above : port->maximum);
}

static void
show_all(const Meter* const self, const Ports* const ports)
{
  const Readings* const shown = &self->shown;
  const bool is_high = tempo_meter_was_high(&self->tempo, frames_of(self, HIGH_S));

  show(ports, METER_LEVEL, shown->level);
  show(ports, METER_PEAK, shown->peak);
  show(ports, METER_DC, shown->dc);
  show(ports, METER_CLIPPED, (float)self->n_clipped);
  show(ports, METER_FREQUENCY, shown->frequency);
  show(ports, METER_NOTE, shown->note);
  show(ports, METER_CENTS, shown->cents);
  show(ports, METER_VOLTS, shown->volts);
  show(ports, METER_LOWEST, 0.0f - self->lowest.value);
  show(ports, METER_HIGHEST, self->highest.value);
  show(ports, METER_CV_NOTE, shown->cv_note);
  show(ports, METER_CV_CENTS, shown->cv_cents);
  show(ports, METER_HIGH, is_high);
  show(ports, METER_TEMPO, (float)tempo_meter_read(&self->tempo, self->n_ticks));
}

/// Return how many frames are left in the window, at least one
static uint32_t
frames_left(const Meter* const self, const uint32_t n_frames)
{
  const uint64_t n    = self->audio.n_frames;
  const uint64_t left = n < self->n_window ? self->n_window - n : 1U;

  return left < n_frames ? (uint32_t)left : n_frames;
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Meter* const self = state;
  const Signal in   = signal_in(ports, METER_IN);
  const Signal cv   = signal_in(ports, METER_CV);

  memcpy(signal_out(ports, METER_OUT), in.frame, n_frames * sizeof(float));
  for (uint32_t i = 0; i < n_frames;) {
    const uint32_t n = frames_left(self, n_frames - i);
    statistics_add(&self->audio, signal_from(in, i), n);
    statistics_add(&self->cv, signal_from(cv, i), n);
    tuner_process(&self->tuner, signal_from(in, i), n);
    tempo_meter_process(&self->tempo, signal_from(cv, i), n);
    if (self->audio.n_frames >= self->n_window) {
      end_window(self);
    }
    i += n;
  }
  show_all(self, ports);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Meter);
}

// ---- Picture

#define LOW_DB (-60.0)
#define RANGE_DB 66.0
#define NOTE_OF_C4 60.0

/// Draw level, peak and voltage, with the note that is heard
static void
draw(Drawing* const drawing)
{
  const double level   = (draw_value(drawing, METER_LEVEL) - LOW_DB) / RANGE_DB;
  const double peak    = (draw_value(drawing, METER_PEAK) - LOW_DB) / RANGE_DB;
  const double volts   = draw_value(drawing, METER_VOLTS);
  const double note    = draw_value(drawing, METER_NOTE);
  const float  bars[]  = {(float)level, (float)peak};
  const bool   is_loud = draw_value(drawing, METER_PEAK) > LOW_DB;
  draw_bars(drawing, bars, 2, 0.0f, draw_value(drawing, METER_CLIPPED) > 0.0 ? 1 : -1);
  if (is_loud) {
    draw_number(drawing, draw_value(drawing, METER_PEAK), "dB");
  } else {
    draw_number(drawing, volts, "V");
  }
  if (note >= 0.0) {
    draw_note(drawing, (note - NOTE_OF_C4) / 12.0);
  }
}

static const View view = {.draw = draw};

const Plugin plugin = {
  .uri          = METER_URI,
  .ports        = meter_ports,
  .n_ports      = METER_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
