// SPDX-License-Identifier: ISC
// Units of the numbers on knobs and cables

#ifndef UNITS_H
#define UNITS_H

#include <math.h>

#define C4_HZ 261.6255653005986 ///< Pitch CV of 0 V, with A4 at 440 Hz
#define CV_MAX_V 10.0f          ///< Full scale of a unipolar CV

/// Where a pitch CV of 0 V is, as scale points number it
typedef enum { ZERO_VOLT_C4, ZERO_VOLT_C_MINUS_1 } ZeroVolt;

/// Return the pitch of 0 V in octaves from C4
static inline double
zero_volt_oct(const ZeroVolt zero_volt)
{
  return zero_volt == ZERO_VOLT_C_MINUS_1 ? -5.0 : 0.0;
}

/// Return the amplitude that `db` is: 10^(dB / 20)
static inline double
db_to_gain(const double db)
{
  return exp(db * (2.302585092994046 / 20.0));
}

#endif // UNITS_H
