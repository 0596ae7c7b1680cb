// SPDX-License-Identifier: ISC

#include "osc/osc.h"

#include "osc/osc_breaks.h"
#include "osc/osc_history.h"
#include "osc/osc_run.h"
#include "osc/osc_search.h"
#include "osc/osc_steady.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static_assert(BLEP_MAX_TAPS / 2U + OSC_LOOKAHEAD + LAGRANGE_N_FRAMES <=
                OSC_PAST + OSC_WORD,
              "all that is looked at is remembered");
static_assert(OSC_PAST + BLOCK_FRAMES + BLEP_MAX_TAPS <= OSC_LINE, "room to run");
static_assert(SHAPE_FULL_WIDTH == 1 << 30, "widths are places of paths");
static_assert(BLOCK_FRAMES % OSC_WORD == 0, "room for whole words, and for eights");

// ---- Lifetime

void
osc_init(Osc* const self, const double sample_rate)
{
  self->n_taps = blep_taps(sample_rate);
  osc_reset(self);
}

void
osc_reset(Osc* const self)
{
  const uint32_t n_taps = self->n_taps;

  memset(self, 0, sizeof(*self));
  self->n_taps = n_taps;
  self->at     = OSC_PAST;
}

uint32_t
osc_latency(const Osc* const self)
{
  return self->n_taps / 2U + OSC_LOOKAHEAD;
}

// ---- Frames in which something moves

/// Return true if any of the frames of a word is marked
static bool
is_any(const uint8_t has_break[OSC_WORD])
{
  uint64_t word = 0;
  memcpy(&word, has_break, OSC_WORD);
  return word != 0;
}

/// Add the breaks before those frames of a word that are marked
static void
break_word(const OscRun* const run, const uint32_t at, const uint8_t* const has_break)
{
  for (uint32_t i = 0; i < OSC_WORD; ++i) {
    if (has_break[i]) {
      PhasePath phase;
      osc_find_phase(run->osc, at + i, &phase);
      osc_add_breaks(run, at + i, &phase, has_break[i] & OSC_BENDS);
    }
  }
}

/// OscRun `n` frames before which there are no sync events
static void
run_free(const OscRun* const run, const uint32_t at, const uint32_t n)
{
  uint8_t has_break[BLOCK_FRAMES + OSC_WORD];
  osc_mark_breaks(run, at, has_break, n);
  memset(has_break + n, 0, OSC_WORD);
  for (uint32_t i = 0; i < n; i += OSC_WORD) {
    if (is_any(has_break + i)) {
      break_word(run, at + i, has_break + i);
    }
  }
}

/// Return the next frame that has a sync event before it
static uint32_t
next_sync(const OscRun* const run, uint32_t at, const uint32_t end)
{
  const float* const sync = run->osc->lines.sync + 1U - LAGRANGE_N_FRAMES;
  while (at < end && (run->sync_is_constant || !osc_is_sync(sync + at))) {
    at = run->sync_is_constant ? end : at + 1U;
  }

  return at;
}

static void
run_moving(const OscRun* const run)
{
  const uint32_t end = run->osc->at + run->n_frames;
  for (uint32_t at = run->osc->at; at < end; ++at) {
    const uint32_t sync = next_sync(run, at, end);
    run_free(run, at, sync - at);
    if (sync < end) {
      osc_run_sync(run, sync);
    }
    at = sync;
  }
}

// ---- Output

/// Write the sum of shapes and of what their breaks add
static void
write_shapes(const OscRun* const run, const uint32_t* const phase, float* const out)
{
  const Osc* const      self  = run->osc;
  const OscLines* const lines = &self->lines;
  const uint32_t        at    = self->at - OSC_LOOKAHEAD - self->n_taps / 2U;
  const float*          base  = lines->residual + self->at;

  ShapeInputs in = {.phase = phase,
                    .width =
                      run->width_is_constant ? &self->rest.width : lines->width + at,
                    .width_is_constant  = run->width_is_constant,
                    .weight_is_constant = run->weight_is_constant};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    if (osc_has_shape(run, (Shape)s)) {
      in.weight =
        run->weight_is_constant ? &self->rest.weight[s] : lines->weight[s] + at;
      shape_add((Shape)s, &in, base, out, run->n_frames);
      base = out;
    }
  }

  if (base != out) {
    memcpy(out, base, run->n_frames * sizeof(float));
  }
}

static void
play_moving(const OscRun* const run, const OscInputs* const in, float* const out)
{
  Osc* const self = run->osc;

  osc_lay_out_inputs(run, in);
  self->is_steady = false;
  run_moving(run);
  write_shapes(run, self->lines.phase + self->at - self->n_taps / 2U, out);
}

static void
play_steady(const OscRun* const run, float* const out)
{
  Osc* const      self   = run->osc;
  const OscSteady steady = osc_find_steady(self);

  if (!self->is_steady) {
    self->is_steady = true;
    self->to_break  = osc_frames_to_break(run, steady.now, steady.step) - 1U;
  }
  osc_run_steady(run, &steady);
  self->motion += run->n_frames * self->rest.step;

  uint32_t phase[BLOCK_FRAMES];
  osc_write_steady_phases(self, &steady, phase, run->n_frames);
  write_shapes(run, phase, out);
}

/// Take the inputs of the first frame for what they have always been, and play the
/// breaks that are still to be heard
static void
begin(Osc* const self, const OscInputs* const in)
{
  OscRest* const rest = &self->rest;

  osc_remember(rest, in, 1);
  rest->step_frames   = OSC_PAST;
  rest->width_frames  = OSC_PAST;
  rest->weight_frames = OSC_PAST;
  rest->sync_frames   = OSC_PAST;

  float        unheard[BLEP_MAX_TAPS];
  const OscRun run = {self, BLEP_MAX_TAPS, true, true, true, true};
  self->motion -= BLEP_MAX_TAPS * rest->step; // From the phase that it was set to
  play_steady(&run, unheard);
  self->at += BLEP_MAX_TAPS;
  self->has_begun = true;
}

void
osc_process(Osc* const             self,
            const OscInputs* const in,
            float* const           out,
            float* const           sync_out,
            const uint32_t         n_frames)
{
  if (!self->has_begun) {
    begin(self, in);
  }

  const OscRest* const rest = &self->rest;

  const bool   step_is_constant = !in->step && rest->step_frames == OSC_PAST;
  const OscRun run              = {.osc               = self,
                                   .n_frames          = n_frames,
                                   .width_is_constant = !in->width && rest->width_frames == OSC_PAST,
                                   .weight_is_constant =
                                     !in->weight && rest->weight_frames == OSC_PAST,
                                   .sync_is_constant = !in->sync && rest->sync_frames == OSC_PAST,
                                   .is_hard          = in->sync_mode == OSC_SYNC_HARD};

  osc_make_room(self, n_frames);
  if (step_is_constant && run.width_is_constant && run.weight_is_constant &&
      run.sync_is_constant) {
    play_steady(&run, out);
  } else {
    play_moving(&run, in, out);
  }
  osc_remember(&self->rest, in, n_frames);

  memcpy(sync_out, self->lines.start + self->at, n_frames * sizeof(float));
  self->at += n_frames;
}
