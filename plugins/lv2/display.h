// SPDX-License-Identifier: ISC
/**
   Small pictures of plugins in a host's mixer or on its canvas, by Harrison's extension
   for inline displays.

   run() leaves a snapshot of what may be seen, and asks for a picture, at most
   DISPLAY_HZ times a second and only when something has moved; render() takes the last
   one.  Both are wait-free: of three snapshots run() has one to write, render() one to
   read, and each exchanges its own for the third.

     run()     writes  A      exchange A, B
                              B             exchange B, C
     render()  reads          C      C, with what run() left last

   A host without the feature has no pictures, and pays nothing for them.
*/

#ifndef DISPLAY_H
#define DISPLAY_H

#include "lv2/instance.h"

#include <lv2/core/lv2.h>

#include <stdint.h>

#define DISPLAY_PREFIX "http://harrisonconsoles.com/lv2/inlinedisplay#"
#define DISPLAY_INTERFACE DISPLAY_PREFIX "interface"
#define DISPLAY_QUEUE_DRAW DISPLAY_PREFIX "queue_draw"

#define DISPLAY_HZ 25.0 ///< Most pictures that are asked for in a second

/// A picture that is the host's to read until the next render() or cleanup()
typedef struct {
  unsigned char* data;   ///< ARGB32 in the byte order of the machine, premultiplied
  int            width;  ///< In pixels
  int            height; ///< In pixels
  int            stride; ///< Of a row, in bytes
} DisplaySurface;

/// A host's feature, which is called by run()
typedef struct {
  void* handle;
  void (*queue_draw)(void* handle);
} DisplayQueue;

/// A plugin's extension; render() is called by one thread at a time, not that of run()
typedef struct {
  DisplaySurface* (*render)(LV2_Handle instance,
                            uint32_t   max_width,
                            uint32_t   max_height);
} DisplayInterface;

/// Prepare for pictures if the host shows any, and there is memory
void
display_open(Instance* self, double sample_rate, const LV2_Feature* const* features);

void
display_close(Instance* self);

/// Look at what has moved in a run() of `n_frames`; only if self->display is there
void
display_look(Instance* self, uint32_t n_frames);

/// Return the interface if it is asked for by URI, or NULL
const void*
display_extension(const char* uri);

#endif // DISPLAY_H
