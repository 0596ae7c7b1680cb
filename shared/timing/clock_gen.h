// SPDX-License-Identifier: ISC
/**
   A clock: four rows of pulses that keep exact time with a source.

     Internal  a tempo of its own; a frame takes a part of a beat without any rounding
     Host      the host's song, in its very place
     MIDI      24 clocks a beat, from Start on, evened out
     Cable     ticks at an input, so many a beat, evened out

   All run along a timeline (timeline.h), the host's song or one that the source leads.
   The count is the source's.  After clock n of MIDI, pulses may come up to where clock
   n + 2 is, since n + 1 may be late; after a tick of a cable up to where the next is.

   In one frame run comes before reset, and that before clock, and all before pulses.
   A reset goes to place 0: at once where the source is Internal, in the host's song at
   the present place until it jumps, and with the next clock of MIDI or of a cable.  A
   reset less than 1 ms after a cable's tick makes that number 0.  While the clock
   stands, all pulses are low, and the place stays, but for the host's.
*/

#ifndef CLOCK_GEN_H
#define CLOCK_GEN_H

#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"
#include "timing/clock_loop.h"
#include "timing/clock_out.h"
#include "timing/clock_sync.h"
#include "timing/timeline.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_OUTS 4U              ///< Rows of pulses
#define CLOCK_MIDI_TICKS 24U       ///< Clocks of MIDI in a beat
#define CLOCK_ZERO_TEMPO 120.0     ///< Beats a minute at 0 V
#define CLOCK_MIN_OCT (-7.0)       ///< Lowest tempo, in octaves from there
#define CLOCK_MAX_OCT 4.0          ///< Highest
#define CLOCK_SWING_PER_VOLT 0.025 ///< Part of a pair that a volt moves swing by

/// As scale points number them
typedef enum { CLOCK_INTERNAL, CLOCK_HOST, CLOCK_MIDI, CLOCK_CABLE } ClockSource;

/// When the reset output sends a trigger, besides each reset, as scale points have it
typedef enum {
  CLOCK_RESET_START_AND_JUMPS,
  CLOCK_RESET_START,
  CLOCK_RESET_EACH_BAR,
  CLOCK_RESET_EACH_4_BARS
} ClockResetWhen;

/// Positions of knobs
typedef struct {
  ClockSource      source;
  float            beats_per_minute;
  float            tempo_amount; ///< Octaves a volt of the tempo CV
  uint32_t         cable_ticks;  ///< In a beat: 1, 2, 4, 8, 12, 24 or 48
  bool             running;
  double           swing;       ///< Part of a pair that its first half takes
  uint32_t         swing_units; ///< In a beat: 2 or 4
  ClockResetWhen   reset_when;
  double           offset_s;  ///< How much later than the source, or earlier
  double           smoothing; ///< 0 for clocks as they come, to 1
  ClockOutSettings out[CLOCK_OUTS];
} ClockSettings;

typedef struct {
  Signal clock;
  Signal reset;
  Signal run;
  Signal tempo; ///< Volts
  Signal swing; ///< Volts
} ClockInputs;

/// Frames to write, or NULL
typedef struct {
  float* out[CLOCK_OUTS];
  float* reset;
  float* run;
  float* tempo; ///< Octaves from CLOCK_ZERO_TEMPO
} ClockOutputs;

/// Lines of bars that go by
typedef struct {
  TimelinePlace next;
  double        next_beats; ///< The same
  double        last_beats; ///< Before this, there is no next one
  int64_t       number;     ///< Of the next one
  double        beats;      ///< From one to the next
} ClockBars;

typedef struct {
  double        sample_rate;
  ClockSettings settings;
  bool          is_set;
  Timeline      song;   ///< Where the host is
  Timeline      own;    ///< Where any other source is
  TimelinePlace origin; ///< Place 0 of the outputs
  ClockBars     song_bars;
  ClockBars     own_bars;
  ClockOut      out[CLOCK_OUTS];
  GateOut       reset_out;

  bool  runs;
  Gate  clock;
  Gate  reset;
  Gate  run;
  float swing_v;
  float tempo_v;
  float rest_oct;  ///< Tempo of the knob
  float tempo_oct; ///< As it is shown

  // A source that ticks
  uint32_t      near_frames; ///< In which reset and clock are one event
  uint32_t      ticks;       ///< In a beat
  int64_t       tick;        ///< Number of the last one
  bool          is_armed;    ///< Whether the next one starts the line
  bool          midi_runs;
  TimelinePlace limit; ///< Which the line does not go beyond
  ClockSync     sync;
  ClockLoop     loop;
} ClockGen;

void
clock_gen_init(ClockGen* self, double sample_rate);

void
clock_gen_reset(ClockGen* self);

/// Set all knobs; the place stays
void
clock_gen_set(ClockGen* self, const ClockSettings* settings);

/// Go to place 0 with the next frame, as a rise of the reset input does
void
clock_gen_restart(ClockGen* self);

/// Take the host's transport at the next frame
void
clock_gen_transport(ClockGen* self, const Transport* transport);

/// Take a message of MIDI with the next frame
void
clock_gen_midi(ClockGen* self, const uint8_t* bytes, uint32_t size);

void
clock_gen_process(ClockGen*           self,
                  const ClockInputs*  in,
                  const ClockOutputs* out,
                  uint32_t            n_frames);

#endif // CLOCK_GEN_H
