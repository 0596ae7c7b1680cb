// SPDX-License-Identifier: ISC

#include "lv2/display.h"

#include "display/drawing_impl.h"
#include "lv2/float_mode.h"
#include "lv2/instance.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIGNAL 1e6f

#define N_SNAPSHOTS 3
#define FRESH 4U ///< Added to the number of a snapshot that was not read yet

/// All that a picture may depend on
typedef struct {
  float value[MAX_PORTS];
  float figure[DRAW_FIGURES];
} Snapshot;

struct DisplayImpl {
  const DisplayQueue* queue;
  uint32_t            n_interval; ///< Frames from a look to the next
  uint32_t            n_left;     ///< Until that
  Snapshot            last;       ///< What run() has published last
  Snapshot            snapshot[N_SNAPSHOTS];
  uint32_t            writing;  ///< That of run()
  uint32_t            reading;  ///< That of render()
  _Atomic uint32_t    exchange; ///< The third, and FRESH
  Snapshot            shown;    ///< What render() draws
  Drawing             drawing;
  DisplaySurface      surface;
};

// ---- Snapshots

/// Let render() have a snapshot
static void
publish(Display* const self, const Snapshot* const snapshot)
{
  self->last                    = *snapshot;
  self->snapshot[self->writing] = *snapshot;

  const uint32_t ours = self->writing | FRESH;
  self->writing =
    atomic_exchange_explicit(&self->exchange, ours, memory_order_acq_rel) & ~FRESH;
}

/// Take the last snapshot if there is a new one
static void
receive(Display* const self)
{
  if (atomic_load_explicit(&self->exchange, memory_order_relaxed) & FRESH) {
    self->reading =
      atomic_exchange_explicit(&self->exchange, self->reading, memory_order_acq_rel) &
      ~FRESH;
    self->shown = self->snapshot[self->reading];
  }
}

/// Return a frame of a signal, as a module would get it
static float
clean(const float value)
{
  return !(fabsf(value) <= MAX_SIGNAL) ? 0.0f : value;
}

/// Return the last frame of a signal, or what it was before if that is gone by now
static float
last_frame(const Instance* const self, const uint32_t port, const uint32_t n_frames)
{
  const uint32_t              place = self->channel[0].place[port];
  const HostSignalList* const list =
    plugin.ports[port].is_output ? &self->outputs : &self->inputs;
  const HostSignal* const signal = &list->signal[place];
  if (!signal->data) {
    return 0.0f;
  }

  return signal->is_apart ? clean(signal->data[n_frames - 1U])
                          : self->display->last.value[port];
}

/// Fill in what there is to see behind a run()
static void
take_snapshot(const Instance* const self,
              Snapshot* const       snapshot,
              const uint32_t        n_frames)
{
  const View* const view = plugin.view;
  memset(snapshot, 0, sizeof(*snapshot));
  for (uint32_t p = 0; p < plugin.n_ports; ++p) {
    const Port* const port = &plugin.ports[p];
    if (port->kind == PORT_CONTROL) {
      snapshot->value[p] = self->control[p];
    } else if (port->kind == PORT_SIGNAL && port->is_output && !view) {
      snapshot->value[p] = last_frame(self, p, n_frames);
    }
  }
  for (uint32_t w = 0; view && w < view->n_watched; ++w) {
    const uint32_t p   = view->watched[w];
    snapshot->value[p] = last_frame(self, p, n_frames);
  }
  if (view && view->watch) {
    view->watch(self->channel[0].state, snapshot->figure);
  }
}

/// Compare bits, by which a NaN equals itself
static bool
is_equal(const void* const a, const void* const b)
{
  return memcmp(a, b, sizeof(Snapshot)) == 0;
}

void
display_look(Instance* const self, const uint32_t n_frames)
{
  Display* const display = self->display;
  if (n_frames == 0 || display->n_left > n_frames) {
    display->n_left -= n_frames;
    return;
  }

  Snapshot now;
  take_snapshot(self, &now, n_frames);
  display->n_left = display->n_interval;
  if (!is_equal(&now, &display->last)) {
    publish(display, &now);
    display->queue->queue_draw(display->queue->handle);
  }
}

// ---- Pictures

static DisplaySurface*
render(const LV2_Handle instance, const uint32_t max_width, const uint32_t max_height)
{
  const Instance* const self    = (const Instance*)instance;
  Display* const        display = self->display;
  if (!display) {
    return NULL;
  }

  receive(display);
  const FloatMode mode   = float_mode_enter();
  const bool      is_one = drawing_draw(&display->drawing, max_width, max_height);
  float_mode_leave(mode);
  if (!is_one) {
    return NULL;
  }

  const Canvas* const canvas = &display->drawing.canvas;
  display->surface           = (DisplaySurface){(unsigned char*)canvas->pixels,
                                                canvas->width,
                                                canvas->height,
                                                canvas->width * (int)sizeof(uint32_t)};
  return &display->surface;
}

const void*
display_extension(const char* const uri)
{
  static const DisplayInterface interface = {render};

  return !strcmp(uri, DISPLAY_INTERFACE) ? &interface : NULL;
}

// ---- Lifetime

/// Return the host's feature, or NULL
static const DisplayQueue*
find_queue(const LV2_Feature* const* const features)
{
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    const DisplayQueue* const queue = (const DisplayQueue*)(*f)->data;
    if (!strcmp((*f)->URI, DISPLAY_QUEUE_DRAW) && queue && queue->queue_draw) {
      return queue;
    }
  }

  return NULL;
}

void
display_open(Instance* const                 self,
             const double                    sample_rate,
             const LV2_Feature* const* const features)
{
  const DisplayQueue* const queue   = find_queue(features);
  Display* const            display = queue ? calloc(1, sizeof(Display)) : NULL;
  if (!display) {
    return;
  }

  display->queue      = queue;
  display->n_interval = (uint32_t)ceil(sample_rate / DISPLAY_HZ);
  display->reading    = 1;
  atomic_init(&display->exchange, 2);
  for (uint32_t k = 0; k < self->knobs.n; ++k) {
    const HostKnob* const knob        = &self->knobs.knob[k];
    display->shown.value[knob->index] = *knob->source;
  }
  drawing_init(&display->drawing,
               &plugin,
               display->shown.value,
               display->shown.figure,
               sample_rate);
  self->display = display;
}

void
display_close(Instance* const self)
{
  if (self->display) {
    drawing_free(&self->display->drawing);
    free(self->display);
  }
}
