// SPDX-License-Identifier: ISC

#include "play/watch.h"

static bool
is_same(const struct stat* const a, const struct stat* const b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
watch_begin(Watch* const watch, const char* const path)
{
  *watch = (Watch){.path = path};
  if (!stat(path, &watch->known)) {
    watch->last = watch->known;
  }
}

bool
watch_look(Watch* const watch)
{
  struct stat now;
  if (stat(watch->path, &now)) {
    return false; // Between the removal of a file and the making of the next
  }

  const bool is_quiet   = is_same(&now, &watch->last);
  const bool is_changed = is_quiet && !is_same(&now, &watch->known);
  watch->last           = now;
  if (is_changed) {
    watch->known = now;
  }
  return is_changed;
}
