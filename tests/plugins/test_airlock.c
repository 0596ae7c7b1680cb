// SPDX-License-Identifier: ISC
// What plugin.c tells a module, seen by a module that only takes note

#include "support/test.h"

#include "lv2/events.c" // NOLINT(bugprone-suspicious-include)
#include "lv2/plugin.c" // NOLINT(bugprone-suspicious-include)
#include "lv2/ports.c"  // NOLINT(bugprone-suspicious-include)

#include <math.h>

enum { OUT, IN, CV, KNOB, N_PORTS };

#define N_FRAMES 600U ///< Two whole slices, and a part of one
#define MAX_RUNS 16U

/// What a run() was given
typedef struct {
  uint32_t     n_frames;
  const float* in;
  const float* cv;
  float        first_in;
  bool         in_still;
  bool         cv_still;
} Run;

/// Everything that happened to the module
typedef struct {
  Run      run[MAX_RUNS];
  uint32_t n_runs;
  uint32_t n_turns;
  float    knob;      ///< As set_controls() saw it
  double   size_rate; ///< Sample rate that state_size() was given
  bool     is_zero;   ///< Whether all of that size was 0 before init()
} NoteStack;

static NoteStack notes;

static void
note_nothing(void* const state)
{
  (void)state;
}

static size_t
note_size(const double sample_rate)
{
  notes.size_rate = sample_rate;
  return 64U + (size_t)sample_rate;
}

static void
note_init(void* const state, const double sample_rate)
{
  const uint8_t* const bytes = (const uint8_t*)state;
  const size_t         size  = 64U + (size_t)sample_rate;

  notes.is_zero = true;
  for (size_t i = 0; i < size; ++i) {
    notes.is_zero = notes.is_zero && !bytes[i];
  }
  memset(state, 1, size); // Sanitizers see what is not there
}

static void
note_turn(void* const state, const Ports* const ports)
{
  (void)state;
  notes.knob = control(ports, KNOB);
  ++notes.n_turns;
}

static void
note_run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  (void)state;

  const float* const in     = signal_in(ports, IN).frame;
  notes.run[notes.n_runs++] = (Run){n_frames,
                                    in,
                                    signal_in(ports, CV).frame,
                                    in[0],
                                    is_constant(ports, IN),
                                    is_constant(ports, CV)};
  memset(signal_out(ports, OUT), 0, n_frames * sizeof(float));
}

static const Port ports[N_PORTS] = {[OUT]  = {.kind = PORT_SIGNAL, .is_output = 1},
                                    [IN]   = {.kind = PORT_SIGNAL},
                                    [CV]   = {.kind = PORT_SIGNAL},
                                    [KNOB] = {.kind          = PORT_CONTROL,
                                              .minimum       = -1.0f,
                                              .maximum       = 1.0f,
                                              .default_value = 0.5f}};

const Plugin plugin = {
  .uri          = "urn:test:airlock",
  .ports        = ports,
  .n_ports      = N_PORTS,
  .state_size   = note_size,
  .init         = note_init,
  .reset        = note_nothing,
  .set_controls = note_turn,
  .run          = note_run,
};

// ---- A host

typedef struct {
  LV2_Handle handle;
  float      out[N_FRAMES];
  float      in[N_FRAMES];
  float      cv[N_FRAMES];
  float      knob;
} Engine;

static Engine rack;

static void
set_up(void)
{
  const LV2_Descriptor* const descriptor = plugin_descriptor(0);

  memset(&rack, 0, sizeof(rack));
  rack.handle = descriptor->instantiate(descriptor, 48000.0, "", NULL);
  ck_assert_ptr_nonnull(rack.handle);
  connect_port(rack.handle, OUT, rack.out);
  connect_port(rack.handle, IN, rack.in);
  connect_port(rack.handle, KNOB, &rack.knob);
  activate(rack.handle);
}

static void
tear_down(void)
{
  cleanup(rack.handle);
}

static void
run_block(const uint32_t n_frames)
{
  memset(&notes, 0, sizeof(notes));
  run(rack.handle, n_frames);
}

static void
fill(float* const out, const float value)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] = value;
  }
}

START_TEST(state_has_the_size_for_the_sample_rate)
{
  const LV2_Descriptor* const descriptor = plugin_descriptor(0);

  memset(&notes, 0, sizeof(notes));
  const LV2_Handle handle = descriptor->instantiate(descriptor, 192000.0, "", NULL);
  ck_assert_ptr_nonnull(handle);
  ck_assert_double_eq(notes.size_rate, 192000.0);
  ck_assert(notes.is_zero);
  cleanup(handle);
}
END_TEST

// ---- Slices

START_TEST(blocks_are_cut_into_slices)
{
  run_block(N_FRAMES);
  ck_assert_uint_eq(notes.n_runs, 3);
  ck_assert_uint_eq(notes.run[0].n_frames, BLOCK_FRAMES);
  ck_assert_uint_eq(notes.run[1].n_frames, BLOCK_FRAMES);
  ck_assert_uint_eq(notes.run[2].n_frames, N_FRAMES - 2U * BLOCK_FRAMES);
  run_block(BLOCK_FRAMES);
  ck_assert_uint_eq(notes.n_runs, 1);
  run_block(0);
  ck_assert_uint_eq(notes.n_runs, 0);
}
END_TEST

START_TEST(clean_inputs_are_read_where_they_are)
{
  run_block(N_FRAMES);
  for (uint32_t r = 0; r < notes.n_runs; ++r) {
    ck_assert_ptr_eq(notes.run[r].in, rack.in + (size_t)r * BLOCK_FRAMES);
  }

  rack.in[300] = NAN;
  run_block(N_FRAMES);
  ck_assert_ptr_eq(notes.run[0].in, rack.in);
  ck_assert_ptr_ne(notes.run[1].in, rack.in + BLOCK_FRAMES);
  ck_assert_ptr_eq(notes.run[2].in, rack.in + 2U * BLOCK_FRAMES);
}
END_TEST

START_TEST(inputs_in_outputs_are_copied)
{
  connect_port(rack.handle, IN, rack.out + 10);
  run_block(100);
  ck_assert_ptr_ne(notes.run[0].in, rack.out + 10);
  run_block(10);
  ck_assert_ptr_eq(notes.run[0].in, rack.out + 10);
  connect_port(rack.handle, OUT, rack.cv);
  run_block(100);
  ck_assert_ptr_eq(notes.run[0].in, rack.out + 10);
}
END_TEST

// ---- Stillness

START_TEST(stillness_is_told_for_each_slice)
{
  fill(rack.in, 2.0f);
  rack.in[300] = 3.0f;
  run_block(N_FRAMES);
  ck_assert(notes.run[0].in_still);
  ck_assert(!notes.run[1].in_still);
  ck_assert(notes.run[2].in_still);
}
END_TEST

START_TEST(what_is_unconnected_is_still)
{
  connect_port(rack.handle, CV, rack.cv);
  rack.cv[1] = 1.0f;
  run_block(64);
  ck_assert(!notes.run[0].cv_still);
  ck_assert_ptr_eq(notes.run[0].cv, rack.cv);

  connect_port(rack.handle, CV, NULL);
  run_block(64);
  ck_assert(notes.run[0].cv_still);
  ck_assert_ptr_eq(notes.run[0].cv, silent_frames);
}
END_TEST

START_TEST(what_is_cleaned_may_be_still)
{
  fill(rack.in, INFINITY);
  run_block(64);
  ck_assert(notes.run[0].in_still);
  ck_assert_float_eq(notes.run[0].first_in, 0.0f);

  rack.in[3] = -1e30f;
  run_block(64);
  ck_assert(!notes.run[0].in_still);
}
END_TEST

// ---- Controls

START_TEST(turn_is_called_when_a_bit_of_a_control_changes)
{
  run_block(64);
  ck_assert_uint_eq(notes.n_turns, 1);
  run_block(64);
  ck_assert_uint_eq(notes.n_turns, 0);

  rack.knob = -0.0f;
  run_block(64);
  ck_assert_uint_eq(notes.n_turns, 1);
  rack.knob = NAN;
  run_block(64);
  ck_assert_float_eq(notes.knob, 0.5f);
  rack.knob = 7.0f;
  run_block(N_FRAMES);
  ck_assert_uint_eq(notes.n_turns, 1);
  ck_assert_float_eq(notes.knob, 1.0f);

  connect_port(rack.handle, KNOB, NULL);
  run_block(64);
  ck_assert_float_eq(notes.knob, 0.5f);
  activate(rack.handle);
  run_block(64);
  ck_assert_uint_eq(notes.n_turns, 1);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("airlock");
  TCase* const tests = tcase_create("airlock");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, state_has_the_size_for_the_sample_rate);
  tcase_add_test(tests, blocks_are_cut_into_slices);
  tcase_add_test(tests, clean_inputs_are_read_where_they_are);
  tcase_add_test(tests, inputs_in_outputs_are_copied);
  tcase_add_test(tests, stillness_is_told_for_each_slice);
  tcase_add_test(tests, what_is_unconnected_is_still);
  tcase_add_test(tests, what_is_cleaned_may_be_still);
  tcase_add_test(tests, turn_is_called_when_a_bit_of_a_control_changes);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
