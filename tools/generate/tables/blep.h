// SPDX-License-Identifier: ISC
/// Tables of what a band-limited edge adds to a naive waveform

#ifndef BLEP_H
#define BLEP_H

#include <stdio.h>

void
write_blep(FILE* out);

#endif // BLEP_H
