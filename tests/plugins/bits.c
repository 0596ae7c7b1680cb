// SPDX-License-Identifier: ISC
/**
   A hash of all that every plugin of a bundle puts out, to compare machines by.

   The input is pseudo-random, and made without the C library's functions, as these
   round differently on different machines: knobs, signals, MIDI, at several rates.
*/

#include "host/host.h"
#include "support/stress_host.h"
#include "support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_TAKES = 4, BLOCK_FRAMES = 100 };

static const double rates[] = {44100.0, 48000.0, 192000.0};

// Too big for the stack
static StressHost rig;
static Take       take;
static Recording  recording;

static uint64_t chance;

/// Return a number from 0 to below 1
static double
next_random(void)
{
  chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(chance >> 11U) * 0x1p-53;
}

/// Return a value from some way below the range of a port to above it
static float
any_value(const HostPort* const port)
{
  const double span = (double)port->maximum - (double)port->minimum;

  return (float)((double)port->minimum + span * (1.2 * next_random() - 0.1));
}

/// Turn all knobs at random, but leave them at their defaults for the first take
static void
fill_knobs(const HostPlugin* const plugin, const uint32_t number)
{
  for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
    take.crossfade_frame[t] = t * (STRESS_HOST_FRAMES / STRESS_HOST_TURNS);
    for (uint32_t p = 0; p < plugin->n_ports; ++p) {
      const float value  = any_value(&plugin->ports[p]);
      const bool  stays  = t > 0U && next_random() < 0.6;
      const float before = t > 0U ? take.knob[t - 1U][p] : 0.0f;
      take.knob[t][p]    = number == 0U ? plugin->ports[p].default_value
                           : stays      ? before
                                        : value;
    }
  }
}

/// Make steps, slopes, silence and noise
static void
fill_signal(float* const out, const HostPort* const port)
{
  const bool is_cv = port->kind == HOST_CV;
  float      level = 0.0f;
  float      slope = 0.0f;
  float      noise = 0.0f;
  for (uint32_t i = 0, left = 0; i < STRESS_HOST_FRAMES; ++i, --left) {
    if (!left) {
      left  = 1U + (uint32_t)(900.0 * next_random() * next_random());
      level = is_cv ? any_value(port) : (float)(2.0 * next_random() - 1.0);
      slope = next_random() < 0.3 ? -level / (float)left : 0.0f;
      noise = next_random() < 0.4 ? 0.5f : 0.0f;
    }
    out[i] = level + noise * (float)next_random();
    level += slope;
  }
}

/// Press and release keys, bend pitch and move controllers
static void
fill_messages(void)
{
  static const uint8_t statuses[] = {0x90, 0x90, 0x80, 0xb0, 0xe0};

  for (uint32_t m = 0; m < STRESS_HOST_MESSAGES; ++m) {
    StressHostMessage* const message = &take.message[m];

    message->frame    = m * (STRESS_HOST_FRAMES / STRESS_HOST_MESSAGES);
    message->size     = 3;
    message->bytes[0] = statuses[(uint32_t)(5.0 * next_random())];
    message->bytes[1] = (uint8_t)(36.0 + 48.0 * next_random());
    message->bytes[2] = (uint8_t)(128.0 * next_random());
  }
}

static void
fill_take(const HostPlugin* const plugin, const uint32_t number)
{
  chance        = number;
  take.n_frames = STRESS_HOST_FRAMES;
  fill_knobs(plugin, number);
  fill_messages();
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (host_is_signal(&plugin->ports[p]) && !plugin->ports[p].is_output) {
      fill_signal(take.in[p], &plugin->ports[p]);
    }
  }
}

/// Add the outputs of a take to a hash, which is FNV-1a of words
static uint64_t
add_outputs(uint64_t hash, const HostPlugin* const plugin)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    for (uint32_t i = 0; host_is_signal(port) && port->is_output && i < take.n_frames;
         ++i) {
      uint32_t word = 0;
      memcpy(&word, &recording.out[p][i], sizeof(word));
      hash = (hash ^ word) * UINT64_C(1099511628211);
    }
  }
  return hash;
}

static uint64_t
hash_of(const HostPlugin* const plugin, const double rate)
{
  uint64_t hash = UINT64_C(14695981039346656037);

  stress_host_open(&rig, plugin, rate);
  for (uint32_t number = 0; number < N_TAKES; ++number) {
    fill_take(plugin, number);
    stress_host_reset(&rig);
    stress_host_play(&rig, &take, BLOCK_FRAMES, &recording);
    hash = add_outputs(hash, plugin);
  }
  stress_host_close(&rig);
  return hash;
}

START_TEST(hashes)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    printf(
      "%s %.0f Hz %016" PRIx64 "\n", plugin->uri, rates[r], hash_of(plugin, rates[r]));
  }
  fflush(stdout);
}
END_TEST

int
main(void)
{
  TCase* const tests = tcase_create("bits");
  tcase_set_timeout(tests, 600.0);
  tcase_add_loop_test(tests, hashes, 0, stress_host_load());

  Suite* const suite = suite_create("bits");
  suite_add_tcase(suite, tests);
  SRunner* const runner = srunner_create(suite);
  srunner_run_all(runner, CK_SILENT);
  const int n_failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  stress_host_unload();
  return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
