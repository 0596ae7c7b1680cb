// SPDX-License-Identifier: ISC

#include "tuning/quantizer.h"

#include "signal/fill.h"

#include <math.h>
#include <string.h>

/// Drop all notes, so that they are decided on anew
static void
drop_notes(Quantizer* const self)
{
  held_note_drop(&self->degrees);
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    held_note_drop(&self->voice[v].note);
  }
  self->is_new = true;
}

void
quantizer_init(Quantizer* const self, const double sample_rate)
{
  memset(self, 0, sizeof(*self));
  self->sample_rate = sample_rate;
  scale_set(&self->scale, SCALE_CHROMATIC);
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    gate_out_init(&self->voice[v].changed, sample_rate);
  }
  quantizer_reset(self);
}

void
quantizer_reset(Quantizer* const self)
{
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    const GateOut changed = self->voice[v].changed;

    self->voice[v] = (QuantizerVoice){.changed = changed};
    gate_out_reset(&self->voice[v].changed);
  }
  self->trigger   = (Gate){false};
  self->has_held  = false;
  self->degrees_v = 0.0f;
  self->shift     = 0;
  drop_notes(self);
}

void
quantizer_set_scale(Quantizer* const self, const Scale* const scale)
{
  self->scale = *scale;
  drop_notes(self);
}

/// Return true if some pitch may be another note with knobs than with others
static bool
decides_otherwise(const QuantizerKnobs* const a, const QuantizerKnobs* const b)
{
  return a->input_as != b->input_as || a->rule.rounding != b->rule.rounding ||
         a->rule.hysteresis_oct != b->rule.hysteresis_oct ||
         a->root_oct != b->root_oct || a->zero_oct != b->zero_oct;
}

void
quantizer_set(Quantizer* const self, const QuantizerKnobs* const knobs)
{
  if (decides_otherwise(knobs, &self->knobs)) {
    drop_notes(self);
  }
  self->knobs  = *knobs;
  self->is_new = true;
}

void
quantizer_set_root(Quantizer* const self, const double root_oct)
{
  QuantizerKnobs knobs = self->knobs;

  knobs.root_oct = root_oct;
  quantizer_set(self, &knobs);
}

// ---- Triggers

/// The frames in which the trigger rises
typedef struct {
  uint32_t n;
  uint16_t at[BLOCK_FRAMES];
} Rises;

/// Return the next frame from `start` on that may turn the trigger, or `n_frames`
static uint32_t
next_edge(const Gate* const self,
          const Signal      trigger,
          const uint32_t    start,
          const uint32_t    n_frames)
{
  if (signal_is_constant(trigger)) {
    return start == 0U ? 0U : n_frames;
  }

  return start + gate_steady_frames(self, trigger.frame + start, n_frames - start);
}

/// List what triggers come; the very first frame counts as one
static void
find_rises(Quantizer* const self,
           const Signal     trigger,
           Rises* const     rises,
           const uint32_t   n_frames)
{
  rises->n = 0;
  if (!self->has_held) {
    rises->at[rises->n++] = 0;
    self->has_held        = true;
  }

  uint32_t i = 0;
  while ((i = next_edge(&self->trigger, trigger, i, n_frames)) < n_frames) {
    const bool is_first = i == 0U && rises->n > 0U;
    if (gate_next(&self->trigger, signal_at(trigger, i)) && !is_first) {
      rises->at[rises->n++] = (uint16_t)i;
    }
    ++i;
  }
}

static void
write_still(const float value, float* const out, const uint32_t n_frames)
{
  fill_frames(out, value, n_frames);
}

/// Return an input as it is, or as triggers hold it, with room for that in `frames`
static Signal
hold(const Quantizer* const self,
     const Signal           in,
     const Rises* const     rises,
     float* const           held_v,
     float* const           frames,
     const uint32_t         n_frames)
{
  if (self->knobs.when == QUANTIZER_ALWAYS) {
    *held_v = signal_at(in, signal_is_constant(in) ? 0U : n_frames - 1U);
    return in;
  }

  if (rises->n == 0U) {
    write_still(*held_v, frames, n_frames);
    return (Signal){frames, true};
  }
  for (uint32_t r = 0, at = 0; r <= rises->n; ++r) {
    const uint32_t end = r < rises->n ? rises->at[r] : n_frames;
    write_still(*held_v, frames + at, end - at);
    *held_v = r < rises->n ? signal_at(in, end) : *held_v;
    at      = end;
  }
  return (Signal){frames, false};
}

// ---- Notes

/// Pitch to compare with the boundaries of notes: an input, moved and limited
typedef struct {
  Signal in;
  double added_oct;
} Position;

static double
position_at(const Position* const self, const uint32_t i)
{
  const double in = (double)signal_at(self->in, i);

  return fmax(-QUANTIZER_IN_MAX_V, fmin(QUANTIZER_IN_MAX_V, in)) + self->added_oct;
}

/// Return the first frame from `start` on in which an input leaves a note, or
/// `n_frames`
static uint32_t
end_of_note(const HeldNote* const note,
            const Position* const position,
            uint32_t              start,
            const uint32_t        n_frames)
{
  if (signal_is_constant(position->in)) {
    return held_note_keeps(note, position_at(position, 0)) ? n_frames : start;
  }

  // Mostly, all of the frames keep the note, which whole vectors find out
  uint32_t n_kept = 0;
  for (uint32_t i = start; i < n_frames; ++i) {
    n_kept += held_note_keeps(note, position_at(position, i));
  }
  if (n_kept == n_frames - start) {
    return n_frames;
  }
  while (held_note_keeps(note, position_at(position, start))) {
    ++start;
  }
  return start;
}

/// How far the notes are moved through the scale in each frame
typedef struct {
  int32_t first;
  bool    is_constant;
  int32_t frame[BLOCK_FRAMES]; ///< Only there if it is not constant
} Shifts;

static int32_t
shift_at(const Shifts* const self, const uint32_t i)
{
  return self->is_constant ? self->first : self->frame[i];
}

/// Find how many notes the degrees CV moves by, in each frame
static void
find_shifts(Quantizer* const self,
            const Signal     degrees,
            Shifts* const    shifts,
            const uint32_t   n_frames)
{
  const Position     cv   = {degrees, 0.0};
  const QuantizeRule rule = {ROUND_NEAREST, self->knobs.rule.hysteresis_oct};
  Scale              step;
  scale_set_equal(&step, 1, self->scale.period_oct / self->scale.n_notes);

  uint32_t at = end_of_note(&self->degrees, &cv, 0, n_frames);
  if (at < n_frames && signal_is_constant(degrees)) {
    held_note_take(&self->degrees, &step, &rule, position_at(&cv, 0));
    at = n_frames;
  }
  shifts->is_constant = at == n_frames;
  shifts->first       = self->degrees.number + self->knobs.degrees;
  for (uint32_t i = 0; !shifts->is_constant && i < n_frames; ++i) {
    const double cv_v = position_at(&cv, i);
    if (!held_note_keeps(&self->degrees, cv_v)) {
      held_note_take(&self->degrees, &step, &rule, cv_v);
    }
    shifts->frame[i] = self->degrees.number + self->knobs.degrees;
  }
}

/// Return the first frame from `start` on that shifts notes to elsewhere, or `n_frames`
static uint32_t
end_of_shift(const Shifts* const shifts, const uint32_t start, const uint32_t n_frames)
{
  uint32_t i = shifts->is_constant ? n_frames : start;
  while (i < n_frames && shifts->frame[i] == shifts->frame[start]) {
    ++i;
  }
  return i;
}

// ---- Pitches

/// Return where the glide of a voice is, as many frames before its end
static double
glide_oct(const QuantizerVoice* const voice, const uint32_t left)
{
  if (left == 0U) {
    return voice->pitch_oct;
  }

  return voice->pitch_oct +
         (voice->glide_from - voice->pitch_oct) * ((double)left / voice->glide_frames);
}

/// Go to a pitch from the next frame on
static void
go_to(Quantizer* const self, QuantizerVoice* const voice, const double pitch_oct)
{
  if (!voice->has_pitch) {
    voice->has_pitch = true;
    voice->pitch_oct = pitch_oct;
  } else if (pitch_oct != voice->pitch_oct) {
    voice->glide_from   = glide_oct(voice, voice->glide_left);
    voice->pitch_oct    = pitch_oct;
    voice->glide_frames = (uint32_t)rint(self->knobs.glide_s * self->sample_rate);
    voice->glide_left   = voice->glide_frames;
    gate_out_trigger(&voice->changed);
  }
}

/// Look up the pitch for an input at `position`
static void
look_up(Quantizer* const      self,
        QuantizerVoice* const voice,
        const double          position,
        const int32_t         shift)
{
  const QuantizerKnobs* const knobs = &self->knobs;

  if (!held_note_keeps(&voice->note, position)) {
    Scale semitone;
    scale_set_equal(&semitone, 1, 1.0 / SEMITONES);
    const bool is_pitch = knobs->input_as == QUANTIZER_PITCH;
    held_note_take(
      &voice->note, is_pitch ? &self->scale : &semitone, &knobs->rule, position);
  }
  go_to(self,
        voice,
        scale_note_oct(&self->scale, voice->note.number + shift) + knobs->root_oct -
          knobs->zero_oct + knobs->octave);
}

static float
limited(const double pitch_oct)
{
  return (float)fmax(-QUANTIZER_OUT_MAX_V, fmin(QUANTIZER_OUT_MAX_V, pitch_oct));
}

static double
transpose_at(const Signal transpose, const uint32_t i)
{
  const double oct = (double)signal_at(transpose, i);

  return fmax(-QUANTIZER_IN_MAX_V, fmin(QUANTIZER_IN_MAX_V, oct));
}

/// Write the pitch where the note stays
static void
write_pitch(QuantizerVoice* const voice,
            const Signal          transpose,
            float* const          out,
            const uint32_t        n_frames)
{
  const uint32_t left    = voice->glide_left;
  const uint32_t n_glide = left < n_frames ? left : n_frames;
  for (uint32_t i = 0; i < n_glide; ++i) {
    out[i] = limited(glide_oct(voice, left - 1U - i) + transpose_at(transpose, i));
  }
  voice->glide_left -= n_glide;

  if (signal_is_constant(transpose)) {
    const float still = limited(voice->pitch_oct + transpose_at(transpose, 0));
    write_still(still, out + n_glide, n_frames - n_glide);
    return;
  }
  for (uint32_t i = n_glide; i < n_frames; ++i) {
    out[i] = limited(voice->pitch_oct + transpose_at(transpose, i));
  }
}

/// Values that all voices share in a slice
typedef struct {
  const Shifts* shifts;
  Signal        transpose;
  bool          is_new; ///< Whether a note is looked up in the first frame, at any rate
} Common;

static void
process_voice(Quantizer* const      self,
              QuantizerVoice* const voice,
              const Common* const   common,
              const Position* const position,
              float* const          pitch,
              float* const          changed,
              const uint32_t        n_frames)
{
  for (uint32_t at = 0, end = 0; at < n_frames; at = end) {
    const double at_oct = position_at(position, at);
    if (at > 0U || common->is_new || !held_note_keeps(&voice->note, at_oct)) {
      look_up(self, voice, at_oct, shift_at(common->shifts, at));
    }
    const uint32_t end_of_both = end_of_shift(common->shifts, at, n_frames);
    end                        = end_of_note(&voice->note, position, at, end_of_both);
    write_pitch(voice, signal_from(common->transpose, at), pitch + at, end - at);
    gate_out_process(&voice->changed, NULL, changed + at, end - at);
  }
}

void
quantizer_process(Quantizer* const              self,
                  const QuantizerSignals* const in,
                  const QuantizerOutputs* const out,
                  const uint32_t                n_frames)
{
  const bool   is_pitch = self->knobs.input_as == QUANTIZER_PITCH;
  const double added_oct =
    self->knobs.zero_oct - (is_pitch ? self->knobs.root_oct : 0.0);

  Rises  rises;
  Shifts shifts;
  float  frames[BLOCK_FRAMES];
  find_rises(self, in->trigger, &rises, n_frames);
  find_shifts(self,
              hold(self, in->degrees, &rises, &self->degrees_v, frames, n_frames),
              &shifts,
              n_frames);

  const Common common = {
    &shifts, in->transpose, self->is_new || shift_at(&shifts, 0) != self->shift};
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    QuantizerVoice* const voice    = &self->voice[v];
    const Position        position = {
             hold(self, in->in[v], &rises, &voice->held_v, frames, n_frames), added_oct};
    process_voice(
      self, voice, &common, &position, out->pitch[v], out->changed[v], n_frames);
  }
  self->shift  = shift_at(&shifts, n_frames - 1U);
  self->is_new = false;
}
