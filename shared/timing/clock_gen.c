// SPDX-License-Identifier: ISC

#include "timing/clock_gen.h"

#include "math/clamp.h"
#include "math/fast_math.h"
#include "signal/fill.h"
#include "signal/steady.h"
#include "timing/clock_place.h"

#include <math.h>
#include <stddef.h>

#define SECONDS_PER_MINUTE 60.0
#define QUARTERS 4.0          ///< Of a note, and of a bar without a host's
#define NEAR_S 1e-3           ///< Clock and reset are one event if they are closer
#define MAX_BANDWIDTH 0.08    ///< Of the loop, with the least smoothing
#define SMOOTHING_OCTAVES 4.0 ///< From there to the most
#define SNAP_FRAMES 0.5       ///< So far off, a tick is where it came

// MIDI's messages
#define MIDI_SONG_POSITION 0xf2U
#define MIDI_CLOCK 0xf8U
#define MIDI_START 0xfaU
#define MIDI_CONTINUE 0xfbU
#define MIDI_STOP 0xfcU
#define CLOCKS_PER_POSITION 6

// ---- Tempo

/// Set the tempo that is shown from a step of the line
static void
show_tempo(ClockGen* const self, const double beats_per_minute)
{
  if (beats_per_minute > 0.0) {
    const double oct = log2(beats_per_minute / CLOCK_ZERO_TEMPO);
    self->tempo_oct  = (float)clamp(oct, CLOCK_MIN_OCT, CLOCK_MAX_OCT);
  }
}

/// Show the tempo of the song, 120 before a host has told one
static void
show_song(ClockGen* const self)
{
  show_tempo(self, (double)self->song.step / self->song.tempo_unit);
}

/// Set the tempo of the knob, moved by volts
static void
set_tempo(ClockGen* const self, const float volts)
{
  const double moved = (double)self->settings.tempo_amount * (double)volts;
  const double least = CLOCK_MIN_OCT - (double)self->rest_oct;
  const double most  = CLOCK_MAX_OCT - (double)self->rest_oct;
  const double oct   = clamp(moved, least, most);
  const double rest  = (double)self->settings.beats_per_minute;

  self->tempo_v = volts;
  self->tempo_oct =
    (float)clamp((double)self->rest_oct + oct, CLOCK_MIN_OCT, CLOCK_MAX_OCT);
  timeline_set_tempo(&self->own, (float)(rest * fast_exp2(oct)));
}

/// Set the swing of the knob, moved by volts
static void
set_swing(ClockGen* const self, const float volts)
{
  const ClockSettings* const settings = &self->settings;
  Timeline* const            line     = clock_line_of(self);
  const uint32_t             before   = line->swing;
  const uint32_t             n_units  = line->swing_units;

  self->swing_v = volts;
  timeline_set_swing(line,
                     settings->swing + CLOCK_SWING_PER_VOLT * (double)volts,
                     settings->swing_units);
  for (uint32_t o = 0;
       (line->swing != before || line->swing_units != n_units) && o < CLOCK_OUTS;
       ++o) {
    clock_out_bend(&self->out[o], line);
  }
}

// ---- A source that ticks

static uint64_t
tick_units(const ClockGen* const self)
{
  return self->own.beat_units / self->ticks;
}

static TimelinePlace
place_of_tick(const ClockGen* const self, const int64_t tick)
{
  const int64_t n    = (int64_t)self->ticks;
  const int64_t beat = tick / n - (tick % n < 0);

  return (TimelinePlace){beat, (uint64_t)(tick - beat * n) * tick_units(self)};
}

/// Set the step of the line such that no tick is late by what is rounded off
static void
set_period(ClockGen* const self, const double frames)
{
  const double units = (double)tick_units(self);
  const double most  = (double)self->own.beat_units * 16.0;

  self->own.step = frames > 0.0 ? (uint64_t)clamp(ceil(units / frames), 1.0, most) : 0U;
  if (frames > 0.0) {
    const double minutes = frames / self->sample_rate / SECONDS_PER_MINUTE;
    show_tempo(self, 1.0 / (minutes * self->ticks));
  }
}

/// Put the line where the last tick is, and set how far it may go
static void
lead_line(ClockGen* const self)
{
  const bool          is_smooth = self->settings.smoothing > 0.0;
  const double        late      = is_smooth ? self->loop.late : 0.0;
  const int64_t       ahead     = is_smooth && self->settings.source == CLOCK_MIDI;
  const TimelinePlace place     = place_of_tick(self, self->tick);
  const double        off       = fabs(late) < SNAP_FRAMES ? 0.0 : late;
  const double        units     = off * (double)self->own.step;

  self->own.place = timeline_place_after(&self->own, place, -(int64_t)units);
  self->limit =
    timeline_place_after(&self->own, place_of_tick(self, self->tick + 1 + ahead), -1);
}

/// Take a tick of the source with the next frame
static void
take_tick(ClockGen* const self)
{
  const double smoothing = self->settings.smoothing;
  const double bandwidth = MAX_BANDWIDTH * exp2(-SMOOTHING_OCTAVES * smoothing);

  clock_sync_tick(&self->sync);
  clock_loop_tick(&self->loop, bandwidth);
  set_period(self, smoothing > 0.0 ? self->loop.period : self->sync.period);
  if (!self->runs) {
    return;
  }

  ++self->tick;
  self->is_armed = false;
  timeline_run(&self->own, true);
  lead_line(self);
}

/// Forget the ticks of another source, and wait for the first of this
static void
change_source(ClockGen* const self)
{
  const double beats = timeline_beats(&self->own);

  clock_sync_reset(&self->sync);
  clock_loop_reset(&self->loop);
  self->ticks =
    self->settings.source == CLOCK_MIDI ? CLOCK_MIDI_TICKS : self->settings.cable_ticks;
  self->tick = (int64_t)ceil(beats * self->ticks) - 1;
  if (clock_is_host(self)) {
    clock_find_song_bar(self);
    clock_enter_song(self);
    show_song(self);
  } else {
    self->origin = (TimelinePlace){0, 0};
    clock_find_ticks(self, &self->own, self->own.place);
    clock_find_bar(self);
  }
  self->is_armed = clock_is_ticked(self);
}

// ---- Lifetime

void
clock_gen_init(ClockGen* const self, const double sample_rate)
{
  const uint32_t near_frames = (uint32_t)lround(NEAR_S * sample_rate);

  self->sample_rate = sample_rate;
  self->near_frames = near_frames > 0U ? near_frames : 1U;
  clock_gen_reset(self);
}

void
clock_gen_reset(ClockGen* const self)
{
  const double   sample_rate = self->sample_rate;
  const uint32_t near_frames = self->near_frames;

  *self = (ClockGen){.sample_rate = sample_rate,
                     .near_frames = near_frames,
                     .ticks       = CLOCK_MIDI_TICKS,
                     .own_bars    = {.beats = QUARTERS, .last_beats = -HUGE_VAL},
                     .song_bars   = {.beats = QUARTERS, .last_beats = -HUGE_VAL}};
  timeline_init(&self->song, sample_rate);
  timeline_init(&self->own, sample_rate);
  clock_sync_reset(&self->sync);
  clock_loop_reset(&self->loop);
  gate_out_init(&self->reset_out, sample_rate);
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    clock_out_init(&self->out[o], sample_rate);
  }
}

// ---- Settings

static void
set_outs(ClockGen* const self)
{
  const Timeline* const line = clock_line_of(self);
  const TimelinePlace   here =
    clock_place_of_outs(self, line, clock_shifted_place(self, line));

  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    clock_out_set(&self->out[o], line, here, &self->settings.out[o]);
  }
}

void
clock_gen_set(ClockGen* const self, const ClockSettings* const settings)
{
  const ClockSettings before = self->settings;
  const bool          is_new =
    !self->is_set || before.source != settings->source ||
    (before.cable_ticks != settings->cable_ticks && settings->source == CLOCK_CABLE);

  self->settings = *settings;
  self->is_set   = true;
  self->rest_oct = (float)log2((double)settings->beats_per_minute / CLOCK_ZERO_TEMPO);
  set_swing(self, self->swing_v);
  set_outs(self);
  if (is_new) {
    change_source(self);
  }
  if (settings->source == CLOCK_INTERNAL) {
    set_tempo(self, self->tempo_v);
  }
  clock_find_running(self);
}

// ---- Events

void
clock_gen_transport(ClockGen* const self, const Transport* const transport)
{
  const unsigned events = timeline_follow(&self->song, transport);
  const bool     jumps  = (events & TIMELINE_JUMPS) != 0U;
  const bool     starts = (events & TIMELINE_STARTS) != 0U;

  clock_follow_bars(self, transport, jumps || starts);
  if (!clock_is_host(self)) {
    return;
  }

  const bool ran = self->runs;
  clock_find_running(self);
  if (ran && self->runs && jumps) {
    clock_enter_song(self);
    if (self->settings.reset_when == CLOCK_RESET_START_AND_JUMPS) {
      gate_out_triggers(&self->reset_out, 1);
    }
  }
  show_song(self);
}

/// Go to a place in the song of MIDI's, which moves on with the next clock
static void
take_position(ClockGen* const self, const uint8_t* const bytes)
{
  const int64_t clocks = CLOCKS_PER_POSITION * (bytes[1] + 128 * (int64_t)bytes[2]);

  if (self->tick != clocks - 1 &&
      self->settings.reset_when == CLOCK_RESET_START_AND_JUMPS) {
    gate_out_triggers(&self->reset_out, 1);
  }
  self->tick = clocks - 1;
  clock_go_to(self, place_of_tick(self, clocks));
  clock_arm(self);
}

void
clock_gen_midi(ClockGen* const self, const uint8_t* const bytes, const uint32_t size)
{
  const bool is_midi = self->settings.source == CLOCK_MIDI;

  if (bytes[0] == MIDI_START || bytes[0] == MIDI_CONTINUE || bytes[0] == MIDI_STOP) {
    self->midi_runs = bytes[0] != MIDI_STOP;
  }
  if (!is_midi) {
    return;
  }

  if (bytes[0] == MIDI_CLOCK) {
    take_tick(self);
  } else if (bytes[0] == MIDI_START) {
    clock_gen_restart(self);
  } else if (bytes[0] == MIDI_CONTINUE) {
    clock_arm(self);
  } else if (bytes[0] == MIDI_STOP) {
    clock_find_running(self);
  } else if (bytes[0] == MIDI_SONG_POSITION && size == 3U) {
    take_position(self, bytes);
  }
}

// ---- Running

/// Take a reset and a tick of a cable
static void
take_cable(ClockGen* const self, const bool resets, const bool ticks)
{
  const bool is_late =
    resets && !ticks && !self->is_armed && self->loop.since < self->near_frames;

  if (resets) {
    clock_gen_restart(self);
  }
  if (is_late && self->runs) {
    self->tick     = 0;
    self->is_armed = false;
    timeline_run(&self->own, true);
    lead_line(self);
  }
  if (ticks) {
    take_tick(self);
  }
}

/// Take the edges of frame `at`
static void
take_edges(ClockGen* const self, const ClockInputs* const in, const uint32_t at)
{
  const bool ran = self->run.high;
  gate_next(&self->run, signal_at(in->run, at));
  if (self->run.high != ran) {
    clock_find_running(self);
  }

  const bool resets = gate_next(&self->reset, signal_at(in->reset, at));
  const bool ticks  = gate_next(&self->clock, signal_at(in->clock, at));
  if (self->settings.source == CLOCK_CABLE) {
    take_cable(self, resets, ticks);
  } else if (resets) {
    clock_gen_restart(self);
  }
}

/// Take the voltages of frame `at`
static void
take_volts(ClockGen* const self, const ClockInputs* const in, const uint32_t at)
{
  const float tempo_v = signal_at(in->tempo, at);
  const float swing_v = signal_at(in->swing, at);

  if (self->settings.source == CLOCK_INTERNAL && tempo_v != self->tempo_v) {
    set_tempo(self, tempo_v);
  }
  if (swing_v != self->swing_v) {
    set_swing(self, swing_v);
  }
}

/// Return how many frames from `at` on bring nothing new
static uint32_t
quiet_frames(const ClockGen* const    self,
             const ClockInputs* const in,
             const uint32_t           at,
             const uint32_t           n_frames)
{
  const bool     is_own = self->settings.source == CLOCK_INTERNAL;
  const uint32_t n_tempo =
    is_own ? steady_value_frames(in->tempo, at, n_frames) : n_frames;
  const uint32_t n_swing = steady_value_frames(in->swing, at, n_tempo);
  const uint32_t n_run   = steady_gate_frames(&self->run, in->run, at, n_swing);
  const uint32_t n_reset = steady_gate_frames(&self->reset, in->reset, at, n_run);

  return steady_gate_frames(&self->clock, in->clock, at, n_reset);
}

/// Return true if the line waits for the next tick of its source
static bool
is_held(const ClockGen* const self)
{
  return clock_is_ticked(self) && !timeline_is_before(self->own.place, self->limit);
}

/// Let frames go by
static void
pass(ClockGen* const self, const uint32_t n_frames)
{
  timeline_pass(&self->song, n_frames);
  timeline_pass(&self->own, n_frames);
  if (clock_is_ticked(self)) {
    self->own.place =
      self->own.is_running && is_held(self) ? self->limit : self->own.place;
    clock_sync_pass(&self->sync, n_frames);
    clock_loop_pass(&self->loop, n_frames);
  }
}

/// Start and end pulses in the next frame, and return the frames to where that is next
static uint32_t
take_place(ClockGen* const self, const uint32_t n_frames)
{
  const Timeline* const  line    = clock_line_of(self);
  const ClockBars* const bars    = clock_bars_of(self);
  const TimelinePlace    shifted = clock_shifted_place(self, line);
  const TimelinePlace    here    = clock_place_of_outs(self, line, shifted);
  if (!self->runs || !line->is_running) {
    return n_frames;
  }

  clock_take_bars(self, line, shifted);
  uint64_t units = timeline_units(line, shifted, bars->next);
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    clock_out_take(&self->out[o], line, here);
    const uint64_t to = clock_out_units(&self->out[o], line, here);
    units             = to < units ? to : units;
  }
  if (line->step == 0U || is_held(self) || units > n_frames * line->step) {
    return n_frames;
  }
  const uint64_t n = units > 0U ? (units - 1U) / line->step + 1U : 1U;
  return n < n_frames ? (uint32_t)n : n_frames;
}

/// Write frames that nothing happens in but in the first
static void
write_frames(ClockGen* const           self,
             const ClockOutputs* const out,
             const uint32_t            at,
             const uint32_t            n_frames)
{
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    clock_out_write(&self->out[o], out->out[o] ? out->out[o] + at : NULL, n_frames);
  }
  gate_out_process(
    &self->reset_out, NULL, out->reset ? out->reset + at : NULL, n_frames);
  if (out->run) {
    gate_write(out->run + at, self->runs, n_frames);
  }
  if (out->tempo) {
    fill_frames(out->tempo + at, self->tempo_oct, n_frames);
  }
}

void
clock_gen_process(ClockGen* const           self,
                  const ClockInputs* const  in,
                  const ClockOutputs* const out,
                  const uint32_t            n_frames)
{
  for (uint32_t at = 0; at < n_frames;) {
    take_edges(self, in, at);
    take_volts(self, in, at);
    const uint32_t end = at + 1U + quiet_frames(self, in, at + 1U, n_frames - at - 1U);
    while (at < end) {
      const uint32_t n = take_place(self, end - at);
      write_frames(self, out, at, n);
      pass(self, n);
      at += n;
    }
  }
}
