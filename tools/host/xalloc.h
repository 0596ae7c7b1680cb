// SPDX-License-Identifier: ISC
/// Memory whose lack ends the program

#ifndef XALLOC_H
#define XALLOC_H

#include <stddef.h>

/// Return `memory` that was just allocated; if it is NULL, report that and exit
void*
xalloc(void* memory);

/// Return a new array with room for `n` and one more, filled with zeros
void*
xarray(size_t n, size_t size);

/// Return an array of `n` that has grown by ones with room for one more
void*
xgrow(void* array, size_t n, size_t size);

#endif // XALLOC_H
