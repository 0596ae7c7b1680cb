// SPDX-License-Identifier: ISC

#include "measure/quantizer_quality.h"

#include "measure/likeness.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "quantizer"
#define OCTAVES 5 ///< Either way
#define CENTS_PER_OCTAVE 1200
#define HOLD_FRAMES 4U ///< Of a cent

enum { N_CENTS = 2 * OCTAVES * CENTS_PER_OCTAVE + 1 };

/// Write all cents, each for some frames, as the floats that the port gets
static void
write_cents(const Role* const role, double* const in)
{
  for (uint32_t i = 0; i < N_CENTS * HOLD_FRAMES; ++i) {
    const uint32_t cent    = i / HOLD_FRAMES;
    const double   octaves = (double)cent / CENTS_PER_OCTAVE - OCTAVES;
    const double   port    = (double)(float)role_port_value(role, octaves);
    in[i]                  = role_quantity(role, port);
  }
}

/// Keep the last frame of each cent
static void
keep_last(double* const in, float* const out)
{
  for (uint32_t c = 0; c < N_CENTS; ++c) {
    in[c]  = in[(c + 1U) * HOLD_FRAMES - 1U];
    out[c] = out[(c + 1U) * HOLD_FRAMES - 1U];
  }
}

/// Return how far a value is off a whole number of steps, in cents
static double
off_step(const Role* const role, const float value)
{
  const double steps = role_quantity(role, (double)value);

  return fabs(steps - nearbyint(steps)) * CENTS_PER_OCTAVE * role->factor;
}

void
quantizer_quality(const Study* const study)
{
  const uint32_t n_frames = N_CENTS * HOLD_FRAMES;
  Probe* const   probe    = study_probe(study);
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  float* const   out      = (float*)calloc(n_frames, sizeof(float));
  const Role*    roles    = study->subject->role;
  write_cents(&roles[ROLE_IN], in);
  probe_feed(probe, ROLE_IN, in, n_frames);
  probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
  keep_last(in, out);

  double off = 0.0;
  for (uint32_t c = 0; c < N_CENTS; ++c) {
    off = fmax(off, off_step(&roles[ROLE_OUT], out[c]));
  }
  const double not_nearest = likeness_not_nearest(in, out, N_CENTS);
  study_add(study, GROUP, "far, cent", not_nearest * CENTS_PER_OCTAVE);
  study_add(study, GROUP, "off, cent", off);
  study_add(study, GROUP, "notes", likeness_count_values(out, N_CENTS));
  free(out);
  free(in);
  probe_free(probe);
}
