// SPDX-License-Identifier: ISC
// Pictures as such: their memory, the text line and simple shapes

#include "display/drawing.h"

#include "display/drawing_impl.h"
#include "display/font.h"
#include "display/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MIN_TEXT_HEIGHT  = 24,  ///< Lower pictures have no text
  MIN_TWICE_WIDTH  = 200, ///< Larger ones have it twice as large
  MIN_TWICE_HEIGHT = 100,
  TEXT_GAP         = 2 ///< Pixels around a text, at a scale of 1
};

#define LINE_SHARE 0.004f ///< Of the height, for each pixel of width beyond one

// ---- Memory

void
drawing_init(Drawing* const      self,
             const Plugin* const plugin,
             const float* const  given,
             const float* const  figures,
             const double        sample_rate)
{
  *self = (Drawing){.given = given, .figures = figures, .sample_rate = sample_rate};
  model_init(&self->model, plugin, self->values);
}

static void
free_pixels(Drawing* const self)
{
  free(self->canvas.pixels);
  free(self->canvas.cover);
  self->canvas   = (Canvas){NULL, NULL, 0, 0};
  self->n_pixels = 0;
}

void
drawing_free(Drawing* const self)
{
  free_pixels(self);
  free(self->frames);
  free(self->points);
  self->frames = NULL;
  self->points = NULL;
  model_free(&self->model);
}

/// Have memory for pixels; return false if there is none
static bool
make_pixels(Drawing* const self, const int width, const int height)
{
  Canvas* const  canvas   = &self->canvas;
  const uint32_t n_pixels = (uint32_t)width * (uint32_t)height;
  if (n_pixels > self->n_pixels) {
    free_pixels(self);
    canvas->pixels = calloc(n_pixels, sizeof(uint32_t));
    canvas->cover  = calloc(n_pixels, 1);
    self->n_pixels = n_pixels;
  }
  if (!self->frames) {
    self->frames = calloc(DRAW_FRAMES, sizeof(float));
  }
  if (!self->points) {
    self->points = calloc(DRAW_POINTS, sizeof(CanvasPoint));
  }

  canvas->width  = width;
  canvas->height = height;
  return canvas->pixels && canvas->cover && self->frames && self->points;
}

static int
at_most(const uint32_t size, const int maximum)
{
  return size < (uint32_t)maximum ? (int)size : maximum;
}

// ---- Places

DrawPlot
draw_plot(const int width, const int height)
{
  const int   scale = width >= MIN_TWICE_WIDTH && height >= MIN_TWICE_HEIGHT ? 2 : 1;
  const int   text  = height < MIN_TEXT_HEIGHT ? 0 : scale * (FONT_HEIGHT + TEXT_GAP);
  const float edge  = height < MIN_TEXT_HEIGHT ? 0.0f : 1.0f;

  return (DrawPlot){
    0.0f, (float)text + 2.0f * edge, (float)width, (float)height - 1.5f * edge};
}

DrawPlot
drawing_plot(const Drawing* const self)
{
  return draw_plot(self->canvas.width, self->canvas.height);
}

CanvasPoint
drawing_point(const Drawing* const self, const double x, const double y)
{
  const DrawPlot plot  = drawing_plot(self);
  const float    right = (float)fmin(fmax(x, 0.0), 1.0);
  const float    up    = (float)fmin(fmax(y, 0.0), 1.0);

  return (CanvasPoint){plot.left + right * (plot.right - plot.left),
                       plot.bottom + up * (plot.top - plot.bottom)};
}

double
draw_value(const Drawing* const self, const uint32_t port)
{
  return (double)self->values[port];
}

void
draw_set(Drawing* const self, const uint32_t port, const double value)
{
  self->values[port] = (float)value;
}

double
draw_figure(const Drawing* const self, const uint32_t index)
{
  return (double)self->figures[index];
}

// ---- Text

void
draw_text(Drawing* const self, const char* const text)
{
  const Canvas* const canvas = &self->canvas;
  if (canvas->height < MIN_TEXT_HEIGHT) {
    return;
  }

  const bool is_twice =
    canvas->width >= MIN_TWICE_WIDTH && canvas->height >= MIN_TWICE_HEIGHT;
  const int scale = is_twice ? 2 : 1;
  const int right = canvas->width - scale * (font_width(text) + TEXT_GAP);
  const int x     = self->n_texts ? right : scale * TEXT_GAP;
  font_write(&self->canvas, x, scale, scale, CANVAS_TEXT, text);
  ++self->n_texts;
}

void
draw_number(Drawing* const self, const double value, const char* const unit)
{
  char text[NUMBER_SIZE];
  number_text(text, value, unit);
  draw_text(self, text);
}

void
draw_note(Drawing* const self, const double pitch_oct)
{
  char text[NUMBER_SIZE];
  number_note(text, pitch_oct);
  draw_text(self, text);
}

// ---- Shapes

/// Return how wide a line is: more in large pictures
static float
line_width(const Drawing* const self)
{
  return 1.2f + LINE_SHARE * (float)self->canvas.height;
}

void
drawing_curve(Drawing* const self,
              const uint32_t n_points,
              const float    base,
              const bool     is_main)
{
  self->n_points = n_points;
  if (is_main) {
    canvas_area(&self->canvas, self->points, n_points, base, CANVAS_AREA);
  }
  canvas_line(&self->canvas,
              self->points,
              n_points,
              line_width(self),
              is_main ? CANVAS_LINE : CANVAS_FAINT);
}

void
drawing_grid_x(Drawing* const self, const double x)
{
  const CanvasPoint top    = drawing_point(self, x, 1.0);
  const CanvasPoint bottom = drawing_point(self, x, 0.0);

  canvas_box(&self->canvas, top, (CanvasPoint){bottom.x + 1.0f, bottom.y}, CANVAS_GRID);
}

void
drawing_grid_y(Drawing* const self, const double y)
{
  const CanvasPoint left  = drawing_point(self, 0.0, y);
  const CanvasPoint right = drawing_point(self, 1.0, y);

  canvas_box(&self->canvas,
             (CanvasPoint){left.x, left.y - 0.5f},
             (CanvasPoint){right.x, right.y + 0.5f},
             CANVAS_GRID);
}

void
draw_point(Drawing* const self, const double x, const double y)
{
  canvas_disc(
    &self->canvas, drawing_point(self, x, y), 1.5f * line_width(self), CANVAS_MARK);
}

void
draw_cursor(Drawing* const self, const double x)
{
  if (self->n_points > 0) {
    const double   at     = fmin(fmax(x, 0.0), 1.0) * (self->n_points - 1U);
    const uint32_t n      = (uint32_t)lround(at);
    const float    radius = 1.5f * line_width(self);
    canvas_disc(&self->canvas, self->points[n], radius, CANVAS_MARK);
  }
}

void
draw_bars(Drawing* const     self,
          const float* const heights,
          const uint32_t     n_bars,
          const float        base,
          const int          marked)
{
  const double width = 1.0 / (n_bars ? n_bars : 1U);
  const float  gap   = self->canvas.width > 4 * (int)n_bars ? 0.5f : 0.0f;
  for (uint32_t b = 0; b < n_bars && b < DRAW_MAX_BARS; ++b) {
    const double      low  = fmin((double)heights[b], (double)base);
    const double      high = fmax((double)heights[b], (double)base);
    const CanvasPoint from = drawing_point(self, width * b, high);
    const CanvasPoint to   = drawing_point(self, width * (b + 1U), low);
    canvas_box(&self->canvas,
               (CanvasPoint){from.x + gap, from.y - 0.5f},
               (CanvasPoint){to.x - gap, to.y + 0.5f},
               (int)b == marked ? CANVAS_MARK : CANVAS_LINE);
  }
}

// ---- The whole

/// Draw what a module's outputs are: for those without a view of their own
static void
draw_outputs(Drawing* const self)
{
  float               heights[MAX_PORTS];
  uint32_t            n      = 0;
  const Plugin* const plugin = self->model.plugin;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const Port* const port  = &plugin->ports[p];
    const float       range = port->maximum - port->minimum;
    if (port->is_output && port->kind != PORT_EVENTS && range > 0.0f) {
      heights[n++] = (self->values[p] - port->minimum) / range;
    }
  }
  draw_bars(self, heights, n, 0.0f, -1);
}

bool
drawing_draw(Drawing* const self, const uint32_t max_width, const uint32_t max_height)
{
  const int width  = at_most(max_width, DRAW_MAX_WIDTH);
  const int height = at_most(max_height, DRAW_MAX_HEIGHT);
  if (!width || !height || !make_pixels(self, width, height)) {
    return false;
  }

  const View* const view = self->model.plugin->view;
  self->n_texts          = 0;
  self->n_points         = 0;
  memcpy(self->values, self->given, sizeof(self->values));
  canvas_clear(&self->canvas, CANVAS_BACK);
  if (view && view->draw) {
    view->draw(self);
  } else {
    draw_outputs(self);
  }
  return true;
}
