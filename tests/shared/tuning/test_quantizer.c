// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"
#include "tuning/quantizer.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE 48000.0
#define MAX_FRAMES 4096U
#define TRIGGER_FRAMES 48U

/// A module with all its signals
typedef struct {
  Quantizer      quantizer;
  QuantizerKnobs knobs;
  float          in[QUANTIZER_VOICES][MAX_FRAMES];
  float          trigger[MAX_FRAMES];
  float          transpose[MAX_FRAMES];
  float          degrees[MAX_FRAMES];
  float          pitch[QUANTIZER_VOICES][MAX_FRAMES];
  float          changed[QUANTIZER_VOICES][MAX_FRAMES];
} Bench;

/// Return so many semitones in octaves
static float
semitones(const double n)
{
  return (float)(n / 12.0);
}

static Bench bench; ///< Too large for some stacks

static Bench*
set_up(const ScaleName name)
{
  Bench* const self = &bench;
  Scale        scale;

  memset(self, 0, sizeof(*self));
  quantizer_init(&self->quantizer, RATE);
  scale_set(&scale, name);
  quantizer_set_scale(&self->quantizer, &scale);
  return self;
}

static Signal
frames_from(const float* const frames, const uint32_t start, const uint32_t end)
{
  bool is_constant = true;
  for (uint32_t i = start; i < end; ++i) {
    is_constant = is_constant && frames[i] == frames[start];
  }
  return (Signal){frames + start, is_constant};
}

/// Play frames `start` to `end`, at most BLOCK_FRAMES
static void
play_slice(Bench* const self, const uint32_t start, const uint32_t end)
{
  QuantizerSignals in = {
    .trigger   = frames_from(self->trigger, start, end),
    .transpose = frames_from(self->transpose, start, end),
    .degrees   = frames_from(self->degrees, start, end),
  };
  QuantizerOutputs out;
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    in.in[v]       = frames_from(self->in[v], start, end);
    out.pitch[v]   = self->pitch[v] + start;
    out.changed[v] = self->changed[v] + start;
  }
  quantizer_process(&self->quantizer, &in, &out, end - start);
}

/// Play frames `start` to `end` with the knobs as they are
static void
play(Bench* const self, const uint32_t start, const uint32_t end)
{
  quantizer_set(&self->quantizer, &self->knobs);
  for (uint32_t at = start; at < end; at += BLOCK_FRAMES) {
    play_slice(self, at, at + BLOCK_FRAMES < end ? at + BLOCK_FRAMES : end);
  }
}

static void
fill(float* const frames, const uint32_t start, const uint32_t end, const float value)
{
  for (uint32_t i = start; i < end; ++i) {
    frames[i] = value;
  }
}

/// Expect a value in all frames of a stretch
static void
expect(const float* const frames,
       const uint32_t     start,
       const uint32_t     end,
       const float        value)
{
  for (uint32_t i = start; i < end; ++i) {
    ck_assert_msg(frames[i] == value,
                  "frame %u is %.9g, not %.9g",
                  i,
                  (double)frames[i],
                  (double)value);
  }
}

// ---- Notes

/// A pitch moves in the frame in which its input does, and sends a trigger there
START_TEST(notes_change_in_their_frame)
{
  Bench* const self = set_up(SCALE_MAJOR);

  fill(self->in[2], 1000, 2000, semitones(4.2));
  fill(self->in[2], 2000, MAX_FRAMES, semitones(3.8));
  play(self, 0, MAX_FRAMES);
  expect(self->pitch[2], 0, 1000, 0.0f);
  expect(self->pitch[2], 1000, MAX_FRAMES, semitones(4));
  expect(self->changed[2], 0, 1000, 0.0f);
  expect(self->changed[2], 1000, 1000 + TRIGGER_FRAMES, 10.0f);
  expect(self->changed[2], 1000 + TRIGGER_FRAMES, MAX_FRAMES, 0.0f);
  expect(self->pitch[1], 0, MAX_FRAMES, 0.0f);
}
END_TEST

/// A change within the trigger of another one is a trigger of its own
START_TEST(quick_changes_are_as_many_triggers)
{
  Bench* const self = set_up(SCALE_CHROMATIC);

  fill(self->in[0], 100, 110, semitones(2));
  fill(self->in[0], 110, MAX_FRAMES, semitones(4));
  play(self, 0, MAX_FRAMES);
  expect(self->changed[0], 100, 110, 10.0f);
  expect(self->changed[0], 110, 111, 0.0f);
  expect(self->changed[0], 111, 111 + TRIGGER_FRAMES, 10.0f);
  expect(self->changed[0], 111 + TRIGGER_FRAMES, MAX_FRAMES, 0.0f);
}
END_TEST

/// The boundaries between notes move with the root
START_TEST(root_moves_the_scale_and_not_the_input)
{
  Bench* const self = set_up(SCALE_OCTAVES);

  self->knobs.root_oct = 7.0 / 12.0;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->in[0][i] = -2.0f + 4.0f * (float)i / (float)MAX_FRAMES;
  }
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const double in   = (double)self->in[0][i];
    const double want = floor(in - 7.0 / 12.0 + 0.5) + 7.0 / 12.0;
    ck_assert(self->pitch[0][i] == (float)want);
  }
}
END_TEST

/// A new scale is decided on at once, with a trigger if the note is another
START_TEST(a_new_scale_counts_at_once)
{
  Bench* const self = set_up(SCALE_CHROMATIC);
  Scale        scale;

  self->knobs.rule.hysteresis_oct = 50.0 / 1200.0;
  fill(self->in[0], 0, MAX_FRAMES, semitones(3));
  play(self, 0, 1000);
  scale_set(&scale, SCALE_FIFTHS);
  quantizer_set_scale(&self->quantizer, &scale);
  play(self, 1000, 2000);
  scale_set(&scale, SCALE_MAJOR_CHORD);
  quantizer_set_scale(&self->quantizer, &scale);
  play(self, 2000, MAX_FRAMES);
  expect(self->pitch[0], 0, 1000, semitones(3));
  expect(self->pitch[0], 1000, 2000, 0.0f);
  expect(self->pitch[0], 2000, MAX_FRAMES, semitones(4));
  expect(self->changed[0], 1000, 1000 + TRIGGER_FRAMES, 10.0f);
  expect(self->changed[0], 2000, 2000 + TRIGGER_FRAMES, 10.0f);
}
END_TEST

/// Each semitone at the input is the next note, C4 the root; 0 V may be C-1
START_TEST(steps_count_notes_from_the_root)
{
  Bench* const self = set_up(SCALE_MAJOR);

  self->knobs.input_as = QUANTIZER_STEPS;
  self->knobs.root_oct = 2.0 / 12.0;
  fill(self->in[1], 0, 1000, semitones(2));
  fill(self->in[1], 1000, 2000, semitones(-1));
  fill(self->in[1], 2000, 3000, semitones(5 * 12 + 7));
  play(self, 0, 2000);
  self->knobs.zero_oct = -5.0;
  play(self, 2000, 3000);
  expect(self->pitch[0], 0, 2000, semitones(2));
  expect(self->pitch[1], 0, 1000, semitones(6));
  expect(self->pitch[1], 1000, 2000, semitones(1));
  expect(self->pitch[1], 2000, 3000, semitones(6 * 12 + 2));
}
END_TEST

// ---- Triggers

/// The input in the frame of the rise counts
START_TEST(triggers_take_the_frame_of_their_rise)
{
  Bench* const self = set_up(SCALE_CHROMATIC);

  self->knobs.when = QUANTIZER_AT_TRIGGERS;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->in[0][i]    = semitones(i / 100U % 24U);
    self->degrees[i]  = i < 2000U ? 0.0f : 1.0f;
    self->trigger[i]  = i % 700U < 50U ? 10.0f : 0.0f;
    self->in[1][i]    = 1.0f;
    self->trigger[0]  = 0.0f;
    self->in[0][0]    = 0.5f;
    self->trigger[49] = 0.0f;
  }
  fill(self->trigger, 0, 100, 0.0f);
  play(self, 0, MAX_FRAMES);
  expect(self->pitch[0], 0, 700, 0.5f);
  expect(self->pitch[0], 700, 1400, semitones(7));
  expect(self->pitch[0], 1400, 2100, semitones(14));
  expect(self->pitch[0], 2100, 2800, semitones(1 * 12 + 21));
  expect(self->pitch[0], 2800, 3500, semitones(1 * 12 + 4));
  expect(self->pitch[1], 0, 2100, 1.0f);
  expect(self->changed[1], 700, 2100, 0.0f); // The same note again
  expect(self->changed[1], 2100, 2100 + TRIGGER_FRAMES, 10.0f);
}
END_TEST

/// A switch from Always to At Triggers holds what there is
START_TEST(turned_when_holds_the_note)
{
  Bench* const self = set_up(SCALE_CHROMATIC);

  fill(self->in[0], 0, 1000, semitones(5));
  play(self, 0, 1000);
  self->knobs.when = QUANTIZER_AT_TRIGGERS;
  play(self, 1000, 2000);
  expect(self->pitch[0], 0, 2000, semitones(5));
  self->knobs.when = QUANTIZER_ALWAYS;
  play(self, 2000, 3000);
  expect(self->pitch[0], 2000, 3000, 0.0f);
}
END_TEST

// ---- Pitch

/// Degrees move through the scale, by knob and by CV, an octave's worth a volt
START_TEST(degrees_move_through_the_scale)
{
  Bench* const self = set_up(SCALE_MAJOR);

  self->knobs.degrees = 2;
  fill(self->in[0], 0, MAX_FRAMES, semitones(5));
  fill(self->degrees, 1000, 2000, 1.0f / 7.0f);
  fill(self->degrees, 2000, 3000, -1.0f);
  play(self, 0, 3000);
  expect(self->pitch[0], 0, 1000, semitones(9));
  expect(self->pitch[0], 1000, 2000, semitones(11));
  expect(self->pitch[0], 2000, 3000, semitones(-3));
  expect(self->changed[0], 1000, 1000 + TRIGGER_FRAMES, 10.0f);
  self->knobs.degrees = 0;
  play(self, 3000, 3200);
  expect(self->pitch[0], 3000, 3200, semitones(5));
}
END_TEST

/// Transpose is added as it is, and is no new note
START_TEST(transpose_is_added_behind)
{
  Bench* const self = set_up(SCALE_MAJOR);

  self->knobs.octave = -1;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->transpose[i] = 0.0001f * (float)i;
  }
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert(self->pitch[3][i] == (float)(-1.0 + (double)self->transpose[i]));
  }
  expect(self->changed[3], 0, MAX_FRAMES, 0.0f);
}
END_TEST

/// A glide is straight, and ends on its note in the frame of its time
START_TEST(glide_is_straight_and_ends_to_the_frame)
{
  Bench* const self = set_up(SCALE_OCTAVES);

  self->knobs.glide_s = 1000.0 / RATE;
  fill(self->in[0], 500, MAX_FRAMES, 1.0f);
  play(self, 0, MAX_FRAMES);
  expect(self->pitch[0], 0, 500, 0.0f);
  for (uint32_t i = 0; i < 999U; ++i) {
    ck_assert_double_eq_tol((double)self->pitch[0][500U + i], (i + 1U) / 1000.0, 1e-7);
    ck_assert(self->pitch[0][500U + i] < 1.0f);
  }
  expect(self->pitch[0], 1499, MAX_FRAMES, 1.0f);
}
END_TEST

/// A note that comes in a glide is gone to from where that is
START_TEST(glide_starts_anew_from_where_it_is)
{
  Bench* const self = set_up(SCALE_OCTAVES);

  self->knobs.glide_s = 1000.0 / RATE;
  fill(self->in[0], 500, 1000, 1.0f);
  play(self, 0, MAX_FRAMES);
  ck_assert_double_eq_tol((double)self->pitch[0][999], 0.5, 1e-6);
  for (uint32_t i = 0; i < 999U; ++i) {
    ck_assert_double_eq_tol(
      (double)self->pitch[0][1000U + i], 0.5 - 0.5 * (i + 1U) / 1000.0, 1e-6);
  }
  expect(self->pitch[0], 1999, MAX_FRAMES, 0.0f);
}
END_TEST

/// No pitch is beyond the bounds, whatever the inputs are
START_TEST(pitches_have_bounds)
{
  Bench* const self = set_up(SCALE_OCTAVES);

  self->knobs.degrees = 24;
  self->knobs.octave  = 5;
  fill(self->in[0], 0, MAX_FRAMES, 1e6f);
  fill(self->degrees, 0, MAX_FRAMES, 1e6f);
  fill(self->transpose, 0, MAX_FRAMES, 1e6f);
  play(self, 0, 1000);
  expect(self->pitch[0], 0, 1000, (float)QUANTIZER_OUT_MAX_V);
}
END_TEST

// ---- Slices

/// Fill all inputs with what keeps everything busy
static void
make_noise(Bench* const self)
{
  Random random;
  random_seed(&random, 5);

  float level = 0.0f;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const float noise  = random_bipolar(random_next(&random));
    level              = i % 97U == 0U ? noise : level;
    self->in[0][i]     = level;
    self->in[1][i]     = 3.0f * sinf(0.002f * (float)i) + 0.004f * noise;
    self->in[2][i]     = noise;
    self->trigger[i]   = i % 61U < 30U ? 10.0f : 0.0f;
    self->transpose[i] = i < 1000U ? 0.25f : 0.1f * sinf(0.01f * (float)i);
    self->degrees[i]   = i < 2000U ? 0.0f : 0.5f * sinf(0.003f * (float)i);
  }
}

/// Blocks of any length give the same bits; _i is a set of knobs
START_TEST(blocks_do_not_matter)
{
  static float pitch[QUANTIZER_VOICES][MAX_FRAMES];
  static float changed[QUANTIZER_VOICES][MAX_FRAMES];

  for (uint32_t n = BLOCK_FRAMES; n > 0U; n = n > 7U ? n / 3U : n - 1U) {
    Bench* const self               = set_up(SCALE_MINOR_PENTATONIC);
    self->knobs.when                = (QuantizerWhen)(_i % 2);
    self->knobs.input_as            = (QuantizerInput)(_i / 2 % 2);
    self->knobs.glide_s             = _i / 4 % 2 ? 0.005 : 0.0;
    self->knobs.rule.hysteresis_oct = 5.0 / 1200.0;
    make_noise(self);
    quantizer_set(&self->quantizer, &self->knobs);
    for (uint32_t at = 0; at < MAX_FRAMES; at += n) {
      play_slice(self, at, at + n < MAX_FRAMES ? at + n : MAX_FRAMES);
    }
    if (n == BLOCK_FRAMES) {
      memcpy(pitch, self->pitch, sizeof(pitch));
      memcpy(changed, self->changed, sizeof(changed));
    }
    ck_assert_int_eq(memcmp(pitch, self->pitch, sizeof(pitch)), 0);
    ck_assert_int_eq(memcmp(changed, self->changed, sizeof(changed)), 0);
  }
}
END_TEST

/// After a reset, all is as at the start
START_TEST(reset_is_a_new_start)
{
  static float pitch[QUANTIZER_VOICES][MAX_FRAMES];

  Bench* const self   = set_up(SCALE_BLUES);
  self->knobs.when    = QUANTIZER_AT_TRIGGERS;
  self->knobs.glide_s = 0.01;
  make_noise(self);
  play(self, 0, MAX_FRAMES);
  memcpy(pitch, self->pitch, sizeof(pitch));
  quantizer_reset(&self->quantizer);
  play(self, 0, MAX_FRAMES);
  ck_assert_int_eq(memcmp(pitch, self->pitch, sizeof(pitch)), 0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("quantizer");
  TCase* const tests = tcase_create("quantizer");
  tcase_add_test(tests, notes_change_in_their_frame);
  tcase_add_test(tests, quick_changes_are_as_many_triggers);
  tcase_add_test(tests, root_moves_the_scale_and_not_the_input);
  tcase_add_test(tests, a_new_scale_counts_at_once);
  tcase_add_test(tests, steps_count_notes_from_the_root);
  tcase_add_test(tests, triggers_take_the_frame_of_their_rise);
  tcase_add_test(tests, turned_when_holds_the_note);
  tcase_add_test(tests, degrees_move_through_the_scale);
  tcase_add_test(tests, transpose_is_added_behind);
  tcase_add_test(tests, glide_is_straight_and_ends_to_the_frame);
  tcase_add_test(tests, glide_starts_anew_from_where_it_is);
  tcase_add_test(tests, pitches_have_bounds);
  tcase_add_test(tests, reset_is_a_new_start);
  tcase_add_loop_test(tests, blocks_do_not_matter, 0, 8);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
