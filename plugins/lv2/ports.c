// SPDX-License-Identifier: ISC
// Ports of an instance: what they are, and where the host has connected them

#include "lv2/instance.h"

#include <stddef.h>

// ---- Lists

/// Put a control into its list, and let the module see where its value is kept
static void
list_control(Instance* const self, const uint32_t index)
{
  if (plugin.ports[index].is_output) {
    self->place[index]                         = (uint8_t)self->meters.n;
    self->meters.meter[self->meters.n++].index = index;
  } else {
    const Port* const port = &plugin.ports[index];
    const HostKnob    knob = {&port->default_value, 0, index};

    self->knob_port[index]            = port;
    self->place[index]                = (uint8_t)self->knobs.n;
    self->knobs.knob[self->knobs.n++] = knob;
  }
  self->ports.data[index] = &self->control[index];
}

/// Show the module a signal that the host has not connected
static void
show_unconnected(Instance* const self, const uint32_t index)
{
  self->ports.data[index]         = (void*)silent_frames; // An output gets a line
  self->ports.is_constant[index]  = true;
  self->ports.is_connected[index] = false;
}

static void
list_signal(Instance* const self, const uint32_t index)
{
  HostSignalList* const list =
    plugin.ports[index].is_output ? &self->outputs : &self->inputs;

  self->place[index]            = (uint8_t)list->n;
  list->signal[list->n++].index = index;
  show_unconnected(self, index);
}

void
list_ports(Instance* const self)
{
  for (uint32_t p = 0; p < plugin.n_ports; ++p) {
    if (plugin.ports[p].kind == PORT_CONTROL) {
      list_control(self, p);
    } else if (plugin.ports[p].kind == PORT_SIGNAL) {
      list_signal(self, p);
    }
  }
}

void
take_form(Instance* const self, const Form* const form)
{
  self->form = form;
  for (uint32_t p = 0; form && p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    if (port->kind == PORT_CONTROL && !port->is_output) {
      const uint32_t index = form->places[p];

      self->knob_port[index]                      = port;
      self->knobs.knob[self->place[index]].source = &port->default_value;
    }
  }
}

// ---- Connections

static void
connect_control(Instance* const self, const uint32_t index, float* const value)
{
  const uint32_t place = self->place[index];

  if (plugin.ports[index].is_output) {
    self->meters.meter[place].target = value;
  } else {
    self->knobs.knob[place].source =
      value ? value : &self->knob_port[index]->default_value;
  }
}

/// Return true if two buffers have frames in common; NULL is far from any
static bool
is_overlap(const float* const a, const float* const b, const uint32_t n_frames)
{
  const uintptr_t distance = (uintptr_t)a - (uintptr_t)b;
  const uintptr_t most     = (uintptr_t)n_frames * sizeof(float) - 1U;

  return distance + most <= 2U * most; // That is, -most <= distance <= most
}

/// Return true if there is `data`, and none of `n` signals has frames of it
static bool
is_apart(const HostSignal* const signals,
         const uint32_t          n,
         const float* const      data,
         const uint32_t          n_frames)
{
  for (uint32_t i = 0; data && i < n; ++i) {
    if (is_overlap(signals[i].data, data, n_frames)) {
      return false;
    }
  }

  return data;
}

/// Connect a signal; what an input shares with outputs is looked for in blocks as
/// before
static void
connect_signal(Instance* const self, const uint32_t index, float* const data)
{
  const bool        is_output = plugin.ports[index].is_output;
  const uint32_t    place     = self->place[index];
  HostSignal* const signal =
    is_output ? &self->outputs.signal[place] : &self->inputs.signal[place];

  if (data != signal->data) {
    const HostSignalList* const outputs = &self->outputs;
    signal->data                        = data;
    signal->is_apart = is_apart(outputs->signal, outputs->n, data, self->n_frames);
    self->n_frames   = is_output ? 0 : self->n_frames;
  }
  if (data) {
    self->ports.is_connected[index] = true;
  } else {
    show_unconnected(self, index);
  }
}

void
connect_port(const LV2_Handle instance, const uint32_t number, void* const data)
{
  Instance* const   self = (Instance*)instance;
  const Form* const form = self->form;
  if (number >= (form ? form->n_ports : plugin.n_ports)) {
    return;
  }

  const uint32_t index = form ? form->places[number] : number;
  switch (plugin.ports[index].kind) {
  case PORT_CONTROL:
    connect_control(self, index, (float*)data);
    break;
  case PORT_SIGNAL:
    connect_signal(self, index, (float*)data);
    break;
  case PORT_EVENTS:
    self->events = data;
    break;
  }
}

void
find_shared_frames(Instance* const self, const uint32_t n_frames)
{
  HostSignal* const in  = self->inputs.signal;
  HostSignal* const out = self->outputs.signal;
  for (uint32_t o = 0; o < self->outputs.n; ++o) {
    out[o].is_apart = is_apart(out, o, out[o].data, n_frames);
  }
  for (uint32_t i = 0; i < self->inputs.n; ++i) {
    in[i].is_apart = is_apart(out, self->outputs.n, in[i].data, n_frames);
  }
  self->n_frames = n_frames;
}
