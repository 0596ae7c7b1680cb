// SPDX-License-Identifier: ISC
// Ports of an instance: what they are, and where the host has connected them

#include "lv2/instance.h"

#include <stddef.h>

// ---- Lists

/// Put a control into its list, and let the module see where its value is kept
static void
list_control(Instance* const self, const uint32_t index)
{
  Channel* const first = &self->channel[0];
  if (plugin.ports[index].is_output) {
    first->place[index]                        = (uint8_t)self->meters.n;
    self->meters.meter[self->meters.n++].index = index;
  } else {
    const Port* const port = &plugin.ports[index];
    const HostKnob    knob = {&port->default_value, 0, index};

    self->knob_port[index]            = port;
    first->place[index]               = (uint8_t)self->knobs.n;
    self->knobs.knob[self->knobs.n++] = knob;
  }
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    self->channel[c].ports.data[index] = &self->control[index];
  }
}

/// Return true if a form has a port for each of its channels, or if the module has one
static bool
is_of_channels(const Form* const form, const uint32_t index)
{
  for (uint32_t p = 0; form && form->channels && p < form->n_ports; ++p) {
    if (form->places[p] == index) {
      return form->channels[p] != ANY_CHANNEL;
    }
  }

  return false;
}

/// Show the module a signal that the host has not connected
static void
show_unconnected(Ports* const ports, const uint32_t index)
{
  ports->data[index]         = (void*)silent_frames; // An output gets a line
  ports->is_constant[index]  = true;
  ports->is_connected[index] = false;
}

/// Put a signal into its list, for each channel that has one
static void
list_signal(Instance* const self, const uint32_t index)
{
  const bool            is_output = plugin.ports[index].is_output;
  const bool            is_shared = !is_output && !is_of_channels(self->form, index);
  HostSignalList* const list      = is_output ? &self->outputs : &self->inputs;

  const uint32_t n_channels = is_shared ? 1U : self->n_channels;
  for (uint32_t c = 0; c < MAX_CHANNELS && c < n_channels; ++c) {
    HostSignal* const signal = &list->signal[list->n];
    signal->index            = index;
    signal->channel          = &self->channel[c];
    signal->is_output        = is_output;
    signal->is_shared        = is_shared;
    signal->shown            = &signal->channel->ports.data[index];
    signal->is_constant      = &signal->channel->ports.is_constant[index];

    self->channel[c].place[index] = (uint8_t)list->n++;
  }
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    show_unconnected(&self->channel[c].ports, index);
  }
}

/// Return the channel that has a port of the form, or the first of all that share it
static Channel*
channel_of(Instance* const self, const uint32_t number)
{
  const uint8_t* const channels = self->form ? self->form->channels : NULL;
  const uint32_t       c        = channels ? channels[number] : ANY_CHANNEL;

  return &self->channel[c == ANY_CHANNEL ? 0 : c];
}

/// Note down which signal each port of the form is, for hosts connect them in each run
static void
number_signals(Instance* const self)
{
  const Form* const form    = self->form;
  const uint32_t    n_ports = form ? form->n_ports : plugin.n_ports;
  for (uint32_t number = 0; number < n_ports; ++number) {
    const uint32_t    index = form ? form->places[number] : number;
    const Port* const port  = &plugin.ports[index];
    if (port->kind == PORT_SIGNAL) {
      HostSignalList* const list  = port->is_output ? &self->outputs : &self->inputs;
      const uint32_t        place = channel_of(self, number)->place[index];
      self->signal[number]        = &list->signal[place];
    }
  }
}

/// Put knobs that never turn behind the others
static void
pad_knobs(HostKnobList* const knobs)
{
  static const HostKnob still = {&silent_frames[0], 0, 0};
  for (uint32_t k = knobs->n; k % KNOB_STRIDE; ++k) {
    knobs->knob[k] = still;
  }
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
  pad_knobs(&self->knobs);
  number_signals(self);
}

void
take_defaults(Instance* const self)
{
  const Form* const form = self->form;
  for (uint32_t p = 0; form && p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    if (port->kind == PORT_CONTROL && !port->is_output) {
      const uint32_t index = form->places[p];
      const uint32_t place = self->channel[0].place[index];

      self->knob_port[index]         = port;
      self->knobs.knob[place].source = &port->default_value;
    }
  }
}

// ---- Connections

static void
connect_control(Instance* const self, const uint32_t index, float* const value)
{
  const uint32_t place = self->channel[0].place[index];

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

/// Connect a signal elsewhere; what an input shares with outputs is looked for in
/// blocks as before
static void
connect_signal(Instance* const self, HostSignal* const signal, float* const data)
{
  Ports* const ports = &signal->channel->ports;

  signal->data = data;
  if (signal->is_output) {
    self->n_frames = 0;
  } else {
    const HostSignalList* const outputs = &self->outputs;
    signal->is_apart = is_apart(outputs->signal, outputs->n, data, self->n_frames);
  }
  if (data) {
    ports->is_connected[signal->index] = true;
  } else {
    show_unconnected(ports, signal->index);
  }
}

/// Connect a port that is no signal
static void
connect_other(Instance* const self, const uint32_t number, void* const data)
{
  const Form* const form = self->form;
  if (number >= (form ? form->n_ports : plugin.n_ports)) {
    return;
  }

  const uint32_t index = form ? form->places[number] : number;
  if (plugin.ports[index].kind == PORT_CONTROL) {
    connect_control(self, index, (float*)data);
  } else if (plugin.ports[index].is_output) {
    self->notices = data;
  } else {
    self->events = data;
  }
}

void
connect_port(const LV2_Handle instance, const uint32_t number, void* const data)
{
  Instance* const   self   = (Instance*)instance;
  HostSignal* const signal = number < MAX_PORTS ? self->signal[number] : NULL;
  if (!signal) {
    connect_other(self, number, data);
  } else if (data !=
             signal->data) { // Many hosts connect what has been connected before
    connect_signal(self, signal, (float*)data);
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
