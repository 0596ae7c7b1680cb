// SPDX-License-Identifier: ISC
// Options of render's command line

#ifndef RENDER_OPTIONS_H
#define RENDER_OPTIONS_H

#include "host/options.h"

#include <stdbool.h>
#include <stdint.h>

/// The right sides of "NAME=VALUE" options, in the order they are given
typedef struct {
  char** names;
  char** values;
  int    n;
} Assignments;

typedef struct {
  char*       patch;  ///< Its path
  const char* output; ///< NULL if only --list is asked for
  uint32_t    block_frames;
  double      sample_rate;
  double      tempo_bpm; ///< 0 if it is the patch's
  double      length_s;  ///< 0 if it follows from the sources
  const char* type;      ///< Of the output, NULL if it follows from its name
  int         n_bits;    ///< 0 if it follows from the format
  Assignments set;
  Assignments in;
  Assignments swap; ///< Times, and bundles
  bool        list;
  bool        profile;
} RenderOptions;

OptionsStatus
render_options_read(RenderOptions* options, int argc, char** argv);

void
render_options_free(RenderOptions* options);

#endif // RENDER_OPTIONS_H
