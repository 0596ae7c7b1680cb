// SPDX-License-Identifier: ISC
/// Pedal of MOD's interface for a plugin, as HTML that it fills in by Mustache

#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
  TEMPLATE_KNOB_WIDTH  = 64, ///< Pixels of a knob with its name
  TEMPLATE_KNOB_HEIGHT = 76,
  TEMPLATE_TOP         = 36, ///< Pixels above the plot, where the name is
  TEMPLATE_PLOT_HEIGHT = 80,
  TEMPLATE_SIDE        = 72, ///< Pixels beside knobs and plot, for jacks
  TEMPLATE_JACK_HEIGHT = 32
};

/// Where things are on the pedal of a plugin, in pixels
typedef struct {
  uint32_t n_columns; ///< Of knobs
  uint32_t n_knobs;
  uint32_t n_inputs; ///< Jacks
  uint32_t n_outputs;
  uint32_t width;
  uint32_t height;
} TemplateLayout;

/// Return whether a port is a cable's: audio, CV or MIDI
bool
template_is_jack(const HostPort* port);

/// Return whether a port has a knob, a switch or a list; the footswitch is another
bool
template_is_knob(const HostPort* port);

/// Return where things are
TemplateLayout
template_layout(const HostPlugin* plugin);

/// Write the HTML of a plugin, whose pictures are named after it
void
template_write(FILE* out, const HostPlugin* plugin, const char* name);

/// Write the stylesheet that all share
void
template_write_style(FILE* out);

#endif // TEMPLATE_H
