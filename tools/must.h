// SPDX-License-Identifier: ISC

#ifndef MUST_H
#define MUST_H

/// Return `memory` that was just allocated; if it is NULL, report that and exit
void*
must(void* memory);

#endif // MUST_H
