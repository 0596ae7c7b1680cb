// SPDX-License-Identifier: ISC

#include "bench/load.h"

#include "measure/waves.h"
#include "measure/wiring.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A port that is fed with something that moves
typedef struct {
  const HostPort* port;
  float*          values;
} Motion;

struct LoadImpl {
  const Case*       of;
  const HostPlugin* plugin;
  Wiring**          instances;
  uint32_t          n_instances;
  Motion            motions[MAX_FEEDS];
  uint32_t          n_motions;
  const HostPort**
           anew; ///< Signals that do not move, but are connected before each run
  uint32_t n_anew;
};

static bool
complain(const Case* const of, const char* const problem, const char* const what)
{
  fprintf(stderr, "%s: %s %s\n", of->name, problem, what);
  return false;
}

// ---- Feeds

/// Write gates of 200 to 2000 frames
static void
write_gates(double* const out)
{
  uint32_t state = 1;
  uint32_t left  = 0;
  bool     high  = false;
  for (uint32_t i = 0; i < LOAD_FRAMES; ++i, --left) {
    if (left == 0) {
      state = state * 1664525U + 1013904223U;
      left  = 200U + (state >> 16U) % 1800U;
      high  = !high;
    }
    out[i] = high ? 1.0 : 0.0;
  }
}

static void
write_feed(const Feed* const feed, float* const out)
{
  double wave[LOAD_FRAMES] = {0.0};
  double level             = feed->level;

  switch (feed->kind) {
  case FEED_SINE:
    wave_sine(wave, LOAD_FRAMES, 6.0 / LOAD_FRAMES, 1.0);
    break;
  case FEED_NOISE:
    wave_noise(wave, LOAD_FRAMES);
    break;
  case FEED_GATES:
    write_gates(wave);
    break;
  case FEED_DENORMAL:
    wave_noise(wave, LOAD_FRAMES);
    level = (double)FLT_MIN / 16.0;
    break;
  case FEED_STILL:
  case FEED_NOTHING:
  case N_FEED_KINDS:
    break;
  }
  for (uint32_t i = 0; i < LOAD_FRAMES; ++i) {
    out[i] = (float)(level * wave[i]);
  }
}

/// Feed a port of all instances
static bool
add_feed(Load* const self, const Feed* const feed)
{
  const HostPort* const port = host_port(self->plugin, feed->symbol);
  if (!port) {
    return complain(self->of, "the plugin has no port", feed->symbol);
  }

  if (feed->kind == FEED_STILL || !host_is_signal(port)) {
    for (uint32_t i = 0; i < self->n_instances; ++i) {
      wiring_hold(self->instances[i], port, (float)feed->level);
    }
    return true;
  }

  if (feed->kind == FEED_NOTHING) {
    for (uint32_t i = 0; i < self->n_instances; ++i) {
      wiring_connect(self->instances[i], port, NULL);
    }
    return true;
  }

  Motion* const motion = &self->motions[self->n_motions++];
  motion->port         = port;
  motion->values       = (float*)aligned_alloc(64, LOAD_FRAMES * sizeof(float));
  write_feed(feed, motion->values);
  return true;
}

// ---- Lifetime

/// Return true if a port is an input that the host may leave unconnected
static bool
is_optional_input(const HostPort* const port)
{
  return host_is_signal(port) && !port->is_output && port->is_optional;
}

/// Connect what is optional, too
static void
patch(const Load* const self, Wiring* const wiring)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if (is_optional_input(port)) {
      wiring_hold(wiring, port, 0.0f);
    }
  }
}

static bool
apply_settings(const Load* const self, Wiring* const wiring)
{
  for (uint32_t i = 0; i < self->of->n_settings; ++i) {
    const Setting* const  setting = &self->of->settings[i];
    const HostPort* const port    = host_port(self->plugin, setting->symbol);
    if (!port) {
      return complain(self->of, "the plugin has no port", setting->symbol);
    }
    wiring_hold(wiring, port, (float)setting->value);
  }
  return true;
}

static bool
add_instance(Load* const self, Host* const host, const double sample_rate)
{
  Wiring* const wiring = wiring_new(host, self->plugin, sample_rate);
  if (!wiring) {
    return complain(self->of, "can't be instantiated:", self->of->uri);
  }

  self->instances[self->n_instances++] = wiring;
  if (self->of->is_patched) {
    patch(self, wiring);
  }
  return apply_settings(self, wiring);
}

static bool
does_move(const Load* const self, const HostPort* const port)
{
  for (uint32_t m = 0; m < self->n_motions; ++m) {
    if (self->motions[m].port == port) {
      return true;
    }
  }

  return false;
}

/// List the signals that are to be connected before each run, besides those that move
static bool
list_anew(Load* const self)
{
  const HostPlugin* const plugin = self->plugin;

  self->anew = (const HostPort**)calloc(plugin->n_ports, sizeof(HostPort*));
  for (uint32_t p = 0; self->anew && p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_signal(port) && !does_move(self, port)) {
      self->anew[self->n_anew++] = port;
    }
  }
  return self->anew;
}

static bool
set_up(Load* const    self,
       Host* const    host,
       const double   sample_rate,
       const uint32_t n_instances)
{
  bool ok = self->plugin || complain(self->of, "not installed:", self->of->uri);
  for (uint32_t i = 0; ok && i < n_instances; ++i) {
    ok = add_instance(self, host, sample_rate);
  }
  for (uint32_t i = 0; ok && i < self->of->n_feeds; ++i) {
    ok = add_feed(self, &self->of->feeds[i]);
  }
  if (ok && self->of->is_connected_anew) {
    ok = list_anew(self);
  }
  for (uint32_t i = 0; ok && i < n_instances; ++i) {
    wiring_activate(self->instances[i]);
  }
  return ok;
}

Load*
load_new(Host* const       host,
         const Case* const of,
         const double      sample_rate,
         const uint32_t    n_instances)
{
  Load* const self = (Load*)calloc(1, sizeof(Load));
  if (!self) {
    return NULL;
  }

  self->of        = of;
  self->plugin    = host_plugin(host, of->uri);
  self->instances = (Wiring**)calloc(n_instances, sizeof(Wiring*));
  if (!self->instances || !set_up(self, host, sample_rate, n_instances)) {
    load_free(self);
    return NULL;
  }

  return self;
}

void
load_free(Load* const self)
{
  for (uint32_t i = 0; i < self->n_instances; ++i) {
    wiring_free(self->instances[i]);
  }
  for (uint32_t i = 0; i < self->n_motions; ++i) {
    free(self->motions[i].values);
  }
  free((void*)self->anew);
  free((void*)self->instances);
  free(self);
}

// ---- Running

static bool
is_fed(const Case* const of, const char* const symbol)
{
  for (uint32_t i = 0; i < of->n_feeds; ++i) {
    if (!strcmp(of->feeds[i].symbol, symbol)) {
      return true;
    }
  }

  return false;
}

uint32_t
load_patched(const Load* const self)
{
  uint32_t n = 0;
  for (uint32_t p = 0; self->of->is_patched && p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    n += is_optional_input(port) && !is_fed(self->of, port->symbol);
  }

  return n;
}

void
load_run_one(Load* const    self,
             const uint32_t instance,
             const uint32_t start,
             const uint32_t block_frames)
{
  Wiring* const wiring = self->instances[instance];
  for (uint32_t p = 0; p < self->n_anew; ++p) {
    wiring_connect_block(wiring, self->anew[p]);
  }
  for (uint32_t m = 0; m < self->n_motions; ++m) {
    wiring_connect(wiring, self->motions[m].port, self->motions[m].values + start);
  }
  wiring_run(wiring, block_frames);
}

void
load_run(Load* const self, const uint32_t block_frames)
{
  for (uint32_t start = 0; start < LOAD_FRAMES; start += block_frames) {
    for (uint32_t i = 0; i < self->n_instances; ++i) {
      load_run_one(self, i, start, block_frames);
    }
  }
}
