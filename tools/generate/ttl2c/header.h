// SPDX-License-Identifier: ISC
/// The C of a module's ports

#ifndef HEADER_H
#define HEADER_H

#include "ttl2c/module.h"

#include <stdio.h>

/// Print the header of a module, which is `data`
void
header_print(FILE* out, void* data);

#endif // HEADER_H
