// SPDX-License-Identifier: ISC

#include "hat_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "drum/hat.h"
#include "drum/hits.h"
#include "signal/gain.h"
#include "signal/gate.h"
#include "signal/modulate.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>

#define CLOSED_KEY 42U ///< Of the drum map
#define PEDAL_KEY 44U
#define OPEN_KEY 46U
#define DECAY_OCT_PER_VOLT 1.0

static_assert((int)HAT_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)HAT_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1, "as in the Turtle");

/// Knobs that glide
enum {
  TUNE, ///< Octaves above 1 Hz, at 0 V
  DECAY,
  DECAY_AMOUNT,
  OPEN_DECAY,
  SPREAD,
  METAL,
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
  bool   is_open;
} Note;

typedef struct {
  Knob     knob[N_KNOBS];
  Hat      hat;
  Gate     gate;      ///< Of a closed hat
  Gate     open_gate; ///< Of an open one
  Note     note;
  uint32_t n_hits;
  uint32_t seed;
  uint32_t channel;
  double   zero_oct; ///< Pitch of 0 V, which keys do not go by
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  hat_reset(&self->hat);
  self->gate.high      = false;
  self->open_gate.high = false;
  self->note.is_due    = false;
  self->n_hits         = 0;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  hat_init(&self->hat, sample_rate);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const  self      = state;
  Knob* const    knob      = self->knob;
  const ZeroVolt zero_volt = (ZeroVolt)choice(ports, HAT_ZERO_VOLT);

  self->zero_oct = zero_volt_oct(zero_volt);
  knob_set(&knob[TUNE], log2((double)control(ports, HAT_TUNE)) + self->zero_oct);
  knob_set(&knob[DECAY], log2((double)control(ports, HAT_DECAY)));
  knob_set(&knob[DECAY_AMOUNT], (double)control(ports, HAT_DECAY_AMOUNT));
  knob_set(&knob[TONE], log2((double)control(ports, HAT_TONE)));
  knob_set(&knob[DRIVE], drum_drive_oct((double)control(ports, HAT_DRIVE)));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, HAT_LEVEL)));
  knob_set(&knob[OPEN_DECAY], log2((double)control(ports, HAT_OPEN_DECAY)));
  knob_set(&knob[SPREAD], 0.01 * (double)control(ports, HAT_SPREAD));
  knob_set(&knob[METAL], 0.01 * (double)control(ports, HAT_METAL));
  knob_set(&knob[ACCENT_AMOUNT], (double)control(ports, HAT_ACCENT_AMOUNT));
  knob_set(&knob[VARY], 0.01 * (double)control(ports, HAT_VARY));
  self->seed    = (uint32_t)choice(ports, HAT_SEED);
  self->channel = (uint32_t)choice(ports, HAT_CHANNEL);
}

/// Start a hit with frame `i`, by knobs as they are there
static void
hit(Module* const  self,
    const uint32_t i,
    const double   accent,
    const bool     is_open,
    const double   pitch_oct)
{
  const Knob* const knob  = self->knob;
  const HitKnobs    knobs = {.accent_db = (double)knob[ACCENT_AMOUNT].value[i],
                             .vary      = (double)knob[VARY].value[i],
                             .seed      = self->seed};
  const Hit         hit   = hit_at(&knobs, self->n_hits++, accent);
  const HatHit      next  = {.level     = hit.level,
                             .pitch_oct = hit.pitch_oct + pitch_oct,
                             .spread    = (double)knob[SPREAD].value[i],
                             .is_open   = is_open,
                             .seed      = hit.seed};
  hat_hit(&self->hat, &next);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Module* const self = state;

  HitNote note;
  if (!hit_note(self->channel, bytes, size, &note)) {
    return;
  }

  const bool is_open   = note.key == OPEN_KEY;
  const bool is_closed = note.key == CLOSED_KEY || note.key == PEDAL_KEY;
  const bool is_choked = self->note.is_due && !self->note.is_open;
  if (is_closed || (is_open && !is_choked)) {
    self->note = (Note){true, note.accent, is_open};
  }
}

/// Take frame `i` of both triggers; where both rise, the hat is closed
static void
take_triggers(Module* const self, const Ports* const ports, const uint32_t i)
{
  const bool closes =
    gate_next(&self->gate, signal_at(signal_in(ports, HAT_TRIGGER), i));
  const bool opens =
    gate_next(&self->open_gate, signal_at(signal_in(ports, HAT_OPEN), i));
  if (closes || opens) {
    const float accent_v = signal_at(signal_in(ports, HAT_ACCENT), i);
    hit(self, i, (double)(accent_v / CV_MAX_V), !closes, 0.0);
  }
}

/// Write `out`, and start a hit with a note and where a trigger rises
static void
play(Module* const          self,
     const Ports* const     ports,
     const HatInputs* const inputs,
     float* const           out,
     const uint32_t         n_frames)
{
  const Signal closed = signal_in(ports, HAT_TRIGGER);
  const Signal open   = signal_in(ports, HAT_OPEN);

  if (self->note.is_due) {
    hit(self, 0, self->note.accent, self->note.is_open, -self->zero_oct);
    self->note.is_due = false;
  }
  for (uint32_t i = 0; i < n_frames;) {
    const uint32_t until =
      gate_steady_frames(&self->gate, closed.frame + i, n_frames - i);
    const uint32_t  n    = gate_steady_frames(&self->open_gate, open.frame + i, until);
    const HatInputs rest = {inputs->pitch_oct + i,
                            inputs->decay_oct + i,
                            inputs->open_decay_oct + i,
                            inputs->metal + i,
                            inputs->tone_oct + i,
                            inputs->drive_oct + i};
    hat_process(&self->hat, &rest, out + i, n);
    i += n;
    if (i < n_frames) {
      take_triggers(self, ports, i);
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
  float* const  out  = signal_out(ports, HAT_OUT);
  knobs_process(knob, N_KNOBS, n_frames);

  double       pitch_oct[BLOCK_FRAMES];
  double       decay_oct[BLOCK_FRAMES];
  double       open_decay_oct[BLOCK_FRAMES];
  const Signal pitch = signal_in(ports, HAT_PITCH);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double sum = (double)knob[TUNE].value[i] + (double)signal_at(pitch, i);
    pitch_oct[i]     = range_clamp(any_pitch, sum);
  }
  modulate(&knob[DECAY],
           &knob[DECAY_AMOUNT],
           signal_in(ports, HAT_DECAY_CV),
           DECAY_OCT_PER_VOLT,
           any_decay,
           decay_oct,
           n_frames);

  modulate(&knob[OPEN_DECAY],
           &knob[DECAY_AMOUNT],
           signal_in(ports, HAT_DECAY_CV),
           DECAY_OCT_PER_VOLT,
           any_decay,
           open_decay_oct,
           n_frames);

  const HatInputs inputs = {pitch_oct,
                            decay_oct,
                            open_decay_oct,
                            knob[METAL].value,
                            knob[TONE].value,
                            knob[DRIVE].value};
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
  CARRY("open_gate", Module, open_gate, Gate),
  CARRY("note", Module, note, Note),
  CARRY("n_hits", Module, n_hits, uint32_t),
  CARRY("hat", Module, hat, Hat),
};

// ---- Picture

static const uint8_t watched[] = {HAT_PITCH, HAT_DECAY_CV};

/// Draw one hit
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {HAT_OUT};

  const double     length_s = draw_value(drawing, HAT_OPEN_DECAY);
  const DrawSignal trigger  = {HAT_OPEN, DRAW_GATE, 0.0f, 10.0f, 0.01};
  const DrawTrace  trace    = {.outs      = outs,
                               .n_outs    = 1,
                               .signals   = &trigger,
                               .n_signals = 1,
                               .length_s  = length_s,
                               .low       = -0.4f,
                               .high      = 0.4f,
                               .n_peak    = 60};
  draw_trace(drawing, &trace);
  draw_number(drawing, length_s, "s");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = HAT_URI,
  .ports        = hat_ports,
  .n_ports      = HAT_N_PORTS,
  .forms        = hat_forms,
  .n_forms      = HAT_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  CARRIED(carried),
  .view = &view,
};
