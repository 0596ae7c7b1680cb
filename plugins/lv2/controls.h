// SPDX-License-Identifier: ISC
// Control ports in run(): knobs that the host turns, and meters that it reads

#ifndef CONTROLS_H
#define CONTROLS_H

#include "lv2/instance.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// Return `value` within the range of `port`, or the default if it is not a number
static inline float
clean_control(const Port* const port, const float value)
{
  if (value != value) {
    return port->default_value;
  }

  // With the bounds included, as they equal denormals next to them under DAZ
  return value <= port->minimum   ? port->minimum
         : value >= port->maximum ? port->maximum
                                  : value;
}

/// Return the bits of a control as the host has it
static inline uint32_t
knob_bits(const HostKnob* const knob)
{
  uint32_t bits = 0;
  memcpy(&bits, knob->source, sizeof(bits));
  return bits;
}

/// Return the bits that the host has changed
static inline uint32_t
turned_bits(const HostKnob* const knob)
{
  return knob_bits(knob) ^ knob->bits;
}

/// Return true if the host has changed a control, by as little as a bit
static inline bool
has_changed(const HostKnobList* const knobs)
{
  const HostKnob* const end    = knobs->knob + knobs->n;
  uint32_t              turned = 0;
  for (const HostKnob* k = knobs->knob; k < end; k += KNOB_STRIDE) {
    turned |= (turned_bits(&k[0]) | turned_bits(&k[1])) |
              (turned_bits(&k[2]) | turned_bits(&k[3]));
  }

  return turned != 0U;
}

/// Read a control that may have changed
static inline void
read_knob(Instance* const self, HostKnob* const knob)
{
  knob->bits = knob_bits(knob);

  float value = 0.0f;
  memcpy(&value, &knob->bits, sizeof(value));
  self->control[knob->index] = clean_control(self->knob_port[knob->index], value);
}

/// Read the controls, and show them to the module
static inline void
read_controls(Instance* const self)
{
  for (uint32_t k = 0; k < self->knobs.n; ++k) {
    read_knob(self, &self->knobs.knob[k]);
  }
  for (uint32_t c = 0; plugin.set_controls && c < self->n_channels; ++c) {
    plugin.set_controls(self->channel[c].state, &self->channel[c].ports);
  }
  self->has_controls = true;
}

/// Put out the meters that the host has connected
static inline void
write_controls(const Instance* const self)
{
  for (uint32_t m = 0; m < self->meters.n; ++m) {
    const HostMeter* const meter = &self->meters.meter[m];
    if (meter->target) {
      *meter->target = self->control[meter->index];
    }
  }
}

#endif // CONTROLS_H
