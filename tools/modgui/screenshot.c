// SPDX-License-Identifier: ISC

#include "modgui/screenshot.h"

#include "host/xalloc.h"

#include <stdbool.h>

enum { JACK_SIZE = 20, DIAL_RADIUS = 17, DIAL_TOP = 19, POINTER_WIDTH = 3 };

/// Colours, as 0xrrggbb
enum {
  BODY  = 0x222a31,
  DARK  = 0x14181c,
  LIGHT = 0x8cd9ff,
  MARK  = 0xffb454,
  AUDIO = 0x5aa9e6,
  CV    = 0xf0a040,
  MIDI  = 0xe05a5a
};

static void
fill(const Portrait* const self,
     const uint32_t        left,
     const uint32_t        top,
     const uint32_t        width,
     const uint32_t        height,
     const uint32_t        colour)
{
  for (uint32_t y = top; y < top + height && y < self->height; ++y) {
    for (uint32_t x = left; x < left + width && x < self->width; ++x) {
      self->pixels[(size_t)y * self->width + x] = colour;
    }
  }
}

/// Draw a dial around a place, which points up
static void
draw_dial(const Portrait* const self, const uint32_t x, const uint32_t y)
{
  const int radius = DIAL_RADIUS;
  for (int dy = -radius; dy <= radius; ++dy) {
    for (int dx = -radius; dx <= radius; ++dx) {
      const int  square  = dx * dx + dy * dy;
      const bool is_edge = square > (radius - 2) * (radius - 2);
      if (square <= radius * radius) {
        fill(self,
             (uint32_t)((int)x + dx),
             (uint32_t)((int)y + dy),
             1,
             1,
             is_edge ? LIGHT : DARK);
      }
    }
  }
  fill(self, x - 1U, y - DIAL_RADIUS, POINTER_WIDTH, DIAL_RADIUS, MARK);
}

static void
draw_jacks(const Portrait* const self, const HostPlugin* const plugin)
{
  uint32_t n[2] = {0, 0};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (template_is_jack(port)) {
      const uint32_t x = port->is_output ? self->width - JACK_SIZE : 0U;
      const uint32_t y = TEMPLATE_TOP + n[port->is_output]++ * TEMPLATE_JACK_HEIGHT;
      const uint32_t colour = port->kind == HOST_AUDIO ? AUDIO
                              : port->kind == HOST_CV  ? CV
                                                       : MIDI;
      fill(self, x, y, JACK_SIZE, JACK_SIZE, colour);
    }
  }
}

static void
draw_plot(const Portrait* const self, const Portrait* const plot)
{
  for (uint32_t y = 0; y < plot->height; ++y) {
    for (uint32_t x = 0; x < plot->width; ++x) {
      const uint32_t pixel = plot->pixels[(size_t)y * plot->width + x];
      fill(self, TEMPLATE_SIDE + x, TEMPLATE_TOP + y, 1, 1, pixel & 0xffffffU);
    }
  }
}

Portrait
screenshot_make(const HostPlugin* const     plugin,
                const TemplateLayout* const layout,
                const Portrait* const       plot)
{
  const size_t   n_pixels = (size_t)layout->width * layout->height;
  const Portrait self     = {
        layout->width, layout->height, (uint32_t*)xarray(n_pixels, sizeof(uint32_t)), 0.0};
  fill(&self, 0, 0, self.width, self.height, BODY);
  draw_plot(&self, plot);
  for (uint32_t k = 0; k < layout->n_knobs; ++k) {
    const uint32_t x = TEMPLATE_SIDE + k % layout->n_columns * TEMPLATE_KNOB_WIDTH;
    const uint32_t y = TEMPLATE_TOP + TEMPLATE_PLOT_HEIGHT + 4U +
                       k / layout->n_columns * TEMPLATE_KNOB_HEIGHT;
    draw_dial(&self, x + TEMPLATE_KNOB_WIDTH / 2U, y + DIAL_TOP);
  }
  draw_jacks(&self, plugin);
  return self;
}

/// Return the mean colour of a part of a picture
static uint32_t
mean_colour(const Portrait* const picture,
            const uint32_t        left,
            const uint32_t        top,
            const uint32_t        right,
            const uint32_t        bottom)
{
  const uint32_t n    = (right - left) * (bottom - top);
  uint32_t       mean = 0;
  for (unsigned shift = 0; shift < 24U; shift += 8U) {
    uint32_t sum = 0;
    for (uint32_t y = top; y < bottom; ++y) {
      for (uint32_t x = left; x < right; ++x) {
        sum += picture->pixels[(size_t)y * picture->width + x] >> shift & 0xffU;
      }
    }
    mean |= sum / n << shift;
  }
  return mean;
}

Portrait
screenshot_shrink(const Portrait* const picture,
                  const uint32_t        max_width,
                  const uint32_t        max_height)
{
  uint32_t factor = 1;
  while (picture->width > factor * max_width || picture->height > factor * max_height) {
    ++factor;
  }

  const uint32_t width  = picture->width / factor;
  const uint32_t height = picture->height / factor;
  const size_t   n      = (size_t)width * height;
  const Portrait self   = {width, height, (uint32_t*)xarray(n, sizeof(uint32_t)), 0.0};
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      self.pixels[(size_t)y * width + x] = mean_colour(
        picture, factor * x, factor * y, factor * (x + 1U), factor * (y + 1U));
    }
  }
  return self;
}
