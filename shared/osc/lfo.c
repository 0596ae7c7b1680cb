// SPDX-License-Identifier: ISC

#include "osc/lfo.h"

#include "math/clamp.h"
#include "math/fast_math.h"

#include <stddef.h>

#define MAX_OCTAVES 40.0  ///< More than any frequency needs, few enough for no overflow
#define FULL_CYCLE 0x1p32 ///< In the unit of phases
#define LATE_S 0.005      ///< How far off a host may tell of a song that goes on

// ---- What leads

/// Find the step that clock or song lead to
static void
find_led_step(Lfo* const self)
{
  const LfoSettings* const settings = &self->settings;

  double cycles = 0.0;
  if (settings->speed == LFO_CLOCKED) {
    cycles = clock_sync_pace(&self->clock_in, clock_sync_ratio(settings->ratio));
  } else if (settings->speed == LFO_IN_TEMPO) {
    cycles =
      tempo_sync_pace(&self->song, tempo_sync_length(&self->song, settings->note));
  }

  self->led_step = phasor_step(cycles < self->max_step ? cycles : self->max_step);
}

/// Return true if the song says where in a cycle to be
static bool
is_placed(const Lfo* const self)
{
  return self->settings.speed == LFO_IN_TEMPO && tempo_sync_leads(&self->song);
}

static PhasorPosition
place_in_song(const Lfo* const self)
{
  return tempo_sync_place(&self->song, self->settings.note);
}

/// Go to where the song is, and forget resets
static void
jump_into_song(Lfo* const self)
{
  const PhasorPosition start = {0, 0};

  self->origin = start;
  phasor_jump(&self->cycle, place_in_song(self));
}

// ---- The count of a clock

/// Return true if a clock leads that has ticked
static inline bool
is_counted(const Lfo* const self)
{
  return self->settings.speed == LFO_CLOCKED && self->clock_in.has_ticked;
}

/// Return the number of the last tick, 0 if a reset waits for it
static int64_t
last_tick(const Lfo* const self)
{
  return self->clock_in.tick > 0 ? self->clock_in.tick : 0;
}

static void
find_limit(Lfo* const self)
{
  const ClockRatio ratio = clock_sync_ratio(self->settings.ratio);

  self->limit = clock_sync_place(last_tick(self) + 1, ratio);
}

/// Go to where a new ratio has it, which starts no cycle
static void
change_ratio(Lfo* const self)
{
  const ClockRatio     ratio  = clock_sync_ratio(self->settings.ratio);
  const double         cycles = (double)ratio.above / (double)ratio.below;
  const PhasorPosition way =
    phasor_place(clock_sync_progress(&self->clock_in) * cycles);
  const PhasorPosition place =
    phasor_sum(clock_sync_place(last_tick(self), ratio), way);

  phasor_reach(&self->cycle, place);
  self->cycle.begun = place.number;
  find_limit(self);
}

/**
   Return in how many frames the next tick is reached, at most `n_frames`.

   There are none where the end of the way to it is held.
*/
static uint32_t
frames_to_limit(const Lfo* const self, const uint64_t step, const uint32_t n_frames)
{
  const PhasorPosition left = phasor_distance(self->limit, self->cycle.next);
  if (left.number > 0 || (step == 0U && left.number == 0)) {
    return n_frames;
  }
  if (left.number < 0 || left.phase <= 1U) {
    return 0;
  }

  const uint64_t n = (left.phase - 1U) / step + 1U;
  return n < n_frames ? (uint32_t)n : n_frames;
}

/// Hold the end of the way to the next tick if that was reached
static void
keep_limit(Lfo* const self)
{
  static const PhasorPosition least = {0, 1};

  if (phasor_distance(self->cycle.next, self->limit).number >= 0) {
    phasor_reach(&self->cycle, phasor_distance(self->limit, least));
  }
}

void
lfo_set(Lfo* const self, const LfoSettings* const settings)
{
  const LfoSettings before = self->settings;
  const bool        is_new = settings->speed != before.speed;

  self->settings = *settings;
  if (is_new) {
    clock_sync_reset(&self->clock_in);
  }
  if (is_placed(self) && (is_new || settings->note != before.note)) {
    jump_into_song(self);
  }
  if (is_counted(self) && settings->ratio != before.ratio) {
    change_ratio(self);
  }
  find_led_step(self);
}

/// Return how far a host may be off that goes on, in 2^-64 cycles
static uint64_t
tolerance(const Lfo* const self)
{
  const double cycles = (double)self->led_step * 0x1p-64 * self->sample_rate * LATE_S;
  const double most   = (double)PHASOR_HALF * 0x1p-64;

  const uint64_t late =
    cycles < most ? (uint64_t)(cycles * FULL_CYCLE) << 32U : PHASOR_HALF;
  return late > PHASOR_NEAR ? late : PHASOR_NEAR;
}

void
lfo_set_transport(Lfo* const self, const Transport* const transport)
{
  const bool was_placed = is_placed(self);

  tempo_sync_set_transport(&self->song, transport);
  find_led_step(self);
  if (is_placed(self)) {
    const PhasorPosition place = phasor_distance(place_in_song(self), self->origin);
    if (!was_placed || !phasor_correct(&self->cycle, place, tolerance(self))) {
      jump_into_song(self);
    }
  }
}

// ---- Edges

static void
restart(Lfo* const self)
{
  phasor_restart(&self->cycle);
  clock_sync_restart(&self->clock_in);
  find_limit(self);
  if (is_placed(self)) {
    self->origin = place_in_song(self);
  }
}

static void
tick(Lfo* const self)
{
  const bool is_first = !self->clock_in.has_ticked;

  clock_sync_tick(&self->clock_in);
  const PhasorPosition place =
    clock_sync_place(self->clock_in.tick, clock_sync_ratio(self->settings.ratio));
  if (is_first || self->cycle.begun > place.number) {
    phasor_jump(&self->cycle, place);
  } else {
    phasor_reach(&self->cycle, place);
  }
  find_limit(self);
  find_led_step(self);
}

static inline float
volts_at(const float* const in, const uint32_t i)
{
  return in ? in[i] : 0.0f;
}

static inline bool
will_rise(const Gate* const gate, const float* const in, const uint32_t i)
{
  Gate next = *gate;

  return gate_next(&next, volts_at(in, i));
}

/// Return true if a gate stays as it is in all frames, of an input that may rest
static bool
is_steady(const Gate* const gate, const Signal in, const uint32_t n_frames)
{
  const uint32_t n = in.is_constant ? 1U : n_frames;

  return in.frame ? gate_steady_frames(gate, in.frame, n) == n : !gate->high;
}

/// Take the edges of frame `at`, and return the next frame with a rise, or `n_frames`
static uint32_t
take_edges(Lfo* const         self,
           const float* const reset,
           const float* const clock,
           const uint32_t     at,
           const uint32_t     n_frames)
{
  if (gate_next(&self->reset, volts_at(reset, at))) {
    restart(self);
  }
  if (gate_next(&self->clock, volts_at(clock, at))) {
    tick(self);
  }

  uint32_t i = at + 1U;
  while (i < n_frames && !will_rise(&self->reset, reset, i) &&
         !will_rise(&self->clock, clock, i)) {
    gate_next(&self->reset, volts_at(reset, i));
    gate_next(&self->clock, volts_at(clock, i));
    ++i;
  }
  return i;
}

// ---- Lifetime

void
lfo_init(Lfo* const self, const double sample_rate)
{
  const double max_step = LFO_MAX_HZ / sample_rate;

  self->sample_rate = sample_rate;
  self->frame_s     = 1.0 / sample_rate;
  self->max_step    = max_step < PHASOR_MAX_STEP ? max_step : PHASOR_MAX_STEP;
  tempo_sync_init(&self->song, sample_rate);
  gate_out_init(&self->trigger, sample_rate);
  lfo_reset(self);
}

void
lfo_reset(Lfo* const self)
{
  const LfoSettings    settings = {LFO_FREE, 0, 0};
  const PhasorPosition start    = {0, 0};
  const CycleStep      still    = {0, 0};
  const Gate           low      = {false};

  self->settings = settings;
  self->reset    = low;
  self->clock    = low;
  self->origin   = start;
  self->limit    = start;
  self->led_step = 0;
  self->own_hz   = 0.0;
  self->own_step = still;
  clock_sync_reset(&self->clock_in);
  tempo_sync_reset(&self->song);
  phasor_restart(&self->cycle);
  gate_out_reset(&self->trigger);
}

// ---- Own frequency

/// Return the frequency of the knob in a frame, exactly that of a knob at rest
static inline double
knob_hz(const LfoTuning* const tuning, const float rest_oct, const uint32_t i)
{
  const float oct = tuning->knob_oct[i];

  return oct == rest_oct ? tuning->rest_hz : fast_exp2((double)oct);
}

/// Learn the step of the knob at rest
static void
tune(Lfo* const self, const double freq_hz)
{
  if (freq_hz != self->own_hz) {
    self->own_hz   = freq_hz;
    self->own_step = freq_hz * self->frame_s < self->max_step
                       ? phasor_even_step(freq_hz, self->sample_rate)
                       : (CycleStep){phasor_step(self->max_step), 0};
  }
}

void
lfo_steps(Lfo* const             self,
          const LfoTuning* const tuning,
          uint64_t* const        step,
          const uint32_t         n_frames)
{
  tune(self, tuning->rest_hz);

  double hz[BLOCK_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    hz[i] = knob_hz(tuning, tuning->rest_oct, i);
  }

  if (tuning->cv_v) {
    double shift_oct[BLOCK_FRAMES];
    for (uint32_t i = 0; i < n_frames; ++i) {
      shift_oct[i] = clamp(
        (double)tuning->amount[i] * (double)tuning->cv_v[i], -MAX_OCTAVES, MAX_OCTAVES);
    }
    for (uint32_t i = 0; i < n_frames; ++i) {
      hz[i] *= fast_exp2(shift_oct[i]);
    }
  }

  const double   frame_s  = self->frame_s;
  const double   max_step = self->max_step;
  const double   rest_hz  = tuning->rest_hz;
  const uint64_t rest     = self->own_step.whole;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double   cycles = hz[i] * frame_s;
    const uint64_t moved  = phasor_step(cycles < max_step ? cycles : max_step);
    step[i]               = hz[i] == rest_hz ? rest : moved;
  }
}

// ---- Running

/// Write phases up to the end of the cycle, or of the way to a clock's next tick
static uint32_t
write_phases(Lfo* const            self,
             const uint64_t* const step,
             const bool            rests,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  static const uint64_t  still  = 0;
  static const CycleStep no_own = {0, 0};

  const CycleStep own = lfo_is_led(self) ? no_own : self->own_step;
  if (!is_counted(self)) {
    return phasor_write(&self->cycle, step, rests, own, phase, n_frames);
  }

  const uint32_t n_left = frames_to_limit(self, step[0], rests ? n_frames : 1U);
  if (n_left == 0U) {
    return phasor_write(&self->cycle, &still, true, no_own, phase, n_frames);
  }

  const uint32_t n = phasor_write(&self->cycle, step, true, own, phase, n_left);
  keep_limit(self);
  return n;
}

/// Run frames `start` to `end`, in which nothing rises
static void
run_span(Lfo* const             self,
         const LfoInputs* const in,
         LfoFrames* const       frames,
         float* const           trigger,
         const uint32_t         start,
         const uint32_t         end)
{
  const bool            rests = lfo_is_led(self) || in->step_is_constant;
  const uint64_t* const step  = lfo_is_led(self) ? &self->led_step : in->step;

  for (uint32_t at = start; at < end;) {
    gate_out_triggers(&self->trigger, phasor_begins(&self->cycle));

    const int64_t  number = self->cycle.next.number;
    const uint32_t n =
      write_phases(self, step + (rests ? 0U : at), rests, frames->phase + at, end - at);
    for (uint32_t i = 0; in->counts && i < n; ++i) {
      frames->number[at + i] = number;
    }
    gate_out_process(&self->trigger, NULL, trigger ? trigger + at : NULL, n);
    at += n;
  }

  clock_sync_pass(&self->clock_in, end - start);
  tempo_sync_pass(&self->song, end - start);
}

void
lfo_process(Lfo* const             self,
            const LfoInputs* const in,
            LfoFrames* const       frames,
            float* const           trigger,
            const uint32_t         n_frames)
{
  // A clock that does not count is not listened to
  static const Signal none  = {NULL, true};
  const Signal        clock = self->settings.speed == LFO_CLOCKED ? in->clock : none;

  if (is_steady(&self->reset, in->reset, n_frames) &&
      is_steady(&self->clock, clock, n_frames)) {
    run_span(self, in, frames, trigger, 0, n_frames);
    return;
  }

  uint32_t end = 0;
  for (uint32_t at = 0; at < n_frames; at = end) {
    end = take_edges(self, in->reset.frame, clock.frame, at, n_frames);
    run_span(self, in, frames, trigger, at, end);
  }
}
