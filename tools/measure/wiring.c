// SPDX-License-Identifier: ISC

#include "measure/wiring.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_BYTES 65536U ///< Room for the events of a port

/// Connection of a port
typedef struct {
  float  control;
  float* block;  ///< Of a signal
  void*  events; ///< A sequence
} Wire;

struct WiringImpl {
  const HostPlugin* plugin;
  LilvInstance*     instance;
  Wire*             wires;    ///< By port
  LV2_Atom**        to_write; ///< Sequences that the plugin writes; NULL ends them
  uint32_t          n_to_write;
};

void
wiring_connect(Wiring* const self, const HostPort* const port, float* const data)
{
  lilv_instance_connect_port(self->instance, port->index, data);
}

/// Connect a sequence: an empty one to read, or room to write
static bool
wire_events(Wiring* const self, Host* const host, const HostPort* const port)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)calloc(1, EVENTS_BYTES);
  if (!sequence) {
    return false;
  }

  sequence->atom.size             = sizeof(LV2_Atom_Sequence_Body);
  sequence->atom.type             = host_map(host, LV2_ATOM__Sequence);
  self->wires[port->index].events = sequence;
  lilv_instance_connect_port(self->instance, port->index, sequence);
  if (port->is_output) {
    self->to_write[self->n_to_write++] = &sequence->atom;
  }
  return true;
}

static bool
wire_signal(Wiring* const self, const HostPort* const port)
{
  Wire* const wire = &self->wires[port->index];
  wire->block      = (float*)calloc(WIRING_BLOCK_FRAMES, sizeof(float));

  const bool is_idle = port->is_optional && !port->is_output;
  wiring_connect(self, port, is_idle ? NULL : wire->block);
  return wire->block;
}

static bool
wire_port(Wiring* const self, Host* const host, const HostPort* const port)
{
  Wire* const wire = &self->wires[port->index];

  switch (port->kind) {
  case HOST_CONTROL:
    wire->control = isnan(port->default_value) ? 0.0f : port->default_value;
    wiring_connect(self, port, &wire->control);
    return true;
  case HOST_AUDIO:
  case HOST_CV:
    return wire_signal(self, port);
  case HOST_EVENTS:
    return wire_events(self, host, port);
  case HOST_UNKNOWN:
    break;
  }

  wiring_connect(self, port, NULL);
  return true;
}

static bool
wire_all(Wiring* const self, Host* const host)
{
  const uint32_t n_ports = self->plugin->n_ports;

  self->wires    = (Wire*)calloc(n_ports, sizeof(Wire));
  self->to_write = (LV2_Atom**)calloc(n_ports + 1U, sizeof(LV2_Atom*));
  bool ok        = self->wires && self->to_write;
  for (uint32_t p = 0; ok && p < n_ports; ++p) {
    ok = wire_port(self, host, &self->plugin->ports[p]);
  }
  return ok;
}

Wiring*
wiring_new(Host* const host, const HostPlugin* const plugin, const double sample_rate)
{
  Wiring* const self = (Wiring*)calloc(1, sizeof(Wiring));
  if (!self) {
    return NULL;
  }

  self->plugin   = plugin;
  self->instance = host_instantiate(host, plugin, sample_rate);
  if (!self->instance || !wire_all(self, host)) {
    wiring_free(self);
    return NULL;
  }

  return self;
}

void
wiring_free(Wiring* const self)
{
  if (self->instance) {
    lilv_instance_deactivate(self->instance);
    lilv_instance_free(self->instance);
  }
  for (uint32_t p = 0; self->wires && p < self->plugin->n_ports; ++p) {
    free(self->wires[p].block);
    free(self->wires[p].events);
  }
  free(self->wires);
  free((void*)self->to_write);
  free(self);
}

void
wiring_activate(Wiring* const self)
{
  lilv_instance_activate(self->instance);
}

void
wiring_hold(Wiring* const self, const HostPort* const port, const float value)
{
  Wire* const wire = &self->wires[port->index];
  if (!host_is_signal(port)) {
    wire->control = value;
    return;
  }

  for (uint32_t i = 0; i < WIRING_BLOCK_FRAMES; ++i) {
    wire->block[i] = value;
  }
  wiring_connect_block(self, port);
}

void
wiring_connect_block(Wiring* const self, const HostPort* const port)
{
  wiring_connect(self, port, self->wires[port->index].block);
}

const float*
wiring_block(const Wiring* const self, const HostPort* const port)
{
  return self->wires[port->index].block;
}

float
wiring_control(const Wiring* const self, const HostPort* const port)
{
  return self->wires[port->index].control;
}

void
wiring_send(Wiring* const         self,
            Host* const           host,
            const HostPort* const port,
            const uint32_t        frame,
            const uint8_t* const  bytes)
{
  struct {
    LV2_Atom_Event head;
    uint8_t        bytes[8];
  } event = {.head = {.time = {.frames = frame},
                      .body = {3U, host_map(host, LV2_MIDI__MidiEvent)}}};
  memcpy(event.bytes, bytes, 3);
  lv2_atom_sequence_append_event((LV2_Atom_Sequence*)self->wires[port->index].events,
                                 EVENTS_BYTES - (uint32_t)sizeof(LV2_Atom),
                                 &event.head);
}

/// Empty the sequences that the plugin has read
static void
clear_events(Wiring* const self)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    if (self->wires[p].events && !self->plugin->ports[p].is_output) {
      lv2_atom_sequence_clear((LV2_Atom_Sequence*)self->wires[p].events);
    }
  }
}

void
wiring_run(Wiring* const self, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < self->n_to_write; ++i) {
    self->to_write[i]->size = EVENTS_BYTES - sizeof(LV2_Atom);
  }
  lilv_instance_run(self->instance, n_frames);
  clear_events(self);
}
