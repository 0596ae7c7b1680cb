// SPDX-License-Identifier: ISC
/// Tables of filters that double or halve the sample rate

#ifndef HALF_BAND_H
#define HALF_BAND_H

#include <stdio.h>

void
write_half_bands(FILE* out);

#endif // HALF_BAND_H
