// SPDX-License-Identifier: ISC
/**
   Parts that filters with resonance and drive share: their knobs, and the CVs of these.

   A filter gives the indices of its ports.  Knobs of its own come after N_FILTER_KNOBS.
*/

#ifndef FILTER_KNOBS_H
#define FILTER_KNOBS_H

#include "plugin.h"

#include "math/fast_math.h"
#include "signal/gain.h"
#include "signal/knob.h"
#include "signal/modulate.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define RESONANCE_PER_VOLT 15.0 ///< In percent: 10 V go over the whole range
#define DRIVE_OCT_PER_DB 0.166096404744368

/// The ports of such a filter
typedef struct {
  uint32_t frequency;
  uint32_t shift;
  uint32_t frequency_amount;
  uint32_t frequency_cv;
  uint32_t resonance;
  uint32_t resonance_amount;
  uint32_t resonance_cv;
  uint32_t drive;
  uint32_t drive_amount;
  uint32_t drive_cv;
  uint32_t level;
  uint32_t enabled;
} FilterPorts;

enum {
  FREQUENCY,
  FREQUENCY_AMOUNT,
  RESONANCE,
  RESONANCE_AMOUNT,
  DRIVE,
  DRIVE_AMOUNT,
  LEVEL,
  SHARE, ///< Of the filter in the output: 0 when off, 1 when on
  N_FILTER_KNOBS
};

/// Values of knobs and CVs in each frame
typedef struct {
  double pitch_oct[BLOCK_FRAMES];
  double resonance[BLOCK_FRAMES]; ///< In percent, 0 to 150
  double drive[BLOCK_FRAMES];     ///< Factor
  bool   is_steady;               ///< Whether pitch and resonance are the same in all
} FilterFrames;

/// Take the knobs from their ports
static inline void
filter_knobs_set(Knob* const              knob,
                 const FilterPorts* const of,
                 const Ports* const       ports)
{
  knob_set(&knob[FREQUENCY],
           log2((double)control(ports, of->frequency)) +
             (double)control(ports, of->shift));
  knob_set(&knob[FREQUENCY_AMOUNT], (double)control(ports, of->frequency_amount));
  knob_set(&knob[RESONANCE], (double)control(ports, of->resonance));
  knob_set(&knob[RESONANCE_AMOUNT], (double)control(ports, of->resonance_amount));
  knob_set(&knob[DRIVE], DRIVE_OCT_PER_DB * (double)control(ports, of->drive));
  knob_set(&knob[DRIVE_AMOUNT], (double)control(ports, of->drive_amount));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, of->level)));
  knob_set(&knob[SHARE], (double)choice(ports, of->enabled));
}

/// Write what knobs, which must have been processed, and CVs come to
static inline void
filter_knobs_find(const Knob* const        knob,
                  const FilterPorts* const of,
                  const Ports* const       ports,
                  FilterFrames* const      frames,
                  const uint32_t           n_frames)
{
  static const Range any_pitch       = {-60.0, 60.0};
  static const Range resonance_range = {0.0, 150.0};
  static const Range drive_range = {-24.0 * DRIVE_OCT_PER_DB, 12.0 * DRIVE_OCT_PER_DB};

  const Signal pitch_cv     = signal_in(ports, of->frequency_cv);
  const Signal resonance_cv = signal_in(ports, of->resonance_cv);
  const Signal drive_cv     = signal_in(ports, of->drive_cv);

  const bool pitch_is_constant     = modulate(&knob[FREQUENCY],
                                          &knob[FREQUENCY_AMOUNT],
                                          pitch_cv,
                                          1.0,
                                          any_pitch,
                                          frames->pitch_oct,
                                          n_frames);
  const bool resonance_is_constant = modulate(&knob[RESONANCE],
                                              &knob[RESONANCE_AMOUNT],
                                              resonance_cv,
                                              RESONANCE_PER_VOLT,
                                              resonance_range,
                                              frames->resonance,
                                              n_frames);
  modulate(&knob[DRIVE],
           &knob[DRIVE_AMOUNT],
           drive_cv,
           1.0,
           drive_range,
           frames->drive,
           n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->drive[i] = fast_exp2(frames->drive[i]);
  }
  frames->is_steady = pitch_is_constant && resonance_is_constant;
}

#endif // FILTER_KNOBS_H
