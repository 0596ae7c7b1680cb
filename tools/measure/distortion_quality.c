// SPDX-License-Identifier: ISC

#include "measure/distortion_quality.h"

#include "measure/driven.h"
#include "measure/waves.h"

#include <math.h>

#define GROUP "drive aliases, dB"
#define SETTLE_S 0.3

/// Return the aliases of a sine that is driven by so many dB
static double
driven_db(const Study* const self, const double freq_hz, const double drive_db)
{
  const double sine_hz = wave_odd_hz(freq_hz, self->sample_rate);
  Probe* const probe   = study_probe(self);
  double       result  = (double)NAN;
  if (!isnan(probe_set(probe, ROLE_GAIN, pow(10.0, drive_db / 20.0)))) {
    probe_settle(probe, SETTLE_S);
    result = driven_sine_db(probe, sine_hz, 1.0);
  }

  probe_free(probe);
  return result;
}

static double
clipped_db(const Study* const self, const double freq_hz)
{
  Probe* const probe = study_probe(self);
  probe_set(probe, ROLE_GAIN, 1.0);
  probe_settle(probe, SETTLE_S);
  const double result =
    driven_clipped_db(probe, wave_odd_hz(freq_hz, self->sample_rate));

  probe_free(probe);
  return result;
}

void
distortion_quality(const Study* const study)
{
  study_add(study, GROUP, "1k +12", driven_db(study, 1000.0, 12.0));
  study_add(study, GROUP, "1k +24", driven_db(study, 1000.0, 24.0));
  study_add(study, GROUP, "5k +12", driven_db(study, 5000.0, 12.0));
  study_add(study, GROUP, "5k +24", driven_db(study, 5000.0, 24.0));
  study_add(study, GROUP, "9k +12", driven_db(study, 9000.0, 12.0));
  study_add(study, GROUP, "5k clipped", clipped_db(study, 5000.0));
}
