// SPDX-License-Identifier: ISC
// Promises of plugins/plugin.h to hosts, tried on every plugin of the bundle

#include "support/stress_host.h"
#include "support/test.h"

#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE 48000.0

enum { N_SEEDS = 3 };

static const double rates[] = {8000.0, 44100.0, 48000.0, 192000.0, 768000.0};

enum { N_RATES = sizeof(rates) / sizeof(rates[0]), N_RANGE_RATES = 2 };

// Too big for the stack
static StressHost rig;
static StressHost other_rig;
static Take       take;
static Take       other_take;
static Recording  expected;
static Recording  actual;

// ---- Playing

/// Play the take from its start
static void
play(const uint32_t block_frames, Recording* const recording)
{
  stress_host_reset(&rig);
  stress_host_play(&rig, &take, block_frames, recording);
}

/// Check that the take, played from its start, comes out as expected
static void
check_same(const uint32_t block_frames)
{
  play(block_frames, &actual);
  stress_host_check_same(&rig, &take, &expected, &actual);
}

/// Put a plugin into the rig, and expect from now on what it makes of a new take
static void
expect_take(const HostPlugin* const plugin, const uint32_t seed)
{
  stress_host_open(&rig, plugin, RATE);
  take_fill(&take, plugin, seed);
  stress_host_play(&rig, &take, 100, &expected);
}

/// Return the `k`th output, or input, that is a signal, or STRESS_HOST_PORTS if there
/// is none
static uint32_t
kth_signal(const HostPlugin* const plugin, const bool is_output, uint32_t k)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_signal(port) && port->is_output == is_output && k-- == 0) {
      return p;
    }
  }

  return STRESS_HOST_PORTS;
}

static uint32_t
count_signals(const HostPlugin* const plugin, const bool is_output)
{
  uint32_t n = 0;
  while (kth_signal(plugin, is_output, n) < STRESS_HOST_PORTS) {
    ++n;
  }
  return n;
}

// ---- Time

START_TEST(block_size_does_not_matter)
{
  static const uint32_t sizes[] = {
    1, 3, 17, 64, 100, 1024, 4096, 8192, STRESS_HOST_RANDOM};

  stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rates[_i % N_RATES]);
  for (uint32_t seed = 0; seed < N_SEEDS; ++seed) {
    take_fill(&take, rig.plugin, seed);
    play(333, &expected);
    for (uint32_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
      check_same(sizes[s]);
    }
  }
  stress_host_close(&rig);
}
END_TEST

/// Check that a take, where each input stays, moves or does both, is the same in
/// other blocks
static void
check_pair(const uint64_t still, const uint64_t moving, const uint32_t seed)
{
  static const uint32_t sizes[] = {1, 64, 1000, STRESS_HOST_RANDOM};

  take_fill(&take, rig.plugin, seed);
  take.n_frames = 1500;
  take_open_amounts(&take, rig.plugin, seed % 3U > 0);
  take_still(&take, rig.plugin, still, moving);
  play(333, &expected);
  for (uint32_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    check_same(sizes[s]);
  }
}

/// Of two inputs, with all others at 0 V or all moving, while knobs rest or turn
START_TEST(block_size_does_not_matter_to_pairs_of_inputs)
{
  enum { N_LEAST = 60 };

  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const uint32_t n_in    = count_signals(rig.plugin, false);
  const uint32_t n_pairs = n_in * n_in;
  for (uint32_t k = 0; n_pairs && (k < n_pairs || k < N_LEAST); ++k) {
    const uint64_t one   = UINT64_C(1) << k / n_in % n_in;
    const uint64_t other = UINT64_C(1) << k % n_in;
    check_pair(one, other, k); // Also for one input: both in turn
    check_pair(one | other, other, k);
    check_pair(one | other, one | other, k);
    check_pair(one, UINT64_MAX & ~one, k);
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(empty_block_does_nothing)
{
  expect_take(stress_host_plugin(_i), 1);

  stress_host_reset(&rig);
  while (rig.frame < take.n_frames) {
    stress_host_set_block(&rig, &take, 0);
    lilv_instance_run(rig.instance, 0);
    stress_host_get_block(&rig, &take, &actual);
    stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, 100));
    lilv_instance_run(rig.instance, rig.n_frames);
    stress_host_get_block(&rig, &take, &actual);
  }
  stress_host_check_same(&rig, &take, &expected, &actual);
  stress_host_close(&rig);
}
END_TEST

START_TEST(reset_is_as_good_as_new)
{
  const double rate = rates[_i % N_RATES];

  for (uint32_t seed = 0; seed < N_SEEDS; ++seed) {
    stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rate);
    take_fill(&take, rig.plugin, seed);
    stress_host_play(&rig, &take, 100, &expected);
    stress_host_close(&rig);

    stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rate);
    take_fill(&other_take, rig.plugin, seed + 17);
    stress_host_play(&rig, &other_take, 100, &actual);
    check_same(100);
    stress_host_close(&rig);
  }
}
END_TEST

START_TEST(instances_are_independent)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);

  expect_take(plugin, 1);
  stress_host_reset(&rig);

  stress_host_open(&other_rig, plugin, 96000.0);
  take_fill(&other_take, plugin, 2);
  static Recording other_recording;
  while (rig.frame < take.n_frames) {
    stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, 100));
    stress_host_set_block(
      &other_rig, &other_take, stress_host_next_block(&other_rig, &other_take, 100));
    lilv_instance_run(other_rig.instance, other_rig.n_frames);
    lilv_instance_run(rig.instance, rig.n_frames);
    stress_host_get_block(&other_rig, &other_take, &other_recording);
    stress_host_get_block(&rig, &take, &actual);
  }
  stress_host_check_same(&rig, &take, &expected, &actual);
  stress_host_close(&other_rig);
  stress_host_close(&rig);
}
END_TEST

// ---- Processors

static LV2_URID
map(const LV2_URID_Map_Handle handle, const char* const uri)
{
  return host_map((Host*)handle, uri);
}

/// Return what a library has under a URI
static const LV2_Descriptor*
find_descriptor(void* const library, const char* const uri)
{
  LV2_Descriptor_Function get_descriptor = NULL;
  *(void**)&get_descriptor               = dlsym(library, "lv2_descriptor");

  const LV2_Descriptor* descriptor = get_descriptor(0);
  for (uint32_t i = 1; descriptor && strcmp(descriptor->URI, uri) != 0; ++i) {
    descriptor = get_descriptor(i);
  }
  return descriptor;
}

/// Play the take with what a library makes of the plugin in the rig
static void
play_library(const char* const path, const double rate)
{
  void* const library = dlopen(path, RTLD_NOW);
  ck_assert_msg(library, "%s", dlerror());

  const LV2_Descriptor* const descriptor = find_descriptor(library, rig.plugin->uri);
  ck_assert_ptr_nonnull(descriptor);

  LV2_URID_Map             urid_map   = {stress_host_host(), map};
  const LV2_Feature        feature    = {LV2_URID__map, &urid_map};
  const LV2_Feature* const features[] = {&feature, NULL};
  LilvInstance             other      = {
                     descriptor, descriptor->instantiate(descriptor, rate, "", features), NULL};

  LilvInstance* const own = rig.instance;
  rig.instance            = &other;
  play(100, &actual);
  rig.instance = own;
  descriptor->cleanup(other.lv2_handle);
  dlclose(library);
}

START_TEST(processor_does_not_matter)
{
  stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rates[_i % N_RATES]);
  const char* const uri =
    lilv_node_as_uri(lilv_plugin_get_library_uri(rig.plugin->lilv));

  char path[1024];
  snprintf(
    path, sizeof(path), BUILD_DIR "/lv2_baseline/chronus.lv2%s", strrchr(uri, '/'));
  for (uint32_t seed = 0; seed < N_SEEDS && !access(path, R_OK); ++seed) {
    take_fill(&take, rig.plugin, seed);
    play(100, &expected);
    play_library(path, rates[_i % N_RATES]);
    stress_host_check_same(&rig, &take, &expected, &actual);
  }
  stress_host_close(&rig);
}
END_TEST

// ---- Lifetime

START_TEST(host_may_be_sloppy_about_activation)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);

  expect_take(plugin, 1);
  lilv_instance_activate(rig.instance);
  check_same(100);
  stress_host_close(&rig);

  stress_host_open(&rig, plugin, RATE);
  lilv_instance_free(rig.instance);
  rig.instance = host_instantiate(stress_host_host(), plugin, RATE);
  stress_host_play(&rig, &take, 100, &actual);
  stress_host_check_same(&rig, &take, &expected, &actual);
  lilv_instance_free(rig.instance);

  lilv_instance_free(host_instantiate(stress_host_host(), plugin, RATE));
}
END_TEST

/// Return true if a plugin takes MIDI, which it can't understand without urid:map
static bool
needs_map(const HostPlugin* const plugin)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == HOST_EVENTS) {
      return true;
    }
  }

  return false;
}

START_TEST(features_are_not_needed)
{
  static const LV2_Feature* const        none[]       = {NULL};
  static const LV2_Feature* const* const candidates[] = {NULL, none};

  const HostPlugin* const plugin = stress_host_plugin(_i);
  expect_take(plugin, 1);

  const LV2_Handle            handle     = rig.instance->lv2_handle;
  const LV2_Descriptor* const descriptor = rig.instance->lv2_descriptor;
  for (uint32_t c = 0; c < 2; ++c) {
    rig.instance->lv2_handle =
      descriptor->instantiate(descriptor, RATE, NULL, candidates[c]);
    ck_assert_ptr_nonnull(rig.instance->lv2_handle);
    play(100, &actual);
    if (!needs_map(plugin)) {
      stress_host_check_same(&rig, &take, &expected, &actual);
    }
    descriptor->cleanup(rig.instance->lv2_handle);
  }
  rig.instance->lv2_handle = handle;
  stress_host_close(&rig);
}
END_TEST

START_TEST(impossible_sample_rates_are_refused)
{
  static const double impossible[] = {0.0,
                                      -0.0,
                                      -48000.0,
                                      5e-324,
                                      1e-310,
                                      1e-30,
                                      0.999,
                                      100000001.0,
                                      4294967296.0,
                                      1e30,
                                      DBL_MAX,
                                      (double)NAN,
                                      (double)INFINITY,
                                      (double)-INFINITY};

  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const LV2_Descriptor* const descriptor = rig.instance->lv2_descriptor;
  for (uint32_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); ++i) {
    ck_assert_ptr_null(descriptor->instantiate(descriptor, impossible[i], "", NULL));
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(rates_that_are_taken_are_safe)
{
  static const double extreme[] = {1.0, 10.0, 999.0, 1e7, 1e8};

  for (uint32_t i = 0; i < sizeof(extreme) / sizeof(extreme[0]); ++i) {
    stress_host_open(&rig, stress_host_plugin(_i), extreme[i]);
    for (uint32_t seed = 0; seed < N_SEEDS; ++seed) {
      take_fill(&take, rig.plugin, seed);
      play(333, &expected);
      check_same(64);
    }
    stress_host_close(&rig);
  }
}
END_TEST

// ---- Connections

START_TEST(connections_last_and_may_come_in_any_order)
{
  expect_take(stress_host_plugin(_i), 1);
  stress_host_close(&rig);

  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  lilv_instance_deactivate(rig.instance);
  stress_host_stay(&rig);
  lilv_instance_activate(rig.instance);
  stress_host_play(&rig, &take, 100, &actual);
  stress_host_check_same(&rig, &take, &expected, &actual);
  stress_host_close(&rig);
}
END_TEST

START_TEST(unpatched_is_0_volts)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (is_input_signal(&rig.plugin->ports[p])) {
      take_fill(&take, rig.plugin, 1 + p);
      take_set_signal(&take, p, 0.0f);
      play(100, &expected);

      rig.wire[p] = STRESS_HOST_UNPATCHED;
      check_same(100);
      rig.wire[p] = p;
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(unpatched_inputs_are_0_volts_together)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  take_fill(&take, rig.plugin, 1);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    take_set_signal(&take, p, 0.0f);
  }
  stress_host_play(&rig, &take, 100, &expected);

  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    rig.wire[p] = is_input_signal(&rig.plugin->ports[p]) ? STRESS_HOST_UNPATCHED : p;
  }
  check_same(100);
  stress_host_close(&rig);
}
END_TEST

START_TEST(any_output_may_be_unpatched)
{
  expect_take(stress_host_plugin(_i), 1);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (rig.plugin->ports[p].is_output) {
      rig.wire[p] = STRESS_HOST_UNPATCHED;
      check_same(100);
      rig.wire[p] = p;
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(everything_may_be_unpatched)
{
  expect_take(stress_host_plugin(_i), 1);

  for (uint32_t p = 0; p < STRESS_HOST_PORTS; ++p) {
    rig.wire[p] = STRESS_HOST_UNPATCHED;
  }
  play(100, &actual);
  for (uint32_t p = 0; p < STRESS_HOST_PORTS; ++p) {
    rig.wire[p] = p;
  }
  check_same(100);
  stress_host_close(&rig);
}
END_TEST

// ---- Buffers that the host uses twice

/// Play with the wires as they are, and compare with `expected`
static void
check_wires(void)
{
  static const uint32_t sizes[] = {100, 8192};

  for (uint32_t s = 0; s < 2; ++s) {
    check_same(sizes[s]);
  }
}

START_TEST(any_output_may_be_in_place_of_any_input)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const uint32_t n_in  = count_signals(rig.plugin, false);
  const uint32_t n_out = count_signals(rig.plugin, true);

  take_fill(&take, rig.plugin, 1);
  stress_host_play(&rig, &take, 100, &expected);
  for (uint32_t i = 0; i < n_in; ++i) {
    const uint32_t in = kth_signal(rig.plugin, false, i);
    for (uint32_t o = 0; o < n_out; ++o) {
      rig.wire[in] = kth_signal(rig.plugin, true, o);
      check_wires();
    }
    rig.wire[in] = in;
  }
  stress_host_close(&rig);
}
END_TEST

/// Check that the output `out` may start one frame behind the input `in`
static void
check_overlap(const uint32_t in, const uint32_t out)
{
  enum { N_FRAMES = 64 }; // Beyond a slice, what is read was overwritten long before

  float memory[N_FRAMES + 1];
  memcpy(memory, take.in[in], N_FRAMES * sizeof(float));
  stress_host_reset(&rig);
  stress_host_set_block(&rig, &take, N_FRAMES);
  lilv_instance_connect_port(rig.instance, in, memory);
  lilv_instance_connect_port(rig.instance, out, memory + 1);
  lilv_instance_run(rig.instance, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    if (memory[i + 1] != expected.out[out][i]) {
      ck_abort_msg("%s: overlap with %s changes %s at frame %u",
                   rig.plugin->uri,
                   rig.plugin->ports[in].symbol,
                   rig.plugin->ports[out].symbol,
                   i);
    }
  }
}

START_TEST(any_output_may_overlap_any_input)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const uint32_t n_in  = count_signals(rig.plugin, false);
  const uint32_t n_out = count_signals(rig.plugin, true);

  for (uint32_t seed = 0; seed < 20; ++seed) {
    take_fill(&take, rig.plugin, seed);
    take_clear_messages(&take); // At which blocks are sliced
    play(1000, &expected);
    for (uint32_t k = 0; k < n_in * n_out; ++k) {
      check_overlap(kth_signal(rig.plugin, false, k / n_out),
                    kth_signal(rig.plugin, true, k % n_out));
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(all_outputs_may_be_in_place_crosswise)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const uint32_t n_in  = count_signals(rig.plugin, false);
  const uint32_t n_out = count_signals(rig.plugin, true);

  take_fill(&take, rig.plugin, 2);
  stress_host_play(&rig, &take, 100, &expected);
  for (uint32_t shift = 0; shift < n_in; ++shift) {
    for (uint32_t i = 0; i < n_in; ++i) {
      const uint32_t in = kth_signal(rig.plugin, false, (i + shift) % n_in);

      rig.wire[in] = i < n_out ? kth_signal(rig.plugin, true, i) : in;
    }
    check_wires();
  }
  stress_host_close(&rig);
}
END_TEST

/// Give all inputs the same signal
static void
share_signal(const HostPlugin* const plugin)
{
  const uint32_t first = kth_signal(plugin, false, 0);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (is_input_signal(&plugin->ports[p]) && p != first) {
      memcpy(take.in[p], take.in[first], sizeof(take.in[p]));
    }
  }
}

/// Give all outputs, or all inputs, one buffer
static void
share_buffer(const bool is_output, const uint32_t buffer)
{
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (host_is_signal(port) && port->is_output == is_output) {
      rig.wire[p] = buffer;
    }
  }
}

START_TEST(all_inputs_may_have_one_buffer)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  take_fill(&take, rig.plugin, 1);
  share_signal(rig.plugin);
  stress_host_play(&rig, &take, 100, &expected);
  share_buffer(false, STRESS_HOST_BUFFERS - 1);
  check_wires();
  stress_host_close(&rig);
}
END_TEST

/// A buffer that several outputs share has the first one's signal
static void
expect_first_output(void)
{
  const uint32_t first = kth_signal(rig.plugin, true, 0);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (is_output_signal(&rig.plugin->ports[p]) && p != first) {
      memcpy(expected.out[p], expected.out[first], sizeof(expected.out[p]));
    }
  }
}

START_TEST(all_outputs_may_have_one_buffer)
{
  expect_take(stress_host_plugin(_i), 1);
  expect_first_output();
  share_buffer(true, STRESS_HOST_BUFFERS - 1);
  check_wires();
  stress_host_close(&rig);
}
END_TEST

START_TEST(all_signals_may_have_one_buffer)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  take_fill(&take, rig.plugin, 1);
  share_signal(rig.plugin);
  stress_host_play(&rig, &take, 100, &expected);
  expect_first_output();
  share_buffer(false, STRESS_HOST_BUFFERS - 1);
  share_buffer(true, STRESS_HOST_BUFFERS - 1);
  check_wires();
  stress_host_close(&rig);
}
END_TEST

// ---- Knobs

/// Check that a knob at `value` is the same as one at `meaning`
static void
check_meaning(const uint32_t knob, const float value, const float meaning)
{
  static const uint32_t n_frames = 700;

  take.n_frames = n_frames;
  take_set_knob(&take, knob, meaning);
  play(100, &expected);
  take_set_knob(&take, knob, value);
  check_same(100);
}

START_TEST(knobs_stay_within_their_range)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (host_is_knob(port)) {
      take_fill(&take, rig.plugin, 1 + p);
      check_meaning(p, NAN, port->default_value);
      check_meaning(p, -NAN, port->default_value);
      check_meaning(p, INFINITY, port->maximum);
      check_meaning(p, 1e30f, port->maximum);
      check_meaning(p, nextafterf(port->maximum, INFINITY), port->maximum);
      check_meaning(p, -INFINITY, port->minimum);
      check_meaning(p, -1e30f, port->minimum);
      check_meaning(p, nextafterf(port->minimum, -INFINITY), port->minimum);
      rig.wire[p] = STRESS_HOST_UNPATCHED;
      check_meaning(p, 0.0f, port->default_value);
      rig.wire[p] = p;
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(unpatched_knobs_stand_at_their_default)
{
  expect_take(stress_host_plugin(_i), 0);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    rig.wire[p] = host_is_knob(&rig.plugin->ports[p]) ? STRESS_HOST_UNPATCHED : p;
  }
  check_same(100);
  stress_host_close(&rig);
}
END_TEST

START_TEST(every_knob_does_something)
{
  enum { N_TRIES = 400 }; // It takes some until a knob that counts late does

  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (host_is_knob(port)) {
      bool differs = false;
      for (uint32_t seed = 1; seed <= N_TRIES && !differs; ++seed) {
        take_fill(&take, rig.plugin, seed);
        take_set_knob(&take, p, port->minimum);
        play(1000, &expected);
        take_set_knob(&take, p, port->maximum);
        play(1000, &actual);
        differs = stress_host_is_different(&rig, &take, &expected, &actual);
      }
      ck_assert_msg(differs, "%s: %s does nothing", rig.plugin->uri, port->symbol);
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(knobs_at_their_ends_are_safe)
{
  stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rates[_i % N_RATES]);
  take_fill(&take, rig.plugin, 1);
  take.n_frames = 2000;
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (host_is_knob(port)) {
      take_fill(&take, rig.plugin, 1 + p);
      take.n_frames = 2000;
      take_set_knob(&take, p, p % 2U ? port->minimum : port->maximum);
      play(100, &actual);
      take_set_knob(&take, p, p % 2U ? port->maximum : port->minimum);
      play(100, &actual);
    }
  }
  stress_host_close(&rig);
}
END_TEST

/// Let all knobs be read from the buffer of output `out`, which the plugin overwrites
static void
put_knobs_in_output(const uint32_t out)
{
  float* const buffer = rig.buffer[out] + STRESS_HOST_GUARD_FRAMES + rig.shift;
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (host_is_knob(&rig.plugin->ports[p])) {
      buffer[p] = rig.control[p];
      lilv_instance_connect_port(rig.instance, p, buffer + p);
    }
  }
}

START_TEST(knobs_are_read_once_for_a_block)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const uint32_t out = kth_signal(rig.plugin, true, 0);
  for (uint32_t seed = 0; seed < N_SEEDS; ++seed) {
    take_fill(&take, rig.plugin, seed);
    play(1000, &expected);

    stress_host_reset(&rig);
    while (rig.frame < take.n_frames) {
      stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, 1000));
      if (rig.n_frames >= STRESS_HOST_PORTS) {
        put_knobs_in_output(out);
      }
      lilv_instance_run(rig.instance, rig.n_frames);
      stress_host_get_block(&rig, &take, &actual);
    }
    stress_host_check_same(&rig, &take, &expected, &actual);
  }
  stress_host_close(&rig);
}
END_TEST

// ---- Glides

enum {
  GLIDE_FRAMES = 32, ///< A sixth of a millisecond, in which a glide gets nowhere
  N_SETTINGS   = 160
};

#define GLIDE_RATE 192000.0
#define LATE_FRAMES 8000U

/// Return true if a plugin has CV outputs, which jump with gates and notes anyway
static bool
is_modulator(const HostPlugin* const plugin)
{
  return plugin->ports[kth_signal(plugin, true, 0)].kind == HOST_CV;
}

/// Return true if a knob need not glide: what it sets is shape or time, not a level
static bool
may_jump(const HostPlugin* const plugin, const HostPort* const knob)
{
  const bool is_time = !strcmp(knob->unit, "s") || !strcmp(knob->unit, "ms");

  return knob->has_artifacts || knob->is_enumeration || is_time ||
         (knob->is_integer && is_modulator(plugin));
}

/// Return the energy of the last frames of the difference between two recordings
static double
difference_energy(const Recording* const a, const Recording* const b)
{
  double energy = 0.0;
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (is_output_signal(&rig.plugin->ports[p])) {
      for (uint32_t i = take.n_frames - GLIDE_FRAMES; i < take.n_frames; ++i) {
        energy += pow((double)a->out[p][i] - (double)b->out[p][i], 2.0);
      }
    }
  }
  return energy;
}

/// Play with a knob at `first`, and for the last frames at `second`
static void
play_turn(const uint32_t   knob,
          const float      first,
          const float      second,
          Recording* const recording)
{
  take_set_knob(&take, knob, second);
  take.knob[0][knob] = first;
  play(take.n_frames, recording);
}

/**
   Measure how far the output has got on its way just after a knob was turned.

   Compares with what it is if the knob stood at either place from the first frame on.
   Returns 0 for nowhere to 1 for all the way, or NAN if the knob makes no difference.
*/
static double
measure_turn(const uint32_t knob, const float from, const float to)
{
  static Recording stayed;
  static Recording arrived;
  static Recording turned;
  static Recording nothing;

  play_turn(knob, from, from, &stayed);
  play_turn(knob, to, to, &arrived);
  play_turn(knob, from, to, &turned);

  const double whole = difference_energy(&stayed, &arrived);
  const double loud =
    difference_energy(&stayed, &nothing) + difference_energy(&arrived, &nothing);
  const double part = sqrt(difference_energy(&stayed, &turned) / whole);
  return whole > 1e-6 * loud ? fmin(part, 1.0) : (double)NAN;
}

/// Make settings that stay from `crossfade_frame` on, every other time without any
/// waiting
static void
fill_turn_take(const uint32_t seed, const uint32_t crossfade_frame)
{
  take_fill(&take, rig.plugin, seed);
  take.n_frames = crossfade_frame + GLIDE_FRAMES;
  for (uint32_t p = 0; seed % 2U && p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    take.knob[0][p] = !strcmp(port->unit, "s") ? port->minimum : take.knob[0][p];
  }
  for (uint32_t t = 1; t < STRESS_HOST_TURNS; ++t) {
    take.crossfade_frame[t] = crossfade_frame;
    memcpy(take.knob[t], take.knob[0], sizeof(take.knob[t]));
  }
}

/// Turn a knob at random settings after some frames, and return how often it counted
static unsigned
check_glide(const uint32_t knob, const uint32_t crossfade_frame)
{
  static const double   positions[] = {0.0, 0.25, 0.75, 1.0};
  const HostPort* const port        = &rig.plugin->ports[knob];

  double   sum = 0.0;
  unsigned n   = 0;
  for (uint32_t seed = 0; seed < N_SETTINGS; ++seed) {
    fill_turn_take(seed, crossfade_frame);

    const float  from = knob_value(port, positions[seed / 2U % 4U]);
    const float  to   = knob_value(port, 1.0 - positions[seed / 2U % 4U]);
    const double part = measure_turn(knob, from, to);
    if (!isnan(part)) {
      sum += part;
      ++n;
    }
  }

  ck_assert_msg(sum <= 0.25 * n,
                "%s: %s arrives at once (%g of %u times)",
                rig.plugin->uri,
                port->symbol,
                sum,
                n);
  return n;
}

/// Return true if knobs may only make a difference to what is shown
static bool
has_meters(const HostPlugin* const plugin)
{
  bool has = false;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    has = has || is_meter(&plugin->ports[p]);
  }
  return has;
}

START_TEST(turned_knobs_glide)
{
  stress_host_open(&rig, stress_host_plugin(_i), GLIDE_RATE);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (host_is_knob(port) && !may_jump(rig.plugin, port)) {
      // Sound that comes at once shows in the first frames, levels of stages later, and
      // the answer of a room after its shortest path
      const bool is_heard =
        check_glide(p, 1) + check_glide(p, 1000) > 0 || check_glide(p, LATE_FRAMES) > 0;
      ck_assert_msg(is_heard || has_meters(rig.plugin),
                    "%s: %s makes no difference",
                    rig.plugin->uri,
                    port->symbol);
    }
  }
  stress_host_close(&rig);
}
END_TEST

// ---- Signals

/// Check that an input at `value` now and then is the same as one at `meaning`
static void
check_signal(const uint32_t in, const float value, const float meaning)
{
  take_fill(&take, rig.plugin, 1);
  take.n_frames = 2000;
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    take.in[in][i] = i % 300U < 70U ? meaning : take.in[in][i];
  }
  play(100, &expected);
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    take.in[in][i] = i % 300U < 70U ? value : take.in[in][i];
  }
  check_same(100);
}

START_TEST(signals_are_cleaned)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (is_input_signal(&rig.plugin->ports[p])) {
      check_signal(p, NAN, 0.0f);
      check_signal(p, -NAN, 0.0f);
      check_signal(p, INFINITY, 0.0f);
      check_signal(p, -INFINITY, 0.0f);
      check_signal(p, FLT_MAX, 1e6f);
      check_signal(p, -FLT_MAX, -1e6f);
      check_signal(p, 1e30f, 1e6f);
      check_signal(p, -1e30f, -1e6f);
      check_signal(p, nextafterf(1e6f, INFINITY), 1e6f);
    }
  }
  stress_host_close(&rig);
}
END_TEST

START_TEST(garbage_does_not_stay)
{
  static const float garbage[] = {1e30f, -1e30f, 1e6f, NAN, -1e6f, 1e-40f, -INFINITY};

  stress_host_open(&rig, stress_host_plugin(_i / N_RATES), rates[_i % N_RATES]);
  for (uint32_t seed = 0; seed < 8; ++seed) {
    take_fill(&take, rig.plugin, seed);
    for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
      for (uint32_t i = 500; i < 1500; ++i) {
        take.in[p][i] = garbage[(i * i + p * seed) % 7U];
      }
    }
    play(100, &actual);
  }
  stress_host_close(&rig);
}
END_TEST

/// Return true if a plugin makes sound of its own
static bool
is_source(const HostPlugin* const plugin)
{
  const LilvPluginClass* const class = lilv_plugin_get_class(plugin->lilv);
  const LilvNode* const uri          = lilv_plugin_class_get_uri(class);
  const LilvNode* const parent       = lilv_plugin_class_get_parent_uri(class);

  return !strcmp(lilv_node_as_uri(uri), LV2_CORE__GeneratorPlugin) ||
         (parent && !strcmp(lilv_node_as_uri(parent), LV2_CORE__GeneratorPlugin));
}

/// Return the kind of signals that a plugin makes its sound of
static HostPortKind
material(const HostPlugin* const plugin)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == HOST_AUDIO && !plugin->ports[p].is_output) {
      return HOST_AUDIO;
    }
  }

  return HOST_CV;
}

static void
check_silence(void)
{
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (port->kind == HOST_AUDIO && port->is_output) {
      float loudest = 0.0f;
      for (uint32_t i = 0; i < take.n_frames; ++i) {
        loudest = fmaxf(loudest, fabsf(actual.out[p][i]));
      }
      ck_assert_float_eq(loudest, 0.0f);
    }
  }
}

/// Return true for a knob of resonance or feedback that makes a sound of its own beyond
/// 100 %
static bool
oscillates(const HostPort* const port)
{
  return host_is_knob(port) && !strcmp(port->unit, "%") && port->maximum > 100.0f;
}

/// Turn such knobs down to 100 %, and still the CV that could move them on
static void
take_calm(Take* const take, const HostPlugin* const plugin)
{
  bool is_calmed = false;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (oscillates(&plugin->ports[p])) {
      is_calmed = true;
      for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
        take->knob[t][p] = fminf(take->knob[t][p], 100.0f);
      }
    }
  }
  for (uint32_t p = 0; is_calmed && p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == HOST_CV && !plugin->ports[p].is_output) {
      take_set_signal(take, p, 0.0f);
    }
  }
}

/// Return true for a trigger that makes sound without any other input
static bool
strikes(const HostPort* const port)
{
  return is_input_signal(port) && !strcmp(port->symbol, "strike");
}

START_TEST(silence_makes_silence)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  for (uint32_t seed = 0; seed < N_SEEDS && !is_source(rig.plugin); ++seed) {
    take_fill(&take, rig.plugin, seed);
    for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
      if (rig.plugin->ports[p].kind == material(rig.plugin) ||
          strikes(&rig.plugin->ports[p])) {
        take_set_signal(&take, p, 0.0f);
      }
    }
    take_calm(&take, rig.plugin);
    play(100, &actual);
    check_silence();
  }
  stress_host_close(&rig);
}
END_TEST

// ---- Ranges

/// Check that what comes out is within the range that the Turtle declares
static void
check_range(const uint32_t seed)
{
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port  = &rig.plugin->ports[p];
    float                 least = 0.0f;
    float                 most  = 0.0f;
    for (uint32_t i = 0; is_output_signal(port) && i < take.n_frames; ++i) {
      least = fminf(least, actual.out[p][i]);
      most  = fmaxf(most, actual.out[p][i]);
    }
    if (is_output_signal(port) && (least < port->minimum || most > port->maximum)) {
      ck_abort_msg("%s: %s goes from %.9g to %.9g with seed %u",
                   rig.plugin->uri,
                   port->symbol,
                   (double)least,
                   (double)most,
                   seed);
    }
  }
}

/// Return for how long each plugin plays at 8 kHz, in seconds
static double
range_seconds(void)
{
  const char* const text = getenv("TEST_RANGE_SECONDS");

  return text ? strtod(text, NULL) : 600.0;
}

/// Whatever knobs and inputs are within their own
START_TEST(outputs_stay_within_their_range)
{
  enum { N_SAME = 40 }; // Takes that are played again and again, for what grows slowly

  const double rate     = rates[_i % 2];
  const double n_frames = range_seconds() * rates[0] / N_RANGE_RATES;
  stress_host_open(&rig, stress_host_plugin(_i / N_RANGE_RATES), rate);
  uint32_t seed = 0;
  for (double frame = 0.0; frame < n_frames; ++seed) {
    take_fill_within(&take, rig.plugin, seed);
    const uint32_t n_times = seed % 16U == 15U ? N_SAME : 1U;
    for (uint32_t i = 0; i < n_times; ++i, frame += take.n_frames) {
      rig.frame = 0;
      stress_host_play(&rig, &take, 1000, &actual);
      check_range(seed);
    }
  }
  stress_host_close(&rig);
}
END_TEST

int
main(void)
{
  const int n_plugins = stress_host_load();
  const int n_cases   = n_plugins * N_RATES;
  if (access(BUILD_DIR "/lv2_baseline", R_OK)) {
    puts("note: built for one kind of processor only: not compared with others");
  }

  Suite* const suite = suite_create("contract");
  TCase* const tests = tcase_create("contract");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, block_size_does_not_matter, 0, n_cases);
  tcase_add_loop_test(
    tests, block_size_does_not_matter_to_pairs_of_inputs, 0, n_plugins);
  tcase_add_loop_test(tests, processor_does_not_matter, 0, n_cases);
  tcase_add_loop_test(tests, empty_block_does_nothing, 0, n_plugins);
  tcase_add_loop_test(tests, reset_is_as_good_as_new, 0, n_cases);
  tcase_add_loop_test(tests, instances_are_independent, 0, n_plugins);
  tcase_add_loop_test(tests, host_may_be_sloppy_about_activation, 0, n_plugins);
  tcase_add_loop_test(tests, features_are_not_needed, 0, n_plugins);
  tcase_add_loop_test(tests, impossible_sample_rates_are_refused, 0, n_plugins);
  tcase_add_loop_test(tests, rates_that_are_taken_are_safe, 0, n_plugins);
  tcase_add_loop_test(tests, connections_last_and_may_come_in_any_order, 0, n_plugins);
  tcase_add_loop_test(tests, unpatched_is_0_volts, 0, n_plugins);
  tcase_add_loop_test(tests, unpatched_inputs_are_0_volts_together, 0, n_plugins);
  tcase_add_loop_test(tests, any_output_may_be_unpatched, 0, n_plugins);
  tcase_add_loop_test(tests, everything_may_be_unpatched, 0, n_plugins);
  tcase_add_loop_test(tests, any_output_may_be_in_place_of_any_input, 0, n_plugins);
  tcase_add_loop_test(tests, any_output_may_overlap_any_input, 0, n_plugins);
  tcase_add_loop_test(tests, all_outputs_may_be_in_place_crosswise, 0, n_plugins);
  tcase_add_loop_test(tests, all_inputs_may_have_one_buffer, 0, n_plugins);
  tcase_add_loop_test(tests, all_outputs_may_have_one_buffer, 0, n_plugins);
  tcase_add_loop_test(tests, all_signals_may_have_one_buffer, 0, n_plugins);
  tcase_add_loop_test(tests, knobs_stay_within_their_range, 0, n_plugins);
  tcase_add_loop_test(tests, unpatched_knobs_stand_at_their_default, 0, n_plugins);
  tcase_add_loop_test(tests, every_knob_does_something, 0, n_plugins);
  tcase_add_loop_test(tests, knobs_at_their_ends_are_safe, 0, n_cases);
  tcase_add_loop_test(tests, knobs_are_read_once_for_a_block, 0, n_plugins);
  tcase_add_loop_test(tests, turned_knobs_glide, 0, n_plugins);
  tcase_add_loop_test(tests, signals_are_cleaned, 0, n_plugins);
  tcase_add_loop_test(tests, garbage_does_not_stay, 0, n_cases);
  tcase_add_loop_test(
    tests, outputs_stay_within_their_range, 0, n_plugins * N_RANGE_RATES);
  tcase_add_loop_test(tests, silence_makes_silence, 0, n_plugins);
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
