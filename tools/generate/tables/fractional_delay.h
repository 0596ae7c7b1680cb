// SPDX-License-Identifier: ISC
/// Tables of filters that delay by a fraction of a frame

#ifndef FRACTIONAL_DELAY_H
#define FRACTIONAL_DELAY_H

#include <stdio.h>

void
write_delays(FILE* out);

#endif // FRACTIONAL_DELAY_H
