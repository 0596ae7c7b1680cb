// SPDX-License-Identifier: ISC
// The airlock as a module sees it that only takes note

#include "support/test.h"

#include "lv2/display.c" // NOLINT(bugprone-suspicious-include)
#include "lv2/events.c"  // NOLINT(bugprone-suspicious-include)
#include "lv2/plugin.c"  // NOLINT(bugprone-suspicious-include)
#include "lv2/ports.c"   // NOLINT(bugprone-suspicious-include)
#include "lv2/swap.c"    // NOLINT(bugprone-suspicious-include)

#include <lv2/atom/forge.h>
#include <lv2/patch/patch.h>

#include <math.h>
#include <stdio.h>

const uint64_t swap_layout = 1;

enum { OUT, IN, CV, KNOB, EVENTS, METER, N_PORTS };

#define N_FRAMES 600U ///< Two whole slices, and a part of one
#define MAX_RUNS 16U

/// Ports that a run() was given
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
  float    knob; ///< As set_controls() saw it
  Message  message;
  char     text[32]; ///< Of the message, which is gone after the call
  uint32_t n_messages;
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
  set_meter(ports, METER, (float)n_frames);
}

static void
note_message(void* const state, const Message* const message)
{
  (void)state;
  notes.message = *message;
  snprintf(notes.text, sizeof(notes.text), "%s", message->text ? message->text : "");
  ++notes.n_messages;
}

static const char* const properties[] = {"urn:test:airlock#size",
                                         "urn:test:airlock#file"};

static const Port ports[N_PORTS] = {
  [OUT]    = {.kind = PORT_SIGNAL, .is_output = 1},
  [IN]     = {.kind = PORT_SIGNAL},
  [CV]     = {.kind = PORT_SIGNAL},
  [KNOB]   = {.kind          = PORT_CONTROL,
              .minimum       = -1.0f,
              .maximum       = 1.0f,
              .default_value = 0.5f},
  [EVENTS] = {.kind = PORT_EVENTS},
  [METER]  = {.kind = PORT_CONTROL, .is_output = 1, .maximum = 1e6f}};

const Plugin plugin = {
  .uri          = "urn:test:airlock",
  .ports        = ports,
  .n_ports      = N_PORTS,
  .state_size   = note_size,
  .init         = note_init,
  .reset        = note_nothing,
  .set_controls = note_turn,
  .run          = note_run,
  .properties   = properties,
  .n_properties = 2,
  .message      = note_message,
};

// ---- A host

typedef struct {
  LV2_Handle handle;
  float      out[N_FRAMES];
  float      in[N_FRAMES];
  float      cv[N_FRAMES];
  float      knob;
  float      meter;
  _Alignas(8) uint8_t events[1024];
} Engine;

static Engine rack;

/// Return a number for a URI: its place in a list
static LV2_URID
map_uri(LV2_URID_Map_Handle handle, const char* const uri)
{
  static char     uris[64][80];
  static LV2_URID n = 0;

  (void)handle;
  for (LV2_URID u = 0; u < n; ++u) {
    if (!strcmp(uris[u], uri)) {
      return u + 1U;
    }
  }
  snprintf(uris[n], sizeof(uris[n]), "%s", uri);
  return ++n;
}

static LV2_URID_Map map = {NULL, map_uri};

static void
set_up(void)
{
  static const LV2_Feature        feature    = {LV2_URID__map, &map};
  static const LV2_Feature* const features[] = {&feature, NULL};

  const LV2_Descriptor* const descriptor = plugin_descriptor(0);

  memset(&rack, 0, sizeof(rack));
  rack.handle = descriptor->instantiate(descriptor, 48000.0, "", features);
  ck_assert_ptr_nonnull(rack.handle);
  connect_port(rack.handle, OUT, rack.out);
  connect_port(rack.handle, IN, rack.in);
  connect_port(rack.handle, KNOB, &rack.knob);
  connect_port(rack.handle, METER, &rack.meter);
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

// ---- Messages

/// Begin a patch:Set of `property` at `frame`, up to its value
static void
open_message(LV2_Atom_Forge* const       forge,
             LV2_Atom_Forge_Frame* const frame,
             const char* const           property,
             const int64_t               at)
{
  lv2_atom_forge_frame_time(forge, at);
  lv2_atom_forge_object(forge, frame, 0, map_uri(NULL, LV2_PATCH__Set));
  lv2_atom_forge_key(forge, map_uri(NULL, LV2_PATCH__property));
  lv2_atom_forge_urid(forge, map_uri(NULL, property));
  lv2_atom_forge_key(forge, map_uri(NULL, LV2_PATCH__value));
}

/// Run a block with a message, which `text` is the value of, or else `number`
static void
run_message(const char* const property, const char* const text, const float number)
{
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame sequence;
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_init(&forge, &map);
  lv2_atom_forge_set_buffer(&forge, rack.events, sizeof(rack.events));
  lv2_atom_forge_sequence_head(&forge, &sequence, 0);
  open_message(&forge, &frame, property, 40);
  if (text) {
    lv2_atom_forge_path(&forge, text, (uint32_t)strlen(text));
  } else {
    lv2_atom_forge_float(&forge, number);
  }
  lv2_atom_forge_pop(&forge, &frame);
  lv2_atom_forge_pop(&forge, &sequence);
  connect_port(rack.handle, EVENTS, rack.events);
  run_block(100);
}

START_TEST(messages_arrive_at_their_frame)
{
  run_message("urn:test:airlock#file", "/tmp/a.wav", 0.0f);
  ck_assert_uint_eq(notes.n_messages, 1);
  ck_assert_uint_eq(notes.message.property, 1);
  ck_assert_int_eq(notes.message.kind, MESSAGE_TEXT);
  ck_assert_str_eq(notes.text, "/tmp/a.wav");
  ck_assert_uint_eq(notes.message.size, 11);
  ck_assert_uint_eq(notes.n_runs, 2);
  ck_assert_uint_eq(notes.run[0].n_frames, 40);

  run_message("urn:test:airlock#size", NULL, 2.5f);
  ck_assert_uint_eq(notes.message.property, 0);
  ck_assert_int_eq(notes.message.kind, MESSAGE_NUMBER);
  ck_assert_double_eq(notes.message.number, 2.5);
  ck_assert_ptr_null(notes.message.text);
}
END_TEST

START_TEST(messages_for_others_are_ignored)
{
  run_message("urn:test:other#file", "/tmp/a.wav", 0.0f);
  ck_assert_uint_eq(notes.n_messages, 0);

  run_message("urn:test:airlock#size", NULL, NAN);
  ck_assert_int_eq(notes.message.kind, MESSAGE_BYTES);
  ck_assert_double_eq(notes.message.number, 0.0);
}
END_TEST

/// Any bytes at all in place of a message; none beyond its end are read
START_TEST(broken_messages_do_no_harm)
{
  run_message("urn:test:airlock#file", "/tmp/a.wav", 0.0f);
  const LV2_Atom_Sequence* const sequence = (const LV2_Atom_Sequence*)rack.events;
  const size_t                   size     = sizeof(LV2_Atom) + sequence->atom.size;
  uint32_t                       random   = 1;
  for (uint32_t i = 0; i < 20000; ++i) {
    uint8_t* const copy = (uint8_t*)malloc(size); // Sanitizers see its end
    memcpy(copy, rack.events, size);
    for (uint32_t k = 0; k < 3; ++k) {
      random = random * 1664525U + 1013904223U;
      copy[sizeof(LV2_Atom_Sequence) + (random >> 8U) % (size - 16U)] =
        (uint8_t)(random >> 24U);
    }
    connect_port(rack.handle, EVENTS, copy);
    run_block(100);
    connect_port(rack.handle, EVENTS, NULL);
    free(copy);
  }
}
END_TEST

// ---- Controls

START_TEST(meters_are_written_after_the_block)
{
  rack.meter = -1.0f;
  run_block(N_FRAMES);
  ck_assert_float_eq(rack.meter, (float)(N_FRAMES - 2U * BLOCK_FRAMES));
  connect_port(rack.handle, METER, NULL);
  run_block(7);
  ck_assert_float_eq(rack.meter, (float)(N_FRAMES - 2U * BLOCK_FRAMES));
}
END_TEST

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
  tcase_add_test(tests, messages_arrive_at_their_frame);
  tcase_add_test(tests, messages_for_others_are_ignored);
  tcase_add_test(tests, broken_messages_do_no_harm);
  tcase_add_test(tests, meters_are_written_after_the_block);
  tcase_add_test(tests, turn_is_called_when_a_bit_of_a_control_changes);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
