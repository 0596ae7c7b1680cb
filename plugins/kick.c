// SPDX-License-Identifier: ISC

#include "kick_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "drum/hits.h"
#include "drum/kick.h"
#include "signal/gain.h"
#include "signal/gate.h"
#include "signal/modulate.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>

#define KEY 36U ///< Of the drum map
#define KEY_2 35U
#define SEMITONES_PER_OCTAVE 12.0
#define DECAY_OCT_PER_VOLT 1.0

static_assert((int)KICK_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)KICK_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1, "as in the Turtle");

/// Knobs that glide
enum {
  TUNE, ///< Octaves above 1 Hz, at 0 V
  DECAY,
  DECAY_AMOUNT,
  SWEEP,
  SWEEP_TIME,
  HOLD,
  CLICK,
  TONE,
  DRIVE,
  LEVEL,
  ACCENT_AMOUNT,
  VARY,
  N_KNOBS
};

/// A note that waits for the next frame
typedef struct {
  bool   is_due;
  double accent;
  double pitch_oct;
} Note;

typedef struct {
  Knob     knob[N_KNOBS];
  Kick     kick;
  Gate     gate;
  Note     note;
  uint32_t n_hits;
  uint32_t seed;
  uint32_t channel;
  bool     takes_all_keys;
  double   zero_oct; ///< Pitch of 0 V, which keys do not go by
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  kick_reset(&self->kick);
  self->gate.high   = false;
  self->note.is_due = false;
  self->n_hits      = 0;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  kick_init(&self->kick, sample_rate);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const  self      = state;
  Knob* const    knob      = self->knob;
  const ZeroVolt zero_volt = (ZeroVolt)choice(ports, KICK_ZERO_VOLT);

  self->zero_oct = zero_volt_oct(zero_volt);
  knob_set(&knob[TUNE], log2((double)control(ports, KICK_TUNE)) + self->zero_oct);
  knob_set(&knob[DECAY], log2((double)control(ports, KICK_DECAY)));
  knob_set(&knob[DECAY_AMOUNT], (double)control(ports, KICK_DECAY_AMOUNT));
  knob_set(&knob[TONE], log2((double)control(ports, KICK_TONE)));
  knob_set(&knob[DRIVE], drum_drive_oct((double)control(ports, KICK_DRIVE)));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, KICK_LEVEL)));
  knob_set(&knob[SWEEP], (double)control(ports, KICK_SWEEP));
  knob_set(&knob[SWEEP_TIME], log2((double)control(ports, KICK_SWEEP_TIME)));
  knob_set(&knob[HOLD], (double)control(ports, KICK_HOLD));
  knob_set(&knob[CLICK], 0.01 * (double)control(ports, KICK_CLICK));
  knob_set(&knob[ACCENT_AMOUNT], (double)control(ports, KICK_ACCENT_AMOUNT));
  knob_set(&knob[VARY], 0.01 * (double)control(ports, KICK_VARY));
  self->seed           = (uint32_t)choice(ports, KICK_SEED);
  self->channel        = (uint32_t)choice(ports, KICK_CHANNEL);
  self->takes_all_keys = choice(ports, KICK_KEYS) == KICK_KEYS_ALL_KEYS;
}

/// Start a hit with frame `i`, by knobs as they are there
static void
hit(Module* const self, const uint32_t i, const double accent, const double key_oct)
{
  const Knob* const knob  = self->knob;
  const HitKnobs    knobs = {.accent_db = (double)knob[ACCENT_AMOUNT].value[i],
                             .vary      = (double)knob[VARY].value[i],
                             .seed      = self->seed};
  const Hit         hit   = hit_at(&knobs, self->n_hits++, accent);
  const KickHit     next  = {.level     = hit.level,
                             .pitch_oct = hit.pitch_oct + key_oct,
                             .sweep_oct = (double)knob[SWEEP].value[i],
                             .sweep_s   = exp2((double)knob[SWEEP_TIME].value[i]),
                             .hold_s    = (double)knob[HOLD].value[i],
                             .click     = (double)knob[CLICK].value[i],
                             .seed      = hit.seed};
  kick_hit(&self->kick, &next);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Module* const self = state;

  HitNote note;
  if (!hit_note(self->channel, bytes, size, &note)) {
    return;
  }

  const bool   is_ours = note.key == KEY || note.key == KEY_2;
  const double key_oct = ((double)note.key - KEY) / SEMITONES_PER_OCTAVE;
  if (self->takes_all_keys || is_ours) {
    const double pitch_oct = (self->takes_all_keys ? key_oct : 0.0) - self->zero_oct;
    self->note             = (Note){true, note.accent, pitch_oct};
  }
}

/// Write `out`, and start a hit with a note and where the trigger rises
static void
play(Module* const           self,
     const Ports* const      ports,
     const KickInputs* const inputs,
     float* const            out,
     const uint32_t          n_frames)
{
  const Signal trigger = signal_in(ports, KICK_TRIGGER);
  const Signal accent  = signal_in(ports, KICK_ACCENT);

  if (self->note.is_due) {
    hit(self, 0, self->note.accent, self->note.pitch_oct);
    self->note.is_due = false;
  }
  for (uint32_t i = 0; i < n_frames;) {
    const uint32_t n = gate_steady_frames(&self->gate, trigger.frame + i, n_frames - i);
    const KickInputs rest = {inputs->pitch_oct + i,
                             inputs->decay_oct + i,
                             inputs->tone_oct + i,
                             inputs->drive_oct + i};
    kick_process(&self->kick, &rest, out + i, n);
    i += n;
    if (i < n_frames && gate_next(&self->gate, trigger.frame[i])) {
      hit(self, i, (double)(signal_at(accent, i) / CV_MAX_V), 0.0);
    }
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  static const Range any_pitch = {-20.0, 20.0};
  static const Range any_decay = {DECAY_MIN_OCT, DECAY_MAX_OCT};

  Module* const self = state;
  Knob* const   knob = self->knob;
  float* const  out  = signal_out(ports, KICK_OUT);
  knobs_process(knob, N_KNOBS, n_frames);

  double       pitch_oct[BLOCK_FRAMES];
  double       decay_oct[BLOCK_FRAMES];
  const Signal pitch = signal_in(ports, KICK_PITCH);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double sum = (double)knob[TUNE].value[i] + (double)signal_at(pitch, i);
    pitch_oct[i]     = range_clamp(any_pitch, sum);
  }
  modulate(&knob[DECAY],
           &knob[DECAY_AMOUNT],
           signal_in(ports, KICK_DECAY_CV),
           DECAY_OCT_PER_VOLT,
           any_decay,
           decay_oct,
           n_frames);

  const KickInputs inputs = {pitch_oct, decay_oct, knob[TONE].value, knob[DRIVE].value};
  play(self, ports, &inputs, out, n_frames);
  gain_scale(knob[LEVEL].value, out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("gate", Module, gate, Gate),
  CARRY("note", Module, note, Note),
  CARRY("n_hits", Module, n_hits, uint32_t),
  CARRY("kick", Module, kick, Kick),
};

// ---- Picture

static const uint8_t watched[] = {KICK_PITCH, KICK_DECAY_CV};

/// Draw one hit
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {KICK_OUT};

  const double length_s =
    draw_value(drawing, KICK_HOLD) + draw_value(drawing, KICK_DECAY);
  const DrawSignal trigger = {KICK_TRIGGER, DRAW_GATE, 0.0f, 10.0f, 0.01};
  const DrawTrace  trace   = {.outs      = outs,
                              .n_outs    = 1,
                              .signals   = &trigger,
                              .n_signals = 1,
                              .length_s  = length_s,
                              .low       = -1.0f,
                              .high      = 1.0f,
                              .n_peak    = 32};
  draw_trace(drawing, &trace);
  draw_number(drawing, length_s, "s");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = KICK_URI,
  .ports        = kick_ports,
  .n_ports      = KICK_N_PORTS,
  .forms        = kick_forms,
  .n_forms      = KICK_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  CARRIED(carried),
  .view = &view,
};
