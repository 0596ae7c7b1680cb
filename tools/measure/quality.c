// SPDX-License-Identifier: ISC

#include "measure/quality.h"

#include "measure/arpeggio_quality.h"
#include "measure/clock_quality.h"
#include "measure/delay_quality.h"
#include "measure/distortion_quality.h"
#include "measure/drum_quality.h"
#include "measure/envelope_quality.h"
#include "measure/filter_quality.h"
#include "measure/follower_quality.h"
#include "measure/gain_quality.h"
#include "measure/hold_quality.h"
#include "measure/keys_quality.h"
#include "measure/lfo_quality.h"
#include "measure/loop_quality.h"
#include "measure/meter_quality.h"
#include "measure/noise_quality.h"
#include "measure/oscillator_quality.h"
#include "measure/panner_quality.h"
#include "measure/pulse_quality.h"
#include "measure/quantizer_quality.h"
#include "measure/resonator_quality.h"
#include "measure/reverb_quality.h"
#include "measure/ring_quality.h"
#include "measure/self_oscillation_quality.h"
#include "measure/slew_quality.h"
#include "measure/stepper_quality.h"
#include "measure/switch_quality.h"

/// Return true if the plugin can be run, which all that follows takes for granted
static bool
can_run(const Study* const study)
{
  Probe* const probe = study_probe(study);
  if (probe) {
    probe_free(probe);
  }
  return probe;
}

bool
quality(const Study* const study)
{
  static void (*const measures[N_SUBJECT_KINDS])(const Study*) = {
    [OSCILLATOR]       = oscillator_quality,
    [FILTER]           = filter_quality,
    [ENVELOPE]         = envelope_quality,
    [GAIN]             = gain_quality,
    [FOLLOWER]         = follower_quality,
    [NOISE]            = noise_quality,
    [HOLD]             = hold_quality,
    [LFO]              = lfo_quality,
    [SLEW]             = slew_quality,
    [PULSE]            = pulse_quality,
    [SELF_OSCILLATION] = self_oscillation_quality,
    [DISTORTION]       = distortion_quality,
    [RING_MODULATOR]   = ring_quality,
    [RESONATOR]        = resonator_quality,
    [DELAY]            = delay_quality,
    [REVERB]           = reverb_quality,
    [PANNER]           = panner_quality,
    [QUANTIZER]        = quantizer_quality,
    [METER]            = meter_quality,
    [DRUM]             = drum_quality,
    [CLOCK]            = clock_quality,
    [STEPPER]          = stepper_quality,
    [SWITCH]           = switch_quality,
    [LOOP]             = loop_quality,
    [KEYS]             = keys_quality,
    [ARPEGGIO]         = arpeggio_quality};

  if (!can_run(study)) {
    return false;
  }

  measures[study->subject->kind](study);
  return true;
}
