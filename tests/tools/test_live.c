// SPDX-License-Identifier: ISC
/**
   The deck that plays patches live: the same bits as render's engine, crossfades, and
   nothing that waits.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/engine.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/patch.h"
#include "live/deck.h"
#include "live/rig.h"
#include "live/ring.h"

#include <glob.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define MAX_FRAMES 4096U
#define MAX_LINES 4U
#define DRONE SOURCE_DIR "/presets/patches/drone.ttl"
#define MELODY SOURCE_DIR "/presets/patches/random-melody.ttl"

static glob_t patches;

// ---- Calls that wait

static volatile bool     is_playing;
static volatile unsigned n_calls; ///< How many came while playing

static void
heap_call(const int n_pieces)
{
  (void)n_pieces;
  n_calls += is_playing;
}

#include "support/heap.h"

// ---- The world outside

static float     signals[MAX_LINES][MAX_FRAMES];
static Line*     lines[MAX_LINES];
static LineEvent events[8]; ///< Of the next cycle
static uint32_t  n_events;

static void
fetch(Line* const line, const uint32_t n_frames)
{
  (void)n_frames;
  if (line->kind != HOST_EVENTS) {
    line->signal = (float*)line->port;
    return;
  }

  line->n_events = n_events;
  memcpy(line->events, events, n_events * sizeof(LineEvent));
}

static void
add_lines(Rig* const rig)
{
  ck_assert_uint_le(rig->patch.n_ports, MAX_LINES);
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    const PatchPort* const port = &rig->patch.ports[p];
    if (!lines[p]) {
      lines[p]       = line_new(port->name, port->kind, port->is_output);
      lines[p]->port = signals[p];
    }
    rig->ports[p].line = lines[p];
  }
}

static Rig*
build(const RigPlan* const plan, const Rig* const before)
{
  Rig* const rig = rig_new(plan, before);
  ck_assert_ptr_nonnull(rig);
  add_lines(rig);
  return rig;
}

static void
run_with(Deck* const                deck,
         const uint32_t             n_frames,
         const DeckTransport* const transport)
{
  is_playing = true;
  deck_run(deck, n_frames, transport);
  is_playing = false;
  n_events   = 0;
}

/// Run with a transport that rests
static void
run(Deck* const deck, const uint32_t n_frames)
{
  const DeckTransport rest = {.has_bars = false};
  run_with(deck, n_frames, &rest);
}

static void
send(const uint32_t frame, const uint8_t* const bytes)
{
  events[n_events++] = (LineEvent){frame, 3, bytes};
}

static void
begin(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  n_calls = 0;
}

static void
finish(Deck* const deck)
{
  deck_end(deck);
  for (uint32_t l = 0; l < MAX_LINES; ++l) {
    if (lines[l]) {
      line_free(lines[l]);
      lines[l] = NULL;
    }
  }
#if defined(HAS_HEAP)
  ck_assert_uint_eq(n_calls, 0);
#endif
}

// ---- Sound

/// Check that a patch gives the same bits as render's engine, however long cycles are
static void
check_bits(const char* const path)
{
  Host* const host = host_new(NULL);
  Patch       patch;
  patch_init(&patch, host, path, RATE_HZ);
  ck_assert(ingen_read(&patch, path) && patch_order(&patch));

  void* const   inputs[MAX_LINES] = {NULL};
  Engine* const engine            = engine_new(&patch, inputs, 64);
  const RigPlan plan              = {.path = path, .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);

  static const uint32_t lengths[] = {64, 1024, 128, 4096, 192, 64};
  for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); ++l) {
    run(&deck, lengths[l]);
    for (uint32_t start = 0; start < lengths[l]; start += 64) {
      engine_run(engine, 64);
      ck_assert_mem_eq(
        signals[0] + start, engine_output(engine, 0), 64 * sizeof(float));
    }
  }

  finish(&deck);
  engine_free(engine);
  patch_free(&patch);
  host_free(host);
}

START_TEST(plays_the_bits_of_render)
{
  begin();
  check_bits(DRONE);
  check_bits(MELODY);
}
END_TEST

START_TEST(crosses_over_without_a_step)
{
  begin();
  write_patch("a.ttl",
              "<> a ingen:Graph ; lv2:port <in> , <out> ;"
              " ingen:arc [ ingen:tail <in> ; ingen:head <out> ] .\n"
              "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n");

  const RigPlan plan = {.path = "a.ttl", .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    signals[0][i] = 0.5f;
  }
  run(&deck, 256);

  // Into the same patch, in which nothing is heard
  ck_assert_ptr_null(deck_post(&deck, build(&plan, deck.current)));
  run(&deck, 1024);
  for (uint32_t i = 0; i < 1024; ++i) {
    ck_assert_float_eq(signals[1][i], 0.5f);
  }
  Rig* const left = deck_collect(&deck);
  ck_assert_ptr_nonnull(left);
  rig_free(left);

  // And into silence
  ck_assert_ptr_null(deck_post(&deck, rig_new_empty()));
  run(&deck, 1024);
  for (uint32_t i = 1; i < 1024; ++i) {
    ck_assert_float_eq_tol(
      signals[1][i], signals[1][i - 1], 1.01f * 0.5f / (float)deck.n_fade);
  }
  ck_assert_float_eq(signals[1][600], 0.0f);
  finish(&deck);
}
END_TEST

START_TEST(collects_one_rig_after_the_other)
{
  begin();
  const RigPlan plan = {.path = DRONE, .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  Rig* const first  = build(&plan, NULL);
  Rig* const second = build(&plan, NULL);
  ck_assert_ptr_null(deck_post(&deck, first));
  ck_assert_ptr_eq(deck_post(&deck, second), first); // Which never ran
  rig_free(first);
  ck_assert_ptr_null(deck_collect(&deck));
  run(&deck, 256);
  ck_assert_ptr_null(deck_collect(&deck)); // It still fades
  run(&deck, 1024);
  ck_assert_ptr_eq(deck.current, second);
  Rig* const left = deck_collect(&deck);
  ck_assert_ptr_nonnull(left);
  rig_free(left);
  finish(&deck);
}
END_TEST

// ---- Going on

static void
write_keys(const char* const path, const char* const extra)
{
  char text[2048] = "";
  snprintf(text,
           sizeof(text),
           "<> a ingen:Graph ; lv2:port <midi> , <gate> , <level> ;"
           " ingen:block <keys> , <offset> ;"
           " ingen:arc [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,"
           " [ ingen:tail <keys/gate> ; ingen:head <gate> ] ,"
           " [ ingen:tail <keys/gate> ; ingen:head <offset/gate> ] ,"
           " [ ingen:tail <offset/envelope> ; ingen:head <level> ] .\n"
           "<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
           "<gate> a lv2:CVPort , lv2:OutputPort ; lv2:index 1 .\n"
           "<level> a lv2:CVPort , lv2:OutputPort ; lv2:index 2 .\n"
           "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n"
           "<offset> a ingen:Block ; lv2:prototype <urn:chronus:adsr> .\n%s",
           extra);
  write_patch(path, text);
}

enum { N_CYCLES = 64, MAX_RECORD = N_CYCLES * 1500 };

static float records[2][MAX_LINES][MAX_RECORD]; ///< Of outputs

/// Strike a chord that is held, and fill audio inputs with something
static void
play_chord(const uint32_t cycle)
{
  static const uint8_t chord[][3] = {{0x90, 48, 100}, {0x90, 55, 80}, {0x90, 64, 120}};

  for (uint32_t n = 0; n < 3U && cycle == 0; ++n) {
    send(17U + n, chord[n]);
  }
  for (uint32_t l = 0; l < MAX_LINES; ++l) {
    for (uint32_t i = 0; lines[l] && !lines[l]->is_output && i < MAX_FRAMES; ++i) {
      signals[l][i] = (float)((i * 7919U + cycle * 104729U) % 1000U) / 1000.0f - 0.5f;
    }
  }
}

static uint32_t
record(float (*const record)[MAX_RECORD], const uint32_t at, const uint32_t n_frames)
{
  for (uint32_t l = 0; l < MAX_LINES; ++l) {
    if (lines[l] && lines[l]->is_output) {
      memcpy(record[l] + at, signals[l], n_frames * sizeof(float));
    }
  }
  return at + n_frames;
}

/// Play a patch, and unless `edit` is NULL have other rigs take over: of the same file,
/// or of one with that at its end
static void
play(const RigPlan* const plan, const char* const edit, float (*const to)[MAX_RECORD])
{
  static const uint32_t lengths[] = {64, 1000, 333, 1499, 1, 777};

  Deck deck;
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  n_calls = 0;
  deck_begin(&deck, build(plan, NULL), fetch, DECK_AUTO);
  for (uint32_t c = 0, at = 0; c < N_CYCLES; ++c) {
    const uint32_t n_frames = lengths[c % (sizeof(lengths) / sizeof(lengths[0]))];
    if (edit && c % 24U == 13U) {
      if (*edit) {
        write_keys(plan->path, edit);
      }
      ck_assert_ptr_null(deck_post(&deck, build(plan, deck.current)));
    }
    play_chord(c);
    run(&deck, n_frames);
    at              = record(to, at, n_frames);
    Rig* const left = deck_collect(&deck);
    if (left) {
      rig_free(left);
    }
  }
  finish(&deck);
}

/// Check that both records have the same bits
static void
check_records(const char* const path)
{
  for (uint32_t l = 0; l < MAX_LINES; ++l) {
    ck_assert_msg(!memcmp(records[0][l], records[1][l], sizeof(records[0][l])),
                  "%s: output %u",
                  path,
                  l);
  }
}

START_TEST(goes_on_bit_for_bit)
{
  const RigPlan plan = {.path = patches.gl_pathv[_i], .sample_rate = RATE_HZ};
  memset(records, 0, sizeof(records));
  play(&plan, NULL, records[0]);
  play(&plan, "", records[1]);
  check_records(plan.path);
}
END_TEST

/// A block more is heard of nowhere, and another file of the same patch is the same
START_TEST(other_blocks_may_come_and_go)
{
  static const char* const pieces[] = {
    "<offset/attack> ingen:value \"30 ms\" .\n",
    "<offset/attack> ingen:value \"30 ms\" .\n<> ingen:block <more> .\n"
    "<more> a ingen:Block ; lv2:prototype <urn:chronus:lfo> .\n"};

  const RigPlan plan = {.path = "keys.ttl", .sample_rate = RATE_HZ};
  memset(records, 0, sizeof(records));
  scratch_clear();
  write_keys("keys.ttl", pieces[_i]);
  play(&plan, NULL, records[0]);
  play(&plan, pieces[!_i], records[1]);
  ck_assert_float_gt(records[1][2][20000], 1.0f);
  check_records(plan.path);
}
END_TEST

// ---- Hands

START_TEST(opens_a_gate_at_its_frame)
{
  begin();
  write_keys("keys.ttl", "");
  const RigPlan plan = {.path = "keys.ttl", .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  run(&deck, 1000);
  send(700, (const uint8_t[]){0x90, 60, 100});
  send(901, (const uint8_t[]){0x80, 60, 0});
  run(&deck, 1000);
  for (uint32_t i = 0; i < 1000; ++i) {
    ck_assert_float_eq(signals[1][i], i >= 700 && i < 901 ? 10.0f : 0.0f);
  }
  finish(&deck);
}
END_TEST

START_TEST(holds_notes_over_a_change)
{
  begin();
  write_keys("keys.ttl", "");
  const RigPlan plan = {.path = "keys.ttl", .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  send(0, (const uint8_t[]){0x90, 60, 100});
  send(1, (const uint8_t[]){0x90, 64, 100});
  send(2, (const uint8_t[]){0x80, 64, 0});
  run(&deck, 256);
  deck_post(&deck, build(&plan, deck.current));
  run(&deck, 1024);
  for (uint32_t i = 0; i < 1024; ++i) {
    ck_assert_float_eq(signals[1][i], 10.0f);
  }
  rig_free(deck_collect(&deck));
  send(10, (const uint8_t[]){0x80, 60, 0});
  run(&deck, 256);
  ck_assert_float_eq(signals[1][9], 10.0f);
  ck_assert_float_eq(signals[1][10], 0.0f);
  finish(&deck);
}
END_TEST

static float
knob_of(const Deck* const deck, const char* const symbol)
{
  const Rig* const rig = deck->current;
  return rig->live[1][host_port(rig->patch.blocks[1].plugin, symbol)->index];
}

START_TEST(keeps_knobs_that_were_turned)
{
  begin();
  RigSetting controllers[] = {{"74", "offset/attack"}};
  RigPlan    plan          = {.path          = "keys.ttl",
                              .sample_rate   = RATE_HZ,
                              .controllers   = controllers,
                              .n_controllers = 1};
  Deck       deck;
  write_keys("keys.ttl", "");
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  ck_assert(rig_turn(deck.current, "offset/sustain", "25 %"));
  ck_assert(rig_turn(deck.current, "offset/decay", "1 s"));
  send(0, (const uint8_t[]){0xB0, 74, 127});
  run(&deck, 256);

  // All but the one that the file sets by now
  write_keys("keys.ttl", "<offset/decay> ingen:value \"2 s\" .\n");
  deck_post(&deck, build(&plan, deck.current));
  run(&deck, 1024);
  rig_free(deck_collect(&deck));
  const HostPlugin* const adsr = deck.current->patch.blocks[1].plugin;
  ck_assert_float_eq(knob_of(&deck, "sustain"), 25.0f);
  ck_assert_float_eq(knob_of(&deck, "decay"), 2.0f);
  ck_assert_float_eq(knob_of(&deck, "attack"), host_port(adsr, "attack")->maximum);
  finish(&deck);
}
END_TEST

START_TEST(refuses_what_is_no_knob)
{
  begin();
  write_keys("keys.ttl", "");
  RigPlan    plan = {.path = "keys.ttl", .sample_rate = RATE_HZ};
  Rig* const rig  = rig_new(&plan, NULL);
  ck_assert(!rig_turn(rig, "offset/none", "1"));
  ck_assert(!rig_turn(rig, "keys/gate", "1"));
  ck_assert(!rig_turn(rig, "offset/sustain", "101 %"));
  rig_free(rig);

  RigSetting wrong[] = {{"128", "offset/attack"}};
  plan.controllers   = wrong;
  plan.n_controllers = 1;
  ck_assert_ptr_null(rig_new(&plan, NULL));
  wrong[0] = (RigSetting){"1", "offset/gate"};
  ck_assert_ptr_null(rig_new(&plan, NULL));
}
END_TEST

START_TEST(fills_its_ring)
{
  static Ring ring;
  Turn        turn = {.block = 0};
  for (uint32_t round = 0; round < 3; ++round) {
    for (uint32_t n = 0; n < RING_SIZE; ++n) {
      ck_assert(ring_put(&ring, (Turn){.block = n}));
    }
    ck_assert(!ring_put(&ring, turn));
    for (uint32_t n = 0; n < RING_SIZE; ++n) {
      ck_assert(ring_take(&ring, &turn));
      ck_assert_uint_eq(turn.block, n);
    }
    ck_assert(!ring_take(&ring, &turn));
  }
}
END_TEST

// ---- The song

static void
write_clock(void)
{
  write_patch("clock.ttl",
              "<> a ingen:Graph ; lv2:port <out> ; ingen:block <clock> ;"
              " ingen:arc [ ingen:tail <clock/out_1> ; ingen:head <out> ] .\n"
              "<out> a lv2:CVPort , lv2:OutputPort ; lv2:index 0 .\n"
              "<clock> a ingen:Block ; lv2:prototype <urn:chronus:clock> .\n");
}

START_TEST(follows_the_transport)
{
  begin();
  write_clock();
  const RigPlan plan = {.path = "clock.ttl", .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_AUTO);
  DeckTransport transport = {.position = {.speed = 0.0}};
  run_with(&deck, 256, &transport);
  ck_assert(!deck.follows);

  transport = (DeckTransport){.has_bars = true,
                              .position = {.speed            = 1.0,
                                           .frame            = 48000,
                                           .bar              = 1,
                                           .beat_unit        = 4,
                                           .beats_per_bar    = 4.0f,
                                           .beats_per_minute = 90.0f}};
  run_with(&deck, 256, &transport);
  ck_assert(deck.follows);
  ck_assert_float_eq(deck.told.beats_per_minute, 90.0f);
  ck_assert_int_eq(deck.told.frame, 48000);

  // Transport that goes on as expected is no news, a jump is
  transport.position.frame += 256;
  run_with(&deck, 256, &transport);
  ck_assert_int_eq(deck.told.frame, 48000);
  transport.position.frame = 0;
  run_with(&deck, 256, &transport);
  ck_assert_int_eq(deck.told.frame, 0);
  transport.position.speed = 0.0;
  run_with(&deck, 256, &transport);
  ck_assert_double_eq(deck.told.speed, 0.0);
  finish(&deck);
}
END_TEST

START_TEST(plays_its_own_song)
{
  begin();
  write_clock();
  const RigPlan plan = {.path = "clock.ttl", .sample_rate = RATE_HZ};
  Deck          deck;
  deck_begin(&deck, build(&plan, NULL), fetch, DECK_OWN);
  const DeckTransport rolling = {.position = {.speed = 1.0}};
  run_with(&deck, 256, &rolling);
  ck_assert(!deck.follows);
  finish(&deck);
}
END_TEST

static Suite*
live_suite(void)
{
  Suite* const suite = suite_create("live");
  TCase* const tests = tcase_create("live");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_test(tests, plays_the_bits_of_render);
  tcase_add_test(tests, crosses_over_without_a_step);
  tcase_add_test(tests, collects_one_rig_after_the_other);
  tcase_add_loop_test(tests, goes_on_bit_for_bit, 0, (int)patches.gl_pathc);
  tcase_add_loop_test(tests, other_blocks_may_come_and_go, 0, 2);
  tcase_add_test(tests, opens_a_gate_at_its_frame);
  tcase_add_test(tests, holds_notes_over_a_change);
  tcase_add_test(tests, keeps_knobs_that_were_turned);
  tcase_add_test(tests, refuses_what_is_no_knob);
  tcase_add_test(tests, fills_its_ring);
  tcase_add_test(tests, follows_the_transport);
  tcase_add_test(tests, plays_its_own_song);
  suite_add_tcase(suite, tests);
  return suite;
}

int
main(void)
{
  if (glob(SOURCE_DIR "/presets/patches/*.ttl", 0, NULL, &patches)) {
    return EXIT_FAILURE;
  }

  const int status = run_tests(live_suite());
  globfree(&patches);
  return status;
}
