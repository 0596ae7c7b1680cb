// SPDX-License-Identifier: ISC

#ifndef XALLOC_H
#define XALLOC_H

/// Return `memory` that was just allocated; if it is NULL, report that and exit
void*
xalloc(void* memory);

#endif // XALLOC_H
