// SPDX-License-Identifier: ISC

#include "measure/probe.h"

#include "measure/wiring.h"

#include <lv2/core/lv2.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ProbeImpl {
  Host*             host;
  const Subject*    subject;
  const HostPlugin* plugin;
  Wiring*           wiring;
  double            sample_rate;
  float**           feeds; ///< By port: values for the frames to come, or NULL
};

// ---- Ports

/// Return the port of a role, or NULL
static const HostPort*
role_port(const Probe* const self, const RoleName name)
{
  const char* const symbol = self->subject->role[name].symbol;

  return symbol ? host_port(self->plugin, symbol) : NULL;
}

/// Give a port the same value from now on
static void
hold(Probe* const self, const HostPort* const port, const float value)
{
  free(self->feeds[port->index]);
  self->feeds[port->index] = NULL;
  wiring_hold(self->wiring, port, value);
}

// ---- Lifetime

static bool
complain(const Probe* const self, const char* const problem, const char* const what)
{
  fprintf(stderr, "%s: %s %s\n", self->subject->label, problem, what);
  return false;
}

/// Check that the output, where there is one, is a signal
static bool
check_output(const Probe* const self, const RoleName name)
{
  const HostPort* const port = role_port(self, name);

  return !port || host_is_signal(port) ||
         complain(self, "is not a signal:", port->symbol);
}

/// Check that every port is there that the subject names
static bool
check_ports(const Probe* const self)
{
  for (int r = 0; r < N_ROLES; ++r) {
    const char* const symbol = self->subject->role[r].symbol;
    if (symbol && !host_port(self->plugin, symbol)) {
      return complain(self, "the plugin has no port", symbol);
    }
  }
  for (uint32_t i = 0; i < self->subject->n_settings; ++i) {
    const char* const symbol = self->subject->settings[i].symbol;
    if (!host_port(self->plugin, symbol)) {
      return complain(self, "the plugin has no port", symbol);
    }
  }
  return check_output(self, ROLE_OUT) && check_output(self, ROLE_SYNC_OUT);
}

static bool
set_up(Probe* const self)
{
  self->plugin = host_plugin(self->host, self->subject->uri);
  if (!self->plugin) {
    return complain(self, "not installed:", self->subject->uri);
  }
  if (!check_ports(self)) {
    return false;
  }

  self->feeds  = (float**)calloc(self->plugin->n_ports, sizeof(float*));
  self->wiring = wiring_new(self->host, self->plugin, self->sample_rate);
  if (!self->feeds || !self->wiring) {
    return complain(self, "can't be instantiated:", self->subject->uri);
  }

  for (uint32_t i = 0; i < self->subject->n_settings; ++i) {
    const Setting* const setting = &self->subject->settings[i];
    hold(self, host_port(self->plugin, setting->symbol), (float)setting->value);
  }
  wiring_activate(self->wiring);
  return true;
}

Probe*
probe_new(Host* const host, const Subject* const subject, const double sample_rate)
{
  Probe* const self = (Probe*)calloc(1, sizeof(Probe));
  if (!self) {
    return NULL;
  }

  self->host        = host;
  self->subject     = subject;
  self->sample_rate = sample_rate;
  if (!set_up(self)) {
    probe_free(self);
    return NULL;
  }

  return self;
}

void
probe_free(Probe* const self)
{
  if (self->wiring) {
    wiring_free(self->wiring);
  }
  for (uint32_t p = 0; self->feeds && p < self->plugin->n_ports; ++p) {
    free(self->feeds[p]);
  }
  free((void*)self->feeds);
  free(self);
}

// ---- Roles

double
probe_sample_rate(const Probe* const self)
{
  return self->sample_rate;
}

bool
probe_has(const Probe* const self, const RoleName name)
{
  return self->subject->role[name].symbol;
}

bool
probe_takes(const Probe* const self, const RoleName name, const double quantity)
{
  const HostPort* const port = role_port(self, name);
  if (!port) {
    return false;
  }

  // A CV's range is a hint, a knob's is meant
  const HostPort scaled = host_port_at_rate(port, self->sample_rate);
  const double   value  = role_port_value(&self->subject->role[name], quantity);
  const double   slack  = 1e-6 * fabs(value);
  return isfinite(value) &&
         (host_is_signal(port) || (!(value < (double)scaled.minimum - slack) &&
                                   !(value > (double)scaled.maximum + slack)));
}

double
probe_set(Probe* const self, const RoleName name, const double quantity)
{
  if (!probe_takes(self, name, quantity)) {
    return NAN;
  }

  const Role* const role  = &self->subject->role[name];
  const float       value = (float)role_port_value(role, quantity);
  hold(self, role_port(self, name), value);
  return role_quantity(role, (double)value);
}

/// Return room for the values to come of a role
static float*
new_feed(Probe* const self, const RoleName name, const uint32_t n_frames)
{
  float** const feed = &self->feeds[role_port(self, name)->index];

  free(*feed);
  *feed = (float*)malloc(n_frames * sizeof(float));
  return *feed;
}

void
probe_feed_raw(Probe* const       self,
               const RoleName     name,
               const float* const values,
               const uint32_t     n_frames)
{
  memcpy(new_feed(self, name, n_frames), values, n_frames * sizeof(float));
}

void
probe_feed(Probe* const        self,
           const RoleName      name,
           const double* const quantities,
           const uint32_t      n_frames)
{
  const Role* const role = &self->subject->role[name];
  float* const      feed = new_feed(self, name, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    feed[i] = (float)role_port_value(role, quantities[i]);
  }
}

void
probe_send(Probe* const   self,
           const uint32_t frame,
           const int      status,
           const int      number,
           const int      value)
{
  const uint8_t bytes[] = {(uint8_t)status, (uint8_t)number, (uint8_t)value};
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if (port->kind == HOST_EVENTS && !port->is_output && port->has_midi) {
      wiring_send(self->wiring, self->host, port, frame, bytes);
      return;
    }
  }
}

// ---- Running

/// Connect what the block from frame `start` on needs
static void
connect_block(Probe* const self, const uint32_t start)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    float* const          feed = self->feeds[p];
    if (feed && host_is_signal(port)) {
      wiring_connect(self->wiring, port, feed + start);
    } else if (feed) {
      wiring_hold(self->wiring, port, feed[start]);
    }
  }
}

/// Let every port that was fed hold its last value
static void
end_feeds(Probe* const self, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    if (self->feeds[p]) {
      hold(self, &self->plugin->ports[p], self->feeds[p][n_frames - 1U]);
    }
  }
}

void
probe_render(Probe* const   self,
             const RoleName name,
             float* const   out,
             const uint32_t n_frames,
             const uint32_t block_frames)
{
  const HostPort* const port = role_port(self, name);

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    n = n_frames - start < block_frames ? n_frames - start : block_frames;
    connect_block(self, start);
    wiring_run(self->wiring, n);
    if (out && port) {
      memcpy(out + start, wiring_block(self->wiring, port), n * sizeof(float));
    }
  }
  end_feeds(self, n_frames);
}

double
probe_shown(const Probe* const self, const RoleName name)
{
  const HostPort* const port = role_port(self, name);

  return port ? role_quantity(&self->subject->role[name],
                              (double)wiring_control(self->wiring, port))
              : (double)NAN;
}

void
probe_settle(Probe* const self, const double time_s)
{
  const uint32_t n_frames = (uint32_t)(time_s * self->sample_rate);

  probe_render(self, ROLE_OUT, NULL, n_frames, PROBE_BLOCK_FRAMES);
}
