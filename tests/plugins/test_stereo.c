// SPDX-License-Identifier: ISC
// Stereo forms: each of their channels is what the form for one channel makes of it, or
// what the module makes of both if it is a stereo one by itself

#include "support/stress_host.h"
#include "support/test.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N_CHANNELS = 2, N_SEEDS = 4, MAX_NAME = 256 };

static const char* const endings[N_CHANNELS] = {"_left", "_right"};

static int        n_plugins = 0;
static StressHost rig;
static Take       stereo_take;
static Take       mono_take;
static Recording  stereo;
static Recording  mono;

/// Return the form for one channel of the module that a stereo form is of, or else the
/// module, which then has both channels
static const HostPlugin*
find_mono(const HostPlugin* const plugin)
{
  const char* const form = strchr(plugin->uri + strlen(CHRONUS_URI), '-');

  char uri[MAX_NAME];
  snprintf(uri, sizeof(uri), "%.*s-track", (int)(form - plugin->uri), plugin->uri);
  const HostPlugin* const found = host_plugin(stress_host_host(), uri);
  if (found) {
    return found;
  }

  snprintf(uri, sizeof(uri), "%.*s", (int)(form - plugin->uri), plugin->uri);
  const HostPlugin* const module = host_plugin(stress_host_host(), uri);
  ck_assert_msg(module && host_port(module, "out_right"), "<%s> has no right", uri);
  return module;
}

/// Return true if a plugin is a module twice, rather than one that is stereo itself
static bool
is_doubled(const HostPlugin* const plugin)
{
  const char* const form = strchr(plugin->uri + strlen(CHRONUS_URI), '-');
  if (!form || strncmp(form, "-stereo", strlen("-stereo")) != 0) {
    return false;
  }

  char uri[MAX_NAME];
  snprintf(uri, sizeof(uri), "%.*s", (int)(form - plugin->uri), plugin->uri);
  const HostPlugin* const module = host_plugin(stress_host_host(), uri);
  ck_assert_msg(module, "there is no <%s>", uri);
  return !host_port(module, plugin->ports[0].symbol);
}

/// Return the port of a stereo form that is `symbol` in a channel, or NULL
static const HostPort*
find_port(const HostPlugin* const plugin, const char* const symbol, const int channel)
{
  char name[MAX_NAME];
  snprintf(name, sizeof(name), "%s%s", symbol, endings[channel]);
  const HostPort* const found = host_port(plugin, name);

  return found ? found : host_port(plugin, symbol);
}

/// Make the take of one channel
static void
fill_mono_take(const HostPlugin* const plugin,
               const HostPlugin* const form,
               const int               channel)
{
  take_fill(&mono_take, form, 0);
  mono_take.n_frames = stereo_take.n_frames;
  memcpy(mono_take.crossfade_frame,
         stereo_take.crossfade_frame,
         sizeof(stereo_take.crossfade_frame));
  memcpy(mono_take.message, stereo_take.message, sizeof(stereo_take.message));
  for (uint32_t p = 0; p < form->n_ports; ++p) {
    const HostPort* const port = find_port(plugin, form->ports[p].symbol, channel);
    for (unsigned t = 0; port && t < STRESS_HOST_TURNS; ++t) {
      mono_take.knob[t][p] = stereo_take.knob[t][port->index];
    }
    if (port) {
      memcpy(mono_take.in[p], stereo_take.in[port->index], sizeof(mono_take.in[p]));
    }
  }
}

/// Play the take of one channel, without what only the form for one channel has
static void
play_mono(const HostPlugin* const plugin,
          const HostPlugin* const form,
          const int               channel)
{
  stress_host_open(&rig, form, 48000.0);
  for (uint32_t p = 0; p < form->n_ports; ++p) {
    if (host_is_signal(&form->ports[p]) &&
        !find_port(plugin, form->ports[p].symbol, channel)) {
      rig.wire[p] = STRESS_HOST_UNPATCHED;
    }
  }
  stress_host_play(&rig, &mono_take, 512, &mono);
  stress_host_close(&rig);
}

/// Fail unless a channel is as the form for one channel plays it
static void
check_channel(const HostPlugin* const plugin, const int channel)
{
  const HostPlugin* const form = find_mono(plugin);
  fill_mono_take(plugin, form, channel);
  play_mono(plugin, form, channel);
  for (uint32_t p = 0; p < form->n_ports; ++p) {
    if (is_output_signal(&form->ports[p])) {
      const HostPort* const out = find_port(plugin, form->ports[p].symbol, channel);
      ck_assert_ptr_nonnull(out);
      ck_assert_msg(!memcmp(mono.out[p],
                            stereo.out[out->index],
                            mono_take.n_frames * sizeof(float)),
                    "%s: %s is another one than of %s",
                    plugin->uri,
                    out->symbol,
                    form->uri);
    }
  }
}

/// Fail if both channels of an output are the same
static void
check_difference(const HostPlugin* const plugin)
{
  const HostPort* const left = &plugin->ports[0];
  ck_assert(is_output_signal(left));
  ck_assert(memcmp(stereo.out[0], stereo.out[1], stereo_take.n_frames * 4U) != 0);
}

START_TEST(channels_are_as_one_alone)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  if (!is_doubled(plugin)) {
    return;
  }

  for (uint32_t seed = 0; seed < N_SEEDS; ++seed) {
    take_fill(&stereo_take, plugin, seed);
    stress_host_open(&rig, plugin, 48000.0);
    stress_host_play(&rig, &stereo_take, STRESS_HOST_RANDOM, &stereo);
    stress_host_close(&rig);
    check_difference(plugin);
    for (int c = 0; c < N_CHANNELS; ++c) {
      check_channel(plugin, c);
    }
  }
}
END_TEST

int
main(void)
{
  n_plugins = stress_host_load();

  Suite* const suite = suite_create("stereo");
  TCase* const tests = tcase_create("stereo");
  tcase_add_loop_test(tests, channels_are_as_one_alone, 0, n_plugins);
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
