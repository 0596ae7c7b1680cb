// SPDX-License-Identifier: ISC

#include "probe.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_BYTES 65536U    ///< Room for the events of a port
#define MAX_BLOCK_FRAMES 1024U ///< Longest block that a probe runs

/// Where a port is connected to
typedef struct {
  float  control;
  float* block; ///< Signal of one block, of MAX_BLOCK_FRAMES
  float* feed;  ///< Values for the frames to come, or NULL
  void*  events;
} Wire;

struct ProbeImpl {
  Host*             host;
  const Subject*    subject;
  const HostPlugin* plugin;
  LilvInstance*     instance;
  double            sample_rate;
  Wire*             wires; ///< By port
};

// ---- Ports

/// Return the port of a role, or NULL
static const HostPort*
role_port(const Probe* const self, const RoleName name)
{
  const char* const symbol = self->subject->role[name].symbol;

  return symbol ? host_port(self->plugin, symbol) : NULL;
}

static bool
is_signal(const HostPort* const port)
{
  return port->kind == HOST_AUDIO || port->kind == HOST_CV;
}

/// Return 1, or the sample rate if the range of `port` is a share of it
static double
range_unit(const Probe* const self, const HostPort* const port)
{
  LilvNode* const property = lilv_new_uri(host_world(self->host), LV2_CORE__sampleRate);
  const LilvPort* const lilv =
    lilv_plugin_get_port_by_index(self->plugin->lilv, port->index);
  const bool is_share = lilv_port_has_property(self->plugin->lilv, lilv, property);

  lilv_node_free(property);
  return is_share ? self->sample_rate : 1.0;
}

static void
connect(const Probe* const self, const HostPort* const port, void* const data)
{
  lilv_instance_connect_port(self->instance, port->index, data);
}

/// Give events a sequence: an empty one to read, or room to write
static bool
wire_events(Probe* const self, const HostPort* const port)
{
  Wire* const              wire     = &self->wires[port->index];
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)calloc(1, EVENTS_BYTES);
  if (sequence) {
    sequence->atom.size = sizeof(LV2_Atom_Sequence_Body);
    sequence->atom.type = host_map(self->host, LV2_ATOM__Sequence);
  }

  wire->events = sequence;
  connect(self, port, sequence);
  return sequence;
}

static bool
wire_signal(Probe* const self, const HostPort* const port)
{
  Wire* const wire = &self->wires[port->index];
  wire->block      = (float*)calloc(MAX_BLOCK_FRAMES, sizeof(float));

  const bool is_idle = port->is_optional && !port->is_output;
  connect(self, port, is_idle ? NULL : wire->block);
  return wire->block;
}

static bool
wire_port(Probe* const self, const HostPort* const port)
{
  Wire* const wire = &self->wires[port->index];

  switch (port->kind) {
  case HOST_CONTROL:
    wire->control = isnan(port->default_value) ? 0.0f : port->default_value;
    connect(self, port, &wire->control);
    return true;
  case HOST_AUDIO:
  case HOST_CV:
    return wire_signal(self, port);
  case HOST_EVENTS:
    return wire_events(self, port);
  case HOST_UNKNOWN:
    break;
  }

  connect(self, port, NULL);
  return true;
}

/// Give a port the same value from now on
static void
hold(Probe* const self, const HostPort* const port, const float value)
{
  Wire* const wire = &self->wires[port->index];

  free(wire->feed);
  wire->feed    = NULL;
  wire->control = value;
  if (is_signal(port)) {
    for (uint32_t i = 0; i < MAX_BLOCK_FRAMES; ++i) {
      wire->block[i] = value;
    }
    connect(self, port, wire->block);
  }
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

  return !port || is_signal(port) || complain(self, "is not a signal:", port->symbol);
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

  self->instance = host_instantiate(self->host, self->plugin, self->sample_rate);
  if (!self->instance) {
    return complain(self, "can't be instantiated:", self->subject->uri);
  }

  self->wires = (Wire*)calloc(self->plugin->n_ports, sizeof(Wire));
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    if (!self->wires || !wire_port(self, &self->plugin->ports[p])) {
      return complain(self, "no memory for", self->subject->uri);
    }
  }
  for (uint32_t i = 0; i < self->subject->n_settings; ++i) {
    const Setting* const setting = &self->subject->settings[i];
    hold(self, host_port(self->plugin, setting->symbol), (float)setting->value);
  }
  lilv_instance_activate(self->instance);
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
  if (self->instance) {
    lilv_instance_deactivate(self->instance);
    lilv_instance_free(self->instance);
  }
  for (uint32_t p = 0; self->wires && p < self->plugin->n_ports; ++p) {
    free(self->wires[p].block);
    free(self->wires[p].feed);
    free(self->wires[p].events);
  }
  free(self->wires);
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
  const double unit  = range_unit(self, port);
  const double value = role_port_value(&self->subject->role[name], quantity);
  const double slack = 1e-6 * fabs(value);
  return isfinite(value) &&
         (is_signal(port) || (!(value < unit * (double)port->minimum - slack) &&
                              !(value > unit * (double)port->maximum + slack)));
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

void
probe_feed_raw(Probe* const       self,
               const RoleName     name,
               const float* const values,
               const uint32_t     n_frames)
{
  Wire* const wire = &self->wires[role_port(self, name)->index];

  free(wire->feed);
  wire->feed = (float*)malloc(n_frames * sizeof(float));
  memcpy(wire->feed, values, n_frames * sizeof(float));
}

void
probe_feed(Probe* const        self,
           const RoleName      name,
           const double* const quantities,
           const uint32_t      n_frames)
{
  const Role* const role = &self->subject->role[name];
  Wire* const       wire = &self->wires[role_port(self, name)->index];

  free(wire->feed);
  wire->feed = (float*)malloc(n_frames * sizeof(float));
  for (uint32_t i = 0; i < n_frames; ++i) {
    wire->feed[i] = (float)role_port_value(role, quantities[i]);
  }
}

// ---- Running

/// Connect what the block from frame `start` on needs
static void
connect_block(Probe* const self, const uint32_t start)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    Wire* const           wire = &self->wires[p];
    if (wire->feed && is_signal(port)) {
      connect(self, port, wire->feed + start);
    } else if (wire->feed) {
      wire->control = wire->feed[start];
    }
    if (wire->events && port->is_output) {
      ((LV2_Atom*)wire->events)->size = EVENTS_BYTES - sizeof(LV2_Atom);
    }
  }
}

/// Let every port that was fed hold its last value
static void
end_feeds(Probe* const self, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    if (self->wires[p].feed) {
      hold(self, &self->plugin->ports[p], self->wires[p].feed[n_frames - 1U]);
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
    lilv_instance_run(self->instance, n);
    if (out && port) {
      memcpy(out + start, self->wires[port->index].block, n * sizeof(float));
    }
  }
  end_feeds(self, n_frames);
}

void
probe_settle(Probe* const self, const double time_s)
{
  const uint32_t n_frames = (uint32_t)(time_s * self->sample_rate);

  probe_render(self, ROLE_OUT, NULL, n_frames, PROBE_BLOCK_FRAMES);
}
