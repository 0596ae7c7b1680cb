// SPDX-License-Identifier: ISC
/**
   Graph of a module: its wave, spectrum, response or envelope.

   Everything is measured at the module's ports, by SCOPE_RATE_HZ.
*/

#ifndef MODULE_PLOT_H
#define MODULE_PLOT_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdio.h>

typedef enum {
  PLOT_WAVE,     ///< The output over time, with nothing at the inputs
  PLOT_SPECTRUM, ///< Its level over frequency
  PLOT_RESPONSE, ///< The gain from the input to the output over frequency
  PLOT_ENVELOPE, ///< The output over time, under a gate in the first half
  N_PLOT_KINDS
} PlotKind;

typedef struct {
  PlotKind    kind;
  const char* out;      ///< Symbol of the output
  const char* in;       ///< Of the input of a response, or the gate of an envelope
  double      length_s; ///< Of a wave or an envelope
} PlotView;

/// Return what a kind is called on the command line
const char*
plot_kind_name(PlotKind kind);

/**
   Fill in what a plugin's class leaves no doubt about: its first output and input, a
   gate, and a length.  Members that are set already stay.
*/
PlotView
plot_complete(PlotView view, const HostPlugin* plugin);

/// Write the graph of a patch's only block, or report and return false
bool
plot_write(FILE* out, Patch* patch, const PlotView* view);

#endif // MODULE_PLOT_H
