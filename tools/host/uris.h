// SPDX-License-Identifier: ISC
/**
   Numbers for URIs, which several hosts may have in common.

   One thread gives numbers, in which plugins are made.  Others may look up those that
   were given before: that is real-time safe.
*/

#ifndef URIS_H
#define URIS_H

#include <stdint.h>

typedef struct UrisImpl Uris;

/// Make an empty one, with one owner
Uris*
uris_new(void);

/// Return the same, with one owner more
Uris*
uris_share(Uris* uris);

/// Free it if this owner is the last
void
uris_free(Uris* uris);

/// Return the number of a URI, from 1 on, and give it one if it has none
uint32_t
uris_number(Uris* uris, const char* uri);

/// Return the URI of a number, or NULL if there is none
const char*
uris_uri(const Uris* uris, uint32_t number);

#endif // URIS_H
