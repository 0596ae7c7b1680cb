// SPDX-License-Identifier: ISC
/**
   Small pictures that plugins make of themselves, by Harrison's extension for inline
   displays, as a host asks for them.
*/

#ifndef INLINE_DISPLAY_H
#define INLINE_DISPLAY_H

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

#define INLINE_DISPLAY_PREFIX "http://harrisonconsoles.com/lv2/inlinedisplay#"

/// A picture that is the plugin's, until it makes the next
typedef struct {
  unsigned char* data;   ///< ARGB32 in the byte order of the machine, premultiplied
  int            width;  ///< In pixels
  int            height; ///< In pixels
  int            stride; ///< Of a row, in bytes
} InlineSurface;

/// The feature by which a plugin asks for a render(), from run()
typedef struct {
  void* handle;
  void (*queue_draw)(void* handle);
} InlineQueue;

/// A plugin that is asked for pictures
typedef struct {
  LilvInstance* instance;
  InlineSurface* (*render)(void* handle, uint32_t max_width, uint32_t max_height);
} InlineDisplay;

/**
   Instantiate a plugin, with nothing connected; `queue` must stay where it is.

   Returns false if it cannot be loaded, or makes no pictures.
*/
bool
inline_display_open(InlineDisplay*    self,
                    Host*             host,
                    const HostPlugin* plugin,
                    double            sample_rate,
                    InlineQueue*      queue);

void
inline_display_close(InlineDisplay* self);

/// Return a picture no larger than that, or NULL if there is none
const InlineSurface*
inline_display_render(const InlineDisplay* self,
                      uint32_t             max_width,
                      uint32_t             max_height);

#endif // INLINE_DISPLAY_H
