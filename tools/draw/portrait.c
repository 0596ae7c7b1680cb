// SPDX-License-Identifier: ISC

#include "draw/portrait.h"

#include "host/inline_display.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RATE_HZ 48000.0
#define NS_PER_S 1e9

enum {
  BLOCK_FRAMES = 256,
  N_BLOCKS     = 8,
  N_RENDERS    = 4, ///< Whose mean time is taken
  EVENT_WORDS  = 64 ///< Room for events, of 8 bytes each
};

/// Connection of a port
typedef struct {
  float    control;
  float    signal[BLOCK_FRAMES];
  uint64_t events[EVENT_WORDS];
} Buffer;

static void
ignore_queue(void* const handle)
{
  (void)handle;
}

static void
connect(Host* const           host,
        const HostPort* const port,
        Buffer* const         buffer,
        LilvInstance* const   instance)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)buffer->events;
  memset(buffer, 0, sizeof(*buffer));
  buffer->control     = port->default_value;
  sequence->atom.type = host_map(host, LV2_ATOM__Sequence);
  sequence->atom.size = port->is_output
                          ? (uint32_t)(sizeof(buffer->events) - sizeof(LV2_Atom))
                          : (uint32_t)sizeof(LV2_Atom_Sequence_Body);

  void* const data = port->kind == HOST_CONTROL  ? (void*)&buffer->control
                     : host_is_signal(port)      ? (void*)buffer->signal
                     : port->kind == HOST_EVENTS ? (void*)sequence
                                                 : NULL;
  lilv_instance_connect_port(instance, port->index, data);
}

static Portrait
copy(const InlineSurface* const surface)
{
  const uint32_t width    = surface ? (uint32_t)surface->width : 0;
  const uint32_t height   = surface ? (uint32_t)surface->height : 0;
  Portrait       portrait = {width, height, NULL, 0.0};
  if (surface) {
    const size_t row = width * sizeof(uint32_t);
    portrait.pixels  = (uint32_t*)xarray((size_t)width * height, sizeof(uint32_t));
    for (uint32_t y = 0; y < height; ++y) {
      memcpy(portrait.pixels + (size_t)y * width,
             surface->data + y * (size_t)surface->stride,
             row);
    }
  }
  return portrait;
}

static double
now_s(void)
{
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / NS_PER_S;
}

/// Render again and again, and keep the last picture
static Portrait
render(const InlineDisplay* const display, const uint32_t width, const uint32_t height)
{
  const InlineSurface* surface = inline_display_render(display, width, height);
  const double         from_s  = now_s();
  for (int i = 0; i < N_RENDERS; ++i) {
    surface = inline_display_render(display, width, height);
  }
  const double to_s     = now_s();
  Portrait     portrait = copy(surface);
  portrait.render_s     = (to_s - from_s) / N_RENDERS;
  return portrait;
}

Portrait
portrait_make(Host* const             host,
              const HostPlugin* const plugin,
              const uint32_t          width,
              const uint32_t          height)
{
  InlineQueue   queue = {NULL, ignore_queue};
  InlineDisplay display;
  if (!inline_display_open(&display, host, plugin, RATE_HZ, &queue)) {
    return (Portrait){0, 0, NULL, 0.0};
  }

  Buffer* const buffers = (Buffer*)xarray(plugin->n_ports, sizeof(Buffer));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    connect(host, &plugin->ports[p], &buffers[p], display.instance);
  }
  lilv_instance_activate(display.instance);
  for (int b = 0; b < N_BLOCKS; ++b) {
    lilv_instance_run(display.instance, BLOCK_FRAMES);
  }
  const Portrait portrait = render(&display, width, height);
  inline_display_close(&display);
  free(buffers);
  return portrait;
}
