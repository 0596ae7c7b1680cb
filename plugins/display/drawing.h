// SPDX-License-Identifier: ISC
/**
   The picture of a module, as its draw() makes it.

   There is a line of text on top, where there is room, and the plot below.  Curves come
   from the module itself: a second instance with the same knobs, and with the voltages
   that the first has at the inputs that it watches, is run with a test signal.

   In a plot, x and y go from 0 to 1, from the left to the right and from below up.
*/

#ifndef DRAWING_H
#define DRAWING_H

#include "plugin.h"

#include <stdbool.h>
#include <stdint.h>

#define DRAW_LOW_HZ 20.0 ///< Frequency axis of a response, which is logarithmic
#define DRAW_HIGH_HZ 20000.0
#define DRAW_LOW_DB (-48.0) ///< Its level axis
#define DRAW_HIGH_DB 24.0

#define DRAW_STEP_S 0.01   ///< From a clock to the next in draw_steps()
#define DRAW_MAX_OUTS 6U   ///< Most outputs in a plot
#define DRAW_MAX_BARS 128U ///< Most bars

typedef enum {
  DRAW_IMPULSE, ///< `high` in the first frame
  DRAW_GATE,    ///< `high` for a time
  DRAW_PULSES,  ///< `high` in the first half of each period
  DRAW_SINE,    ///< Between both, from the middle up
  DRAW_RAMP     ///< From `low` to `high`, straight
} DrawSignalKind;

/// A signal that is fed to an input
typedef struct {
  uint8_t        port;
  DrawSignalKind kind;
  float          low;
  float          high;
  double         length_s; ///< Of the gate, the period or the ramp
} DrawSignal;

/// Outputs while signals are fed
typedef struct {
  const uint8_t*    outs; ///< Up to DRAW_MAX_OUTS; the first is drawn above the others
  uint32_t          n_outs;
  const DrawSignal* signals;
  uint32_t          n_signals;
  double            length_s;   ///< Of the time that is shown, more than 0
  float             low;        ///< What is at the bottom
  float             high;       ///< And at the top
  bool              is_stacked; ///< Whether each has a row of its own
  double            skip_s;     ///< Time before that, which is left out
  uint32_t          n_peak; ///< If above 0, each point is the peak of so many frames
  bool              is_db;  ///< Whether these are in decibels below the highest
} DrawTrace;

/// The place of the plot in a picture, in pixels
typedef struct {
  float left;
  float top;
  float right;
  float bottom;
} DrawPlot;

/// Return where the plot is in a picture of some size
DrawPlot
draw_plot(int width, int height);

/// Return what a control is set to, a meter shows, or a watched signal was last
double
draw_value(const Drawing* self, uint32_t port);

/// Draw the rest as if a control, or a watched signal, was another
void
draw_set(Drawing* self, uint32_t port, double value);

/// Return one of the figures that the module's watch() has written last
double
draw_figure(const Drawing* self, uint32_t index);

/// Write at the left of the text line, or at its right if there is something already
void
draw_text(Drawing* self, const char* text);

/// Write a number and its unit
void
draw_number(Drawing* self, double value, const char* unit);

/// Write the name of a pitch in octaves from C4
void
draw_note(Drawing* self, double pitch_oct);

/// Draw the gain from an input to outputs over frequency; the first is drawn above
void
draw_response(Drawing* self, uint32_t in, const uint8_t* outs, uint32_t n_outs);

/// Draw outputs over time
void
draw_trace(Drawing* self, const DrawTrace* trace);

/**
   Draw the peaks of what comes back of an impulse, over several times of `length_s`.

   A left and a right input and output follow each other among the ports.
*/
void
draw_echoes(Drawing* self, uint32_t in_left, uint32_t out_left, double length_s);

/// Draw outputs over what a ramp feeds to `signals[0].port`; length_s does not count
void
draw_transfer(Drawing* self, const DrawTrace* trace);

/// Draw bars from `base` to their heights, 0 to 1; one of them is marked if it is there
void
draw_bars(Drawing* self, const float* heights, uint32_t n_bars, float base, int marked);

/// Outputs step by step
typedef struct {
  uint8_t        clock; ///< The input that starts steps
  const uint8_t* outs;  ///< Up to DRAW_MAX_OUTS
  uint32_t       n_outs;
  uint32_t       n_steps; ///< Up to DRAW_MAX_BARS
  bool           is_peak; ///< The most in each step, and not what it is in its middle
  const uint8_t (*notes)[3]; ///< Messages of MIDI that come before the first
  uint32_t n_notes;
} DrawSteps;

/**
   Find what outputs are in the steps that a clock starts, the first in the first frame.

   `levels` has room for `n_steps` of each output, one after the other.
*/
void
draw_find_steps(Drawing* self, const DrawSteps* steps, float* levels);

/// Mark the point at x of the line that was drawn last
void
draw_cursor(Drawing* self, double x);

/// Mark a point
void
draw_point(Drawing* self, double x, double y);

#endif // DRAWING_H
