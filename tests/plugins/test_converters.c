// SPDX-License-Identifier: ISC
// The converters between audio and CV as hosts see them

#include "support/stress_host.h"
#include "support/test.h"

#include "host/host.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define RATE_HZ 48000.0

static StressHost rig;
static Take       take;
static Recording  recording;

/// Put a plugin into the rig with all knobs at their defaults, and a sine at its input
static void
open_plugin(const char* const name, const float amplitude)
{
  stress_host_load();
  stress_host_open(&rig, host_plugin(stress_host_host(), name), RATE_HZ);
  take_fill(&take, rig.plugin, 0);
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    take.in[host_port(rig.plugin, "in")->index][i] =
      amplitude * sinf((float)i * 0.0712f);
  }
}

static void
close_plugin(void)
{
  stress_host_close(&rig);
  stress_host_unload();
}

static void
turn(const char* const symbol, const float value)
{
  take_set_knob(&take, host_port(rig.plugin, symbol)->index, value);
}

static void
play(void)
{
  stress_host_reset(&rig);
  stress_host_play(&rig, &take, 1000, &recording);
}

static const float*
input(void)
{
  return take.in[host_port(rig.plugin, "in")->index];
}

static const float*
output(const char* const symbol)
{
  return recording.out[host_port(rig.plugin, symbol)->index];
}

// ---- Audio to CV

START_TEST(audio_becomes_volts)
{
  open_plugin(CHRONUS_URI "audio_to_cv", 0.9f);
  turn("scale", 1.0f);
  play();
  ck_assert_mem_eq(output("out"), input(), take.n_frames * sizeof(float));

  turn("scale", -3.0f);
  turn("offset", 2.0f);
  play();
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    ck_assert_float_eq(output("out")[i], -3.0f * input()[i] + 2.0f);
  }
  close_plugin();
}
END_TEST

START_TEST(envelope_is_10_volts_at_full_scale)
{
  const uint32_t last = STRESS_HOST_FRAMES - 1U;

  open_plugin(CHRONUS_URI "audio_to_cv", 1.0f);
  turn("release", 2.0f);
  play();
  ck_assert_float_eq_tol(output("envelope")[last], 10.0f, 0.05f);

  turn("detector", 1.0f);
  turn("attack", 0.05f);
  play();
  ck_assert_float_eq_tol(output("envelope")[last], 7.07f, 0.05f);

  turn("sensitivity", 12.0f);
  play();
  ck_assert_float_eq(output("envelope")[last], 10.0f);
  close_plugin();
}
END_TEST

START_TEST(sensitivity_is_in_db)
{
  const uint32_t last = STRESS_HOST_FRAMES - 1U;

  open_plugin(CHRONUS_URI "audio_to_cv", 0.05f);
  play();
  const double plain_v = (double)output("envelope")[last];

  turn("sensitivity", 20.0f);
  play();
  ck_assert_double_eq_tol((double)output("envelope")[last] / plain_v, 10.0, 1e-5);
  close_plugin();
}
END_TEST

START_TEST(gate_follows_the_envelope)
{
  open_plugin(CHRONUS_URI "audio_to_cv", 1.0f);
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    // Swells and fades that cross the threshold, and such that only cross half of it
    take.in[host_port(rig.plugin, "in")->index][i] *= (float)(i / 500U % 4U) / 8.0f;
  }
  turn("threshold", 2.0f);
  turn("attack", 0.0001f);
  turn("release", 0.01f);
  play();

  bool     high    = false;
  uint32_t n_edges = 0;
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    const bool was_high = high;

    high = output("envelope")[i] >= (high ? 1.0f : 2.0f);
    n_edges += high != was_high;
    ck_assert_float_eq(output("gate")[i], high ? 10.0f : 0.0f);
  }
  ck_assert_uint_gt(n_edges, 6);
  close_plugin();
}
END_TEST

START_TEST(dc_block_comes_before_all)
{
  const uint32_t last = STRESS_HOST_FRAMES - 1U;

  open_plugin(CHRONUS_URI "audio_to_cv", 0.0f);
  take_set_signal(&take, host_port(rig.plugin, "in")->index, 0.5f);
  play();
  ck_assert_float_eq(output("out")[last], 2.5f);
  ck_assert_float_eq_tol(output("envelope")[last], 5.0f, 1e-4f);

  turn("dc_block", 1.0f);
  turn("release", 0.01f);
  play();
  ck_assert_float_eq_tol(output("out")[last], 0.0f, 0.01f);
  ck_assert_float_eq_tol(output("envelope")[last], 0.0f, 0.02f);
  close_plugin();
}
END_TEST

// ---- CV to audio

START_TEST(volts_become_audio)
{
  open_plugin(CHRONUS_URI "cv_to_audio", 7.0f);
  turn("full_scale", 1.0f);
  play();
  ck_assert_mem_eq(output("out"), input(), take.n_frames * sizeof(float));

  turn("full_scale", 5.0f);
  play();
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    ck_assert_float_eq_tol(output("out")[i], input()[i] / 5.0f, 2e-7f);
  }
  close_plugin();
}
END_TEST

START_TEST(audio_keeps_within_bounds)
{
  open_plugin(CHRONUS_URI "cv_to_audio", 10.0f);
  turn("full_scale", 1.0f);
  turn("clip", 1.0f);
  play();
  for (uint32_t i = 0; i < take.n_frames; ++i) {
    ck_assert_float_le(fabsf(output("out")[i]), 1.4f);
  }
  close_plugin();
}
END_TEST

START_TEST(audio_loses_its_offset)
{
  open_plugin(CHRONUS_URI "cv_to_audio", 0.0f);
  take_set_signal(&take, host_port(rig.plugin, "in")->index, 5.0f);
  play();
  ck_assert_float_eq_tol(output("out")[STRESS_HOST_FRAMES - 1U], 1.0f, 1e-6f);

  turn("dc_block", 1.0f);
  play();
  ck_assert_float_eq_tol(output("out")[STRESS_HOST_FRAMES - 1U], 0.0f, 0.01f);
  close_plugin();
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("converters");
  TCase* const tests = tcase_create("converters");
  tcase_add_test(tests, audio_becomes_volts);
  tcase_add_test(tests, envelope_is_10_volts_at_full_scale);
  tcase_add_test(tests, sensitivity_is_in_db);
  tcase_add_test(tests, gate_follows_the_envelope);
  tcase_add_test(tests, dc_block_comes_before_all);
  tcase_add_test(tests, volts_become_audio);
  tcase_add_test(tests, audio_keeps_within_bounds);
  tcase_add_test(tests, audio_loses_its_offset);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
