// SPDX-License-Identifier: ISC
// Tuning files, from a host with a worker, messages and states, into modules

#include "support/fixture.h"
#include "support/scratch.h"
#include "support/test.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/log/log.h>
#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROPERTY CHRONUS_URI "tuning#file"

enum { MAX_BYTES = 4096, MAX_URIS = 1024, N_FRAMES = 64 };

/// A module that takes tuning files, and the knob that chooses one
typedef struct {
  const char* uri;
  const char* knob;
  float       value;
} Module;

static const Module quantizer    = {CHRONUS_URI "quantizer", "scale", 27.0f};
static const Module midi_cv      = {CHRONUS_URI "midi_cv", "tuning", 7.0f};
static const Module midi_cv_poly = {CHRONUS_URI "midi_cv_poly", "tuning", 7.0f};

/// A host of one plugin, whose worker waits until it is told to work
typedef struct {
  Fixture                     fixture;
  const Module*               module;
  const LV2_Worker_Interface* worker;
  uint8_t                     request[MAX_BYTES];
  uint32_t                    request_size; ///< 0 if there is none
  uint8_t                     response[MAX_BYTES];
  uint32_t                    response_size; ///< 0 if there is none
  char                        log[MAX_BYTES];
} Rig;

static Rig  rig;
static char uris[MAX_URIS][128]; ///< By their numbers

// ---- Features

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  const LV2_URID urid = host_map((Host*)handle, uri);
  ck_assert_uint_lt(urid, MAX_URIS);
  snprintf(uris[urid], sizeof(uris[urid]), "%s", uri);
  return urid;
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  (void)handle;
  return urid < MAX_URIS ? uris[urid] : NULL;
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle,
              const uint32_t                   size,
              const void* const                data)
{
  Rig* const self = (Rig*)handle;
  if (self->request_size || size > MAX_BYTES) {
    return LV2_WORKER_ERR_NO_SPACE;
  }

  memcpy(self->request, data, size);
  self->request_size = size;
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle,
        const uint32_t                  size,
        const void* const               data)
{
  Rig* const self = (Rig*)handle;
  ck_assert_uint_le(size, MAX_BYTES);
  memcpy(self->response, data, size);
  self->response_size = size;
  return LV2_WORKER_SUCCESS;
}

static int
log_vprintf(const LV2_Log_Handle handle,
            const LV2_URID       type,
            const char* const    fmt,
            va_list              args)
{
  (void)type;

  Rig* const self = (Rig*)handle;
  return vsnprintf(self->log, sizeof(self->log), fmt, args);
}

static int
log_printf(const LV2_Log_Handle handle, const LV2_URID type, const char* fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  const int n = log_vprintf(handle, type, fmt, args);
  va_end(args);
  return n;
}

// ---- Host

static LV2_URID_Map        map;
static LV2_URID_Unmap      unmap;
static LV2_Worker_Schedule schedule = {&rig, schedule_work};
static LV2_Log_Log         host_log = {&rig, log_printf, log_vprintf};

static const LV2_Feature        map_feature      = {LV2_URID__map, &map};
static const LV2_Feature        schedule_feature = {LV2_WORKER__schedule, &schedule};
static const LV2_Feature        log_feature      = {LV2_LOG__log, &host_log};
static const LV2_Feature* const features[]       = {&map_feature,
                                                    &schedule_feature,
                                                    &log_feature,
                                                    NULL};
static const LV2_Feature* const few_features[]   = {&map_feature, NULL};

/// Have a new instance of the plugin, with defaults but the tuning
static void
renew(const LV2_Feature* const* const with)
{
  Fixture* const fixture = &rig.fixture;

  lilv_instance_deactivate(fixture->instance);
  lilv_instance_free(fixture->instance);
  fixture->instance = lilv_plugin_instantiate(fixture->plugin->lilv, 48000.0, with);
  ck_assert_ptr_nonnull(fixture->instance);
  for (uint32_t p = 0; p < fixture->plugin->n_ports; ++p) {
    lilv_instance_connect_port(fixture->instance, p, fixture_data(fixture, p));
  }
  rig.worker = (const LV2_Worker_Interface*)lilv_instance_get_extension_data(
    fixture->instance, LV2_WORKER__interface);
  rig.request_size = rig.response_size = 0;
  rig.log[0]                           = '\0';
  fixture_start(fixture);
  *fixture_knob(fixture, rig.module->knob) = rig.module->value;
}

static void
set_up_module(const Module* const module)
{
  rig.module = module;
  fixture_open(&rig.fixture, module->uri, 48000.0);
  map   = (LV2_URID_Map){rig.fixture.host, map_uri};
  unmap = (LV2_URID_Unmap){rig.fixture.host, unmap_uri};
  scratch_clear();
  renew(features);
}

static void
set_up(void)
{
  set_up_module(&quantizer);
}

static void
set_up_keys(void)
{
  set_up_module(&midi_cv);
}

static void
set_up_poly(void)
{
  set_up_module(&midi_cv_poly);
}

static void
tear_down(void)
{
  fixture_close(&rig.fixture);
}

static void*
work_in_thread(void* const data)
{
  (void)data;
  rig.worker->work(lilv_instance_get_handle(rig.fixture.instance),
                   respond,
                   &rig,
                   rig.request_size,
                   rig.request);
  return NULL;
}

/// Play a block, behind which the worker's answer comes if there is one
static void
run_block(void)
{
  fixture_run(&rig.fixture, N_FRAMES);
  if (rig.response_size) {
    const LV2_Handle handle = lilv_instance_get_handle(rig.fixture.instance);
    rig.worker->work_response(handle, rig.response_size, rig.response);
    rig.worker->end_run(handle);
    rig.response_size = 0;
  }
  fixture_clear_events(&rig.fixture);
}

/// Play a block in which In 1 is so many cents, if there is one, and return the cents
/// of Pitch 1
static double
play(const double cents)
{
  if (rig.module != &quantizer) {
    run_block();
    return 0.0;
  }

  fixture_fill(&rig.fixture, "in_1", (float)(cents / 1200.0));
  run_block();
  return 1200.0 * (double)fixture_signal(&rig.fixture, "pitch_1")[N_FRAMES - 1];
}

/// Let the worker do what it was asked for, if anything, in a thread of its own, while
/// the plugin plays, and bring it the answer
static void
work(void)
{
  if (rig.request_size) {
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, work_in_thread, NULL), 0);
    fixture_run(&rig.fixture, N_FRAMES);
    pthread_join(thread, NULL);
    rig.request_size = 0;
  }
  play(0.0);
}

/// Set the tuning file by a message
static void
set_file(const char* const path)
{
  Fixture* const       fixture = &rig.fixture;
  uint8_t              bytes[2048];
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;

  lv2_atom_forge_init(&forge, &map);
  lv2_atom_forge_set_buffer(&forge, bytes, sizeof(bytes));
  lv2_atom_forge_object(&forge, &frame, 0, host_map(fixture->host, LV2_PATCH__Set));
  lv2_atom_forge_key(&forge, host_map(fixture->host, LV2_PATCH__property));
  lv2_atom_forge_urid(&forge, host_map(fixture->host, PROPERTY));
  lv2_atom_forge_key(&forge, host_map(fixture->host, LV2_PATCH__value));
  lv2_atom_forge_path(&forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&forge, &frame);

  const uint32_t size = ((const LV2_Atom*)bytes)->size;
  fixture_add_event(
    fixture, 10, LV2_ATOM__Object, bytes + sizeof(LV2_Atom), size, size);
  play(0.0);
}

/// Ask for a property at frame 20, or for all if it is NULL
static void
ask(const char* const property)
{
  Fixture* const       fixture = &rig.fixture;
  uint8_t              bytes[256];
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;

  lv2_atom_forge_init(&forge, &map);
  lv2_atom_forge_set_buffer(&forge, bytes, sizeof(bytes));
  lv2_atom_forge_object(&forge, &frame, 0, host_map(fixture->host, LV2_PATCH__Get));
  if (property) {
    lv2_atom_forge_key(&forge, host_map(fixture->host, LV2_PATCH__property));
    lv2_atom_forge_urid(&forge, host_map(fixture->host, property));
  }
  lv2_atom_forge_pop(&forge, &frame);

  const uint32_t size = ((const LV2_Atom*)bytes)->size;
  fixture_add_event(
    fixture, 20, LV2_ATOM__Object, bytes + sizeof(LV2_Atom), size, size);
  play(0.0);
}

/// Check that the last block has sent a path, at a frame, and nothing else; or nothing
/// at all if that is NULL
static void
check_notice(const int64_t frame, const char* const path)
{
  Fixture* const                 fixture   = &rig.fixture;
  const LV2_Atom_Sequence* const sequence  = fixture_notices(fixture);
  uint32_t                       n_notices = 0;
  ck_assert_uint_eq(sequence->atom.type, host_map(fixture->host, LV2_ATOM__Sequence));
  LV2_ATOM_SEQUENCE_FOREACH(sequence, event)
  {
    const LV2_Atom_Object* const object   = (const LV2_Atom_Object*)&event->body;
    const LV2_Atom*              property = NULL;
    const LV2_Atom*              value    = NULL;
    lv2_atom_object_get(object,
                        host_map(fixture->host, LV2_PATCH__property),
                        &property,
                        host_map(fixture->host, LV2_PATCH__value),
                        &value,
                        0);
    ck_assert_uint_eq(object->atom.type, host_map(fixture->host, LV2_ATOM__Object));
    ck_assert_uint_eq(object->body.otype, host_map(fixture->host, LV2_PATCH__Set));
    ck_assert_ptr_nonnull(property);
    ck_assert_uint_eq(property->type, host_map(fixture->host, LV2_ATOM__URID));
    ck_assert_uint_eq(((const LV2_Atom_URID*)property)->body,
                      host_map(fixture->host, PROPERTY));
    ck_assert_ptr_nonnull(value);
    ck_assert_uint_eq(value->type, host_map(fixture->host, LV2_ATOM__Path));
    ck_assert_ptr_nonnull(path);
    ck_assert_uint_eq(value->size, strlen(path) + 1U);
    ck_assert_str_eq((const char*)LV2_ATOM_BODY_CONST(value), path);
    ck_assert_int_eq(event->time.frames, frame);
    ++n_notices;
  }
  ck_assert_uint_eq(n_notices, path ? 1 : 0);
}

/// Return the path of a file in the folder of the test
static const char*
path_of(const char* const name)
{
  static char path[512];
  snprintf(path, sizeof(path), "%s/%s", scratch_path(), name);
  return path;
}

static const char*
write_file(const char* const name, const char* const text, const size_t size)
{
  const char* const path = path_of(name);
  FILE* const       file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(text, 1, size, file), size);
  fclose(file);
  return path;
}

static const char*
write_text(const char* const name, const char* const text)
{
  return write_file(name, text, strlen(text));
}

/// Write a scale of two notes, the second of so many cents
static const char*
write_scale(const char* const name, const double cents)
{
  char text[128];
  snprintf(text, sizeof(text), "! %s\ntwo notes\n2\n%.3f\n2/1\n", name, cents);
  return write_text(name, text);
}

static void
load(const char* const path)
{
  set_file(path);
  work();
}

// ---- Messages

/// Before any file, there are twelve semitones
START_TEST(without_a_file_there_are_semitones)
{
  for (int s = -12; s <= 12; ++s) {
    ck_assert_double_eq_tol(play(100.0 * s + 30.0), 100.0 * s, 1e-3);
  }
}
END_TEST

START_TEST(a_file_is_the_scale)
{
  load(write_scale("two.scl", 633.3));
  ck_assert_str_eq(rig.log, "");
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
  ck_assert_double_eq_tol(play(100.0), 0.0, 1e-3);
  ck_assert_double_eq_tol(play(1800.0), 1833.3, 1e-3);

  // It stays, whatever happens to the file, and when the plugin starts anew
  ck_assert_int_eq(remove(path_of("two.scl")), 0);
  lilv_instance_deactivate(rig.fixture.instance);
  lilv_instance_activate(rig.fixture.instance);
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
}
END_TEST

/// A map of the same name is read, too, and tunes the root
START_TEST(a_map_lies_beside_the_scale)
{
  write_text("two.kbm", "0\n0\n127\n60\n60\n277.18263097687\n0\n");
  load(write_scale("two.scl", 633.3));
  ck_assert_str_eq(rig.log, "");
  ck_assert_double_eq_tol(play(90.0), 100.0, 1e-3);
  ck_assert_double_eq_tol(play(700.0), 733.3, 1e-3);

  // One that is chosen for itself takes the place of that
  load(write_text("other.kbm", "0\n0\n127\n60\n60\n261.6255653006\n0\n"));
  ck_assert_double_eq_tol(play(90.0), 0.0, 1e-3);
}
END_TEST

/// A file that is broken changes nothing, and the host is told which line it is
START_TEST(a_broken_file_changes_nothing)
{
  static const struct {
    const char* text;
    const char* log; ///< Behind the path
  } cases[] = {
    {"title\n3\n100.0\n", ":3: ends before its last note\n"},
    {"title\n0\n", ":2: has no notes\n"},
    {"title\n1000000000\n2/1\n", ":2: has more than 128 notes\n"},
    {"t\n2\n701,9\n2/1\n",
     ":3: has a note that is neither cents with a point, as 701.955, nor a ratio, as "
     "3/2\n"},
    {"", ":1: ends before the number of its notes\n"},
  };

  load(write_scale("good.scl", 633.3));
  for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    char want[1024];
    load(write_text("bad.scl", cases[c].text));
    snprintf(want, sizeof(want), "%s%s", path_of("bad.scl"), cases[c].log);
    ck_assert_str_eq(rig.log, want);
    ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
  }
  load(write_file("wide.scl", "\xff\xfet\0\n\0", 6));
  ck_assert_ptr_nonnull(strstr(rig.log, "wide.scl:1: is no plain text"));

  // Nor does a good scale with a broken map beside it
  write_text("pair.kbm", "12\n0\n127\n");
  load(write_scale("pair.scl", 100.0));
  ck_assert_ptr_nonnull(strstr(rig.log, "pair.kbm:3: ends before"));
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
}
END_TEST

/// Notes that do not rise are taken, with a message
START_TEST(a_file_that_does_not_rise_is_remarked_on)
{
  load(write_text("falls.scl", "falls\n3\n700.0\n400.0\n2/1\n"));
  ck_assert_ptr_nonnull(
    strstr(rig.log, "falls.scl:4: has a note that is not above the one before"));
  ck_assert_double_eq_tol(play(420.0), 400.0, 1e-3);
  ck_assert_double_eq_tol(play(720.0), 700.0, 1e-3);
}
END_TEST

/// Files that can't be read change nothing
START_TEST(what_cannot_be_read_changes_nothing)
{
  static char large[(1 << 16) + 1];

  load(write_scale("good.scl", 633.3));
  load(path_of("missing.scl"));
  ck_assert_ptr_nonnull(strstr(rig.log, "missing.scl: cannot be opened"));
  load(scratch_path());
  ck_assert_ptr_nonnull(strstr(rig.log, "cannot be"));
  memset(large, '!', sizeof(large));
  load(write_file("large.scl", large, sizeof(large)));
  ck_assert_ptr_nonnull(strstr(rig.log, "large.scl: is larger than 64 KB"));
  memset(large, 'x', sizeof(large));
  large[sizeof(large) - 1U] = '\0';
  set_file(large + sizeof(large) - 1200U); // Longer than any path that is taken
  ck_assert_uint_eq(rig.request_size, 0);
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
}
END_TEST

/// A host without a worker has the scales of the knob
START_TEST(a_host_needs_no_worker)
{
  renew(few_features);
  load(write_scale("two.scl", 633.3));
  ck_assert_double_eq_tol(play(400.0), 400.0, 1e-3);
}
END_TEST

// ---- Notices

START_TEST(a_host_may_ask_for_the_file)
{
  ask(PROPERTY);
  check_notice(20, "");
  ask("urn:other#file");
  check_notice(0, NULL);
  play(0.0);
  check_notice(0, NULL);

  char path[512];
  snprintf(path, sizeof(path), "%s", write_scale("two.scl", 633.3));
  load(path);
  play(0.0);
  ask(PROPERTY);
  check_notice(20, path);
  ask(NULL);
  check_notice(20, path);
}
END_TEST

START_TEST(a_new_file_is_announced)
{
  char path[512];
  snprintf(path, sizeof(path), "%s", write_scale("two.scl", 633.3));
  load(path);
  check_notice(0, NULL); // The answer of the worker came behind this block
  play(0.0);
  check_notice(0, path);
  play(0.0);
  check_notice(0, NULL);

  // A host that shows a broken one already is to show the old one again
  load(write_text("bad.scl", "title\n0\n"));
  play(0.0);
  check_notice(0, path);
}
END_TEST

/// Notices without room wait, and nothing is written behind the room
START_TEST(a_notice_waits_for_room)
{
  Fixture* const fixture = &rig.fixture;
  char           path[512];
  snprintf(path, sizeof(path), "%s", write_scale("two.scl", 633.3));
  load(path);

  const uint32_t padded = ((uint32_t)strlen(path) + 8U) & ~7U;
  const uint32_t needs  = (uint32_t)sizeof(LV2_Atom_Sequence_Body) + 64U + padded;
  for (uint32_t size = 0; size < needs; ++size) {
    fixture->notices_size = size;
    memset(fixture->notices, 0x5a, sizeof(fixture->notices));
    play(0.0);
    ck_assert_uint_le(fixture_notices(fixture)->atom.size, size);
    check_notice(0, NULL);
    const uint8_t* const behind =
      (const uint8_t*)fixture->notices + sizeof(LV2_Atom) + size;
    for (uint32_t i = 0; i < 64; ++i) {
      ck_assert_uint_eq(behind[i], 0x5a);
    }
  }

  fixture->notices_size = needs;
  play(0.0);
  check_notice(0, path);
  ask(PROPERTY);
  check_notice(20, path);
}
END_TEST

/// A host need not connect the output, nor let a block be long
START_TEST(a_host_may_have_no_ear_for_notices)
{
  fixture_unplug(&rig.fixture, "notify");
  load(write_scale("two.scl", 633.3));
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
  ask(PROPERTY);

  lilv_instance_connect_port(rig.fixture.instance,
                             host_port(rig.fixture.plugin, "notify")->index,
                             rig.fixture.notices);
  fixture_run(&rig.fixture, 0);
  check_notice(0, NULL);
  play(0.0);
  check_notice(0, path_of("two.scl"));
}
END_TEST

// ---- States

static LilvState*
save(void)
{
  LilvState* const state =
    lilv_state_new_from_instance(rig.fixture.plugin->lilv,
                                 rig.fixture.instance,
                                 &map,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE,
                                 features);
  ck_assert_ptr_nonnull(state);
  return state;
}

/// Return a state as a host finds it in a project, after it was written there
static LilvState*
write_and_read(LilvState* const state)
{
  LilvWorld* const world = host_world(rig.fixture.host);
  char* const      text =
    lilv_state_to_string(world, &map, &unmap, state, "urn:test:state", NULL);
  ck_assert_ptr_nonnull(text);

  LilvState* const again = lilv_state_new_from_string(world, &map, text);
  ck_assert_ptr_nonnull(again);
  free(text);
  lilv_state_free(state);
  return again;
}

static void
restore(const LilvState* const state, const LV2_Feature* const* const with)
{
  lilv_state_restore(state, rig.fixture.instance, NULL, NULL, 0, with);
  work();
}

/// A project is as it was, without the file; _i is whether the host lets it play on
START_TEST(a_state_holds_the_content)
{
  write_text("two.kbm", "0\n0\n127\n60\n60\n277.18263097687\n0\n");
  load(write_scale("two.scl", 633.3));
  LilvState* const state = write_and_read(save());
  ck_assert_int_eq(remove(path_of("two.scl")), 0);
  ck_assert_int_eq(remove(path_of("two.kbm")), 0);

  renew(features);
  ck_assert_double_eq_tol(play(400.0), 400.0, 1e-3);
  restore(state, _i ? features : few_features);
  if (_i) {
    check_notice(0, NULL); // The answer of the worker came behind this block
    play(0.0);
  }
  check_notice(0, path_of("two.scl"));
  ck_assert_double_eq_tol(play(700.0), 733.3, 1e-3);
  ck_assert_double_eq_tol(play(90.0), 100.0, 1e-3);
  ck_assert_str_eq(rig.log, "");

  play(0.0);
  check_notice(0, NULL); // For it was sent when it was restored
  ask(PROPERTY);
  check_notice(20, path_of("two.scl"));

  // A restored file is saved again
  LilvState* const again = write_and_read(save());
  renew(features);
  restore(again, features);
  ck_assert_double_eq_tol(play(700.0), 733.3, 1e-3);
  lilv_state_free(again);
  lilv_state_free(state);
}
END_TEST

/// A state from before any file brings the semitones back
START_TEST(a_state_holds_that_there_was_none)
{
  LilvState* const state = write_and_read(save());

  load(write_scale("two.scl", 633.3));
  restore(state, features);
  ck_assert_double_eq_tol(play(400.0), 400.0, 1e-3);
  lilv_state_free(state);
}
END_TEST

/// Content that is broken is refused, and changes nothing
START_TEST(a_broken_state_changes_nothing)
{
  LilvWorld* const world = host_world(rig.fixture.host);
  LilvState* const state = write_and_read(save());
  char* const      text =
    lilv_state_to_string(world, &map, &unmap, state, "urn:test:state", NULL);
  char* const number = strstr(text, "rdf:value");
  ck_assert_ptr_nonnull(number);
  char* const digit = strpbrk(number, "123456789");
  ck_assert_ptr_nonnull(digit);
  digit[0] = '0'; // No notes, where there were 12
  digit[1] = '.';

  LilvState* const broken = lilv_state_new_from_string(world, &map, text);
  load(write_scale("two.scl", 633.3));
  if (broken) {
    restore(broken, features);
    lilv_state_free(broken);
  }
  ck_assert_double_eq_tol(play(400.0), 633.3, 1e-3);
  free(text);
  lilv_state_free(state);
}
END_TEST

// ---- Keys

/// Play a key by itself, and return the cents of its pitch, or NAN if it is silent
static double
play_key(const uint8_t key)
{
  Fixture* const fixture = &rig.fixture;
  const bool     is_one  = rig.module == &midi_cv;

  *fixture_knob(fixture, "allocation") = 2.0f; // The lowest voice that is free
  fixture_add_midi(fixture, 0, 0xB0, 120, 0);
  run_block();
  fixture_add_midi(fixture, 0, 0x90, key, 100);
  run_block();
  const float gate = fixture_signal(fixture, is_one ? "gate" : "gate_1")[N_FRAMES - 1];
  const float pitch =
    fixture_signal(fixture, is_one ? "pitch" : "pitch_1")[N_FRAMES - 1];
  return gate > 0.0f ? 1200.0 * (double)pitch : NAN;
}

/// Keys play a file through a map, and those that it leaves out are silent
START_TEST(keys_play_a_file)
{
  ck_assert_double_eq_tol(play_key(61), 100.0, 1e-3);
  write_text("white.kbm",
             "12\n0\n127\n60\n69\n440.0\n7\n0\nx\n1\nx\n2\n3\nx\n4\nx\n5\nx\n6\n");
  load(write_text("white.scl", "just\n7\n9/8\n5/4\n4/3\n3/2\n5/3\n15/8\n2/1\n"));
  ck_assert_str_eq(rig.log, "");
  for (uint8_t key = 0; key < 128; ++key) {
    static const double ratios[12] = {1.0,
                                      0.0,
                                      9.0 / 8.0,
                                      0.0,
                                      5.0 / 4.0,
                                      4.0 / 3.0,
                                      0.0,
                                      3.0 / 2.0,
                                      0.0,
                                      5.0 / 3.0,
                                      0.0,
                                      15.0 / 8.0};
    const double        ratio      = ratios[key % 12];
    const double        cents      = play_key(key);
    if (ratio > 0.0) {
      const double c4 = 900.0 - 1200.0 * log2(5.0 / 3.0); // A4 stays at 440 Hz
      ck_assert_double_eq_tol(cents, c4 + 1200.0 * (log2(ratio) + key / 12 - 5), 0.01);
    } else {
      ck_assert(isnan(cents));
    }
  }

  // It stays with the plugin, and with the project, but only File plays it
  LilvState* const state                = write_and_read(save());
  *fixture_knob(&rig.fixture, "tuning") = 0.0f;
  ck_assert_double_eq_tol(play_key(61), 100.0, 1e-3);
  renew(features);
  ck_assert_double_eq_tol(play_key(61), 100.0, 1e-3);
  restore(state, features);
  ck_assert(isnan(play_key(61)));
  ask(PROPERTY);
  check_notice(20, path_of("white.scl"));
  lilv_state_free(state);
}
END_TEST

/// Messages that tune keys reach the module, in their frame
START_TEST(keys_are_tuned_by_messages)
{
  static const uint8_t up[] = {0xF0, 0x7F, 0x7F, 0x08, 0x02, 0, 1, 60, 60, 64, 0, 0xF7};

  Fixture* const     fixture = &rig.fixture;
  const float* const pitch =
    fixture_signal(fixture, rig.module == &midi_cv ? "pitch" : "pitch_1");
  *fixture_knob(fixture, "tuning") = 8.0f;
  fixture_add_midi(fixture, 0, 0x90, 60, 100);
  fixture_add_event(fixture, 33, LV2_MIDI__MidiEvent, up, sizeof(up), sizeof(up));
  run_block();
  ck_assert_float_eq(pitch[32], 0.0f);
  ck_assert_float_eq(pitch[33], (float)(0.5 / 12.0));
  ck_assert_double_eq_tol(play_key(61), 100.0, 1e-3);
}
END_TEST

static void
add_key_tests(Suite* const suite, const char* const name, void (*const open)(void))
{
  TCase* const tests = tcase_create(name);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, open, tear_down);
  tcase_add_test(tests, keys_play_a_file);
  tcase_add_test(tests, keys_are_tuned_by_messages);
  suite_add_tcase(suite, tests);
}

int
main(void)
{
  Suite* const suite = suite_create("tuning");
  TCase* const tests = tcase_create("tuning");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, without_a_file_there_are_semitones);
  tcase_add_test(tests, a_file_is_the_scale);
  tcase_add_test(tests, a_map_lies_beside_the_scale);
  tcase_add_test(tests, a_broken_file_changes_nothing);
  tcase_add_test(tests, a_file_that_does_not_rise_is_remarked_on);
  tcase_add_test(tests, what_cannot_be_read_changes_nothing);
  tcase_add_test(tests, a_host_needs_no_worker);
  tcase_add_test(tests, a_host_may_ask_for_the_file);
  tcase_add_test(tests, a_new_file_is_announced);
  tcase_add_test(tests, a_notice_waits_for_room);
  tcase_add_test(tests, a_host_may_have_no_ear_for_notices);
  tcase_add_loop_test(tests, a_state_holds_the_content, 0, 2);
  tcase_add_test(tests, a_state_holds_that_there_was_none);
  tcase_add_test(tests, a_broken_state_changes_nothing);
  suite_add_tcase(suite, tests);
  add_key_tests(suite, "midi_cv", set_up_keys);
  add_key_tests(suite, "midi_cv_poly", set_up_poly);
  return run_tests(suite);
}
