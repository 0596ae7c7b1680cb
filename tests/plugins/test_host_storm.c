// SPDX-License-Identifier: ISC
/*
  Hosts that do everything at once, at random: several instances of any plugins, at any
  rate, in any order, with blocks of any length; knobs, MIDI, transport and signals that
  may be no numbers; ports that are connected anew, to NULL or to each other's buffers;
  instances that are activated again or replaced.

  Each instance has a twin that gets the same in other blocks, and must put out the
  same, bit by bit.  The rig looks for what is not finite, and for writes beyond
  buffers; here, what comes of signals within their ranges must be within its own.

  After a storm of all plugins, each has one of its own: a rare fault needs thousands of
  takes.

  TEST_STORM_SECONDS says how long the first lasts, TEST_STORM_OWN_SECONDS how long each
  of the others does, TEST_STORM_SEED which ones they are, and TEST_PLUGIN what must be
  in the URIs of their plugins.
*/

#include "support/stress_host.h"
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
  N_PAIRS   = 3,
  MAX_ACTS  = 8, ///< Takes that an instance plays before it is replaced
  SHORT_RUN = 8, ///< Seconds
  OWN_RUN   = 2  ///< Seconds, of a storm of one plugin
};

/// An instance and its twin, and what both play
typedef struct {
  StressHost rig[2];
  Recording  recording[2];
  Take       take;
  bool       is_tame; ///< Whether all inputs have been within their ranges
  uint32_t   n_acts;  ///< How many are left
} Pair;

static Pair     pairs[N_PAIRS]; // Too big for the stack
static uint64_t state;          ///< Of the random numbers that decide on everything
static int      n_plugins;
static int      first_plugin; ///< Those that a storm picks from ...
static int      end_plugin;   ///< ... end before this one

// ---- Chance

/// Return a random number below `n`
static uint32_t
below(const uint32_t n)
{
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((state >> 32U) * n >> 32U);
}

static bool
one_in(const uint32_t n)
{
  return below(n) == 0;
}

static double
random_rate(void)
{
  static const double rates[] = {
    1.0, 100.0, 8000.0, 11025.7, 44100.0, 48000.0, 96000.0, 192000.0, 768000.0, 1e8};

  return rates[below(sizeof(rates) / sizeof(rates[0]))];
}

static uint32_t
random_block(void)
{
  switch (below(8)) {
  case 0:
    return below(3);
  case 1:
    return below(STRESS_HOST_BLOCK_FRAMES) + 1U;
  case 2:
    return 256;
  default:
    return below(700) + 1U;
  }
}

/// Return something that may come in where a number should
static float
random_garbage(void)
{
  static const float garbage[] = {
    NAN, -NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1e6f, -1e6f, 1e-40f, -0.0f};

  return garbage[below(sizeof(garbage) / sizeof(garbage[0]))];
}

// ---- What a pair plays

/// Put what is no sane signal into an input, here and there or for a while
static void
spoil(Take* const take, const uint32_t port)
{
  const bool     lasts   = one_in(3);
  const float    value   = random_garbage();
  const uint32_t start   = below(STRESS_HOST_FRAMES);
  const uint32_t n_times = 1U + below(lasts ? 2000 : 20);
  for (uint32_t i = 0; i < n_times; ++i) {
    const uint32_t at = lasts ? start + i : below(STRESS_HOST_FRAMES);
    take->in[port][at % STRESS_HOST_FRAMES] = lasts ? value : random_garbage();
  }
}

/// Fill a take with anything; returns true if all inputs are within their ranges
static bool
fill_take(Take* const take, const HostPlugin* const plugin)
{
  const bool     is_tame = !one_in(3);
  const uint32_t seed    = below(1000000);
  if (is_tame) {
    take_fill_within(take, plugin, seed);
  } else {
    take_fill(take, plugin, seed);
  }

  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (!is_tame && is_input_signal(&plugin->ports[p]) && one_in(3)) {
      spoil(take, p);
    }
    if (host_is_knob(&plugin->ports[p]) && one_in(20)) {
      take->knob[below(STRESS_HOST_TURNS)][p] = random_garbage();
    }
  }
  take->n_frames = 1U + below(STRESS_HOST_FRAMES);
  return is_tame;
}

/// Connect a pair's ports to their own buffers, to those of outputs, or to nothing
static void
connect(Pair* const pair)
{
  const HostPlugin* const plugin = pair->rig[0].plugin;
  const bool              plain  = one_in(3);

  uint32_t out = STRESS_HOST_UNPATCHED;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    uint32_t              wire = !plain && one_in(8) ? STRESS_HOST_UNPATCHED : p;
    if (is_output_signal(port)) {
      out = one_in(3) ? p : out;
    } else if (is_input_signal(port) && !plain && one_in(4)) {
      wire = out;
      out =
        STRESS_HOST_UNPATCHED; // No two inputs have one buffer, in which one is lost
    }
    pair->rig[0].wire[p] = pair->rig[1].wire[p] = wire;
  }
}

/// Put another plugin into a pair
static void
replace(Pair* const pair)
{
  const uint32_t          n      = (uint32_t)(end_plugin - first_plugin);
  const HostPlugin* const plugin = stress_host_plugin(first_plugin + (int)below(n));
  const double            rate   = random_rate();

  for (uint32_t r = 0; r < 2; ++r) {
    if (pair->rig[r].instance) {
      stress_host_close(&pair->rig[r]);
    }
    stress_host_open(&pair->rig[r], plugin, rate);
  }
  pair->is_tame = true;
  pair->n_acts  = 1U + below(MAX_ACTS);
}

/// Begin another take, with the plugin as it is, as new, or with another
static void
begin_act(Pair* const pair)
{
  if (pair->n_acts-- == 0) {
    replace(pair);
  }

  const bool resets = one_in(4);
  for (uint32_t r = 0; r < 2; ++r) {
    if (resets) {
      stress_host_reset(&pair->rig[r]);
    }
    pair->rig[r].frame = 0;
  }
  const bool is_tame = fill_take(&pair->take, pair->rig[0].plugin);
  pair->is_tame      = is_tame && (pair->is_tame || resets);
  connect(pair);
}

static bool
is_over(const Pair* const pair, const uint32_t r)
{
  return pair->rig[r].frame >= pair->take.n_frames;
}

static void
play_block(Pair* const pair, const uint32_t r)
{
  StressHost* const rig = &pair->rig[r];
  stress_host_set_block(
    rig, &pair->take, stress_host_next_block(rig, &pair->take, random_block()));
  lilv_instance_run(rig->instance, rig->n_frames);
  stress_host_get_block(rig, &pair->take, &pair->recording[r]);
}

// ---- What must have come of it

static void
check_range(const Pair* const pair, const uint32_t port)
{
  const HostPort* const range = &pair->rig[0].plugin->ports[port];
  for (uint32_t i = 0; i < pair->take.n_frames; ++i) {
    const float value = pair->recording[0].out[port][i];
    if (value < range->minimum || value > range->maximum) {
      ck_abort_msg("%s has %.9g at frame %u of %s",
                   pair->rig[0].plugin->uri,
                   (double)value,
                   i,
                   range->symbol);
    }
  }
}

static void
end_act(const Pair* const pair)
{
  const StressHost* const rig = &pair->rig[0];
  stress_host_check_same(rig, &pair->take, &pair->recording[0], &pair->recording[1]);
  for (uint32_t p = 0; pair->is_tame && p < rig->plugin->n_ports; ++p) {
    if (is_output_signal(&rig->plugin->ports[p]) &&
        rig->wire[p] != STRESS_HOST_UNPATCHED) {
      check_range(pair, p);
    }
  }
}

// ---- Storms

static double
setting(const char* const name, const double otherwise)
{
  const char* const text = getenv(name);

  return text ? strtod(text, NULL) : otherwise;
}

/// Let some pair do what comes next
static void
blow(void)
{
  Pair* const    pair = &pairs[below(N_PAIRS)];
  const uint32_t r    = below(2);
  if (!is_over(pair, r)) {
    play_block(pair, r);
  } else if (is_over(pair, 1U - r)) {
    end_act(pair);
    begin_act(pair);
  }
}

/// Let a storm of the plugins from `first` to before `end` blow
static void
storm(const int first, const int end, const double seconds)
{
  first_plugin = first;
  end_plugin   = end;
  state        = (uint64_t)setting("TEST_STORM_SEED", 1.0);
  for (uint32_t p = 0; p < N_PAIRS; ++p) {
    pairs[p].n_acts = 0;
    begin_act(&pairs[p]);
  }

  const clock_t until = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
  while (clock() < until) {
    blow();
  }

  for (uint32_t p = 0; p < N_PAIRS; ++p) {
    for (uint32_t r = 0; r < 2; ++r) {
      stress_host_close(&pairs[p].rig[r]);
      pairs[p].rig[r].instance = NULL;
    }
  }
}

START_TEST(nothing_breaks_in_a_storm)
{
  const double seconds = setting("TEST_STORM_SECONDS", SHORT_RUN);
  fprintf(stderr,
          "note: storm %.0f blows for %g s\n",
          setting("TEST_STORM_SEED", 1.0),
          seconds);
  storm(0, n_plugins, seconds);
}
END_TEST

START_TEST(no_plugin_breaks_in_a_storm_of_its_own)
{
  storm(_i, _i + 1, setting("TEST_STORM_OWN_SECONDS", OWN_RUN));
}
END_TEST

int
main(void)
{
  n_plugins = stress_host_load();

  Suite* const suite = suite_create("host storm");
  TCase* const tests = tcase_create("host storm");
  tcase_set_timeout(tests,
                    60.0 + 10.0 * (setting("TEST_STORM_SECONDS", SHORT_RUN) +
                                   setting("TEST_STORM_OWN_SECONDS", OWN_RUN)));
  tcase_add_test(tests, nothing_breaks_in_a_storm);
  tcase_add_loop_test(tests, no_plugin_breaks_in_a_storm_of_its_own, 0, n_plugins);
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
