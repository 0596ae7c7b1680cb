// SPDX-License-Identifier: ISC

#include "draw/graph.h"

#include <math.h>

#define WIDTH_PX 640
#define HEIGHT_PX 260
#define LEFT_PX 56 ///< Of the frame in which the curve is
#define RIGHT_PX 624
#define TOP_PX 12
#define BOTTOM_PX 216
#define MAX_TICKS 8 ///< Of a linear axis

static const char style[] =
  "<style>text{font:11px sans-serif;fill:#222}line{stroke:#ccc}"
  ".frame{fill:none;stroke:#999}.curve{fill:none;stroke:#2f6fb5;stroke-width:1.5;"
  "stroke-linejoin:round}@media(prefers-color-scheme:dark){text{fill:#ddd}"
  "line{stroke:#444}.frame{stroke:#666}.curve{stroke:#6fb0f5}}</style>\n";

/// Return where on an axis a value is: 0 at the minimum, 1 at the maximum
static double
place(const GraphAxis* const axis, const double value)
{
  const double share =
    axis->is_logarithmic
      ? log(value / axis->minimum) / log(axis->maximum / axis->minimum)
      : (value - axis->minimum) / (axis->maximum - axis->minimum);

  return fmin(fmax(share, 0.0), 1.0);
}

static double
x_px(const GraphAxis* const axis, const double value)
{
  return LEFT_PX + (RIGHT_PX - LEFT_PX) * place(axis, value);
}

static double
y_px(const GraphAxis* const axis, const double value)
{
  return BOTTOM_PX - (BOTTOM_PX - TOP_PX) * place(axis, value);
}

/// Return the tick after `value`: 1, 2, 5, 10, ...
static double
next_logarithmic_tick(const double value)
{
  const double decade = pow(10.0, floor(log10(value * (1.0 + 1e-9))));
  const double digit  = value / decade;

  return decade * (digit < 1.5 ? 2.0 : digit < 3.5 ? 5.0 : 10.0);
}

/// Return the distance of ticks of a linear axis: 1, 2 or 5 of a power of ten
static double
linear_step(const GraphAxis* const axis)
{
  const double least = (axis->maximum - axis->minimum) / MAX_TICKS;
  double       step  = pow(10.0, floor(log10(least)));
  while (step < least * (1.0 - 1e-9)) {
    step = next_logarithmic_tick(step);
  }

  return step;
}

static double
first_tick(const GraphAxis* const axis)
{
  const double step = linear_step(axis);

  return axis->is_logarithmic ? axis->minimum
                              : ceil(axis->minimum / step - 1e-9) * step;
}

static double
next_tick(const GraphAxis* const axis, const double tick)
{
  const double step = linear_step(axis);

  return axis->is_logarithmic ? next_logarithmic_tick(tick)
                              : round(tick / step + 1.0) * step;
}

/// Print a tick's number, thousands as "k"
static void
print_number(FILE* const out, const double number)
{
  const double shown = fabs(number) < 1e-12 ? 0.0 : number;

  fprintf(out,
          fabs(shown) >= 1000.0 ? "%gk" : "%g",
          fabs(shown) >= 1000.0 ? shown / 1000.0 : shown);
}

static void
write_x_axis(FILE* const out, const GraphAxis* const axis)
{
  for (double tick = first_tick(axis); tick <= axis->maximum * (1.0 + 1e-9);
       tick        = next_tick(axis, tick)) {
    const double x = x_px(axis, tick);
    fprintf(out,
            "<line x1=\"%.0f\" y1=\"%d\" x2=\"%.0f\" y2=\"%d\"/>"
            "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">",
            x,
            TOP_PX,
            x,
            BOTTOM_PX,
            x,
            BOTTOM_PX + 15);
    print_number(out, tick);
    fputs("</text>\n", out);
  }
  fprintf(out,
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
          (LEFT_PX + RIGHT_PX) / 2,
          BOTTOM_PX + 34,
          axis->label);
}

static void
write_y_axis(FILE* const out, const GraphAxis* const axis)
{
  const double end = axis->maximum + 1e-9 * fabs(axis->maximum);
  for (double tick = first_tick(axis); tick <= end; tick = next_tick(axis, tick)) {
    const double y = y_px(axis, tick);
    fprintf(out,
            "<line x1=\"%d\" y1=\"%.0f\" x2=\"%d\" y2=\"%.0f\"/>"
            "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">",
            LEFT_PX,
            y,
            RIGHT_PX,
            y,
            LEFT_PX - 6,
            y + 4.0);
    print_number(out, tick);
    fputs("</text>\n", out);
  }
  fprintf(out,
          "<text transform=\"translate(13 %d) rotate(-90)\" "
          "text-anchor=\"middle\">%s</text>\n",
          (TOP_PX + BOTTOM_PX) / 2,
          axis->label);
}

void
graph_write(FILE* const             out,
            const GraphAxis* const  x_axis,
            const GraphAxis* const  y_axis,
            const GraphPoint* const points,
            const uint32_t          n_points)
{
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"0 0 %d %d\">\n%s",
          WIDTH_PX,
          HEIGHT_PX,
          WIDTH_PX,
          HEIGHT_PX,
          style);
  write_x_axis(out, x_axis);
  write_y_axis(out, y_axis);
  fprintf(out,
          "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
          "<polyline class=\"curve\" points=\"",
          LEFT_PX,
          TOP_PX,
          RIGHT_PX - LEFT_PX,
          BOTTOM_PX - TOP_PX);
  for (uint32_t p = 0; p < n_points; ++p) {
    fprintf(out,
            "%s%.1f,%.1f",
            p ? " " : "",
            x_px(x_axis, points[p].x),
            y_px(y_axis, points[p].y));
  }
  fputs("\"/>\n</svg>\n", out);
}
