// SPDX-License-Identifier: ISC
/// Tables of filters that give noise its slope

#ifndef SLOPE_H
#define SLOPE_H

#include <stdio.h>

void
write_slopes(FILE* out);

#endif // SLOPE_H
