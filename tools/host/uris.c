// SPDX-License-Identifier: ISC

#include "host/uris.h"

#include "host/xalloc.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define N_LISTS 1024U ///< A power of 2

/// A URI, which stays as it is once it can be found
typedef struct UriImpl {
  struct UriImpl* next; ///< Of the same list, given before
  char*           text;
  uint32_t        number;
} Uri;

struct UrisImpl {
  _Atomic(Uri*) lists[N_LISTS]; ///< By hash
  uint32_t      n_uris;
  uint32_t      n_owners;
};

/// Return a hash of a text (FNV-1a, see table.h)
static uint32_t
list_of(const char* const text)
{
  uint64_t hash = 0xCBF29CE484222325U;
  for (const char* at = text; *at; ++at) {
    hash = (hash ^ (uint8_t)*at) * 0x100000001B3U;
  }
  return (uint32_t)(hash ^ hash >> 32U) & (N_LISTS - 1U);
}

static const Uri*
first_of(const Uris* const uris, const uint32_t list)
{
  return atomic_load_explicit(&uris->lists[list], memory_order_acquire);
}

Uris*
uris_new(void)
{
  Uris* const uris = (Uris*)xarray(1, sizeof(Uris));

  uris->n_owners = 1;
  return uris;
}

Uris*
uris_share(Uris* const uris)
{
  ++uris->n_owners;
  return uris;
}

void
uris_free(Uris* const uris)
{
  if (--uris->n_owners) {
    return;
  }

  for (uint32_t l = 0; l < N_LISTS; ++l) {
    Uri* next = NULL;
    for (Uri* uri = atomic_load(&uris->lists[l]); uri; uri = next) {
      next = uri->next;
      free(uri->text);
      free(uri);
    }
  }
  free(uris);
}

/// Give a URI the next number
static uint32_t
add(Uris* const uris, const uint32_t list, const char* const text)
{
  Uri* const uri = (Uri*)xarray(1, sizeof(Uri));

  uri->next   = atomic_load(&uris->lists[list]);
  uri->text   = (char*)xalloc(strdup(text));
  uri->number = ++uris->n_uris;
  atomic_store_explicit(&uris->lists[list], uri, memory_order_release);
  return uri->number;
}

uint32_t
uris_number(Uris* const uris, const char* const uri)
{
  const uint32_t list = list_of(uri);
  for (const Uri* known = first_of(uris, list); known; known = known->next) {
    if (!strcmp(known->text, uri)) {
      return known->number;
    }
  }

  return add(uris, list, uri);
}

const char*
uris_uri(const Uris* const uris, const uint32_t number)
{
  for (uint32_t l = 0; l < N_LISTS; ++l) {
    for (const Uri* known = first_of(uris, l); known; known = known->next) {
      if (known->number == number) {
        return known->text;
      }
    }
  }

  return NULL;
}
