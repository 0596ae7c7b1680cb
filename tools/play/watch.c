// SPDX-License-Identifier: ISC

#include "play/watch.h"

#include "host/xalloc.h"

#include <lilv/lilv.h>

#include <stdlib.h>
#include <string.h>

#define QUIET_LOOKS 2U ///< Without a change, after which it is over

static bool
is_same(const struct stat* const a, const struct stat* const b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

// ---- Files

static bool
has_file(const Watch* const watch, const char* const path)
{
  for (uint32_t f = 0; f < watch->n_files; ++f) {
    if (!strcmp(watch->files[f].path, path)) {
      return true;
    }
  }

  return false;
}

static void
add_file(Watch* const watch, const char* const path)
{
  WatchedFile file = {.path = NULL};
  if (has_file(watch, path) || stat(path, &file.known)) {
    return;
  }

  file.path    = (char*)xalloc(strdup(path));
  file.last    = file.known;
  watch->files = (WatchedFile*)xgrow(watch->files, watch->n_files, sizeof(WatchedFile));
  watch->files[watch->n_files++] = file;
}

static void
add_uri(Watch* const watch, const LilvNode* const uri)
{
  char* const path = uri ? lilv_node_get_path(uri, NULL) : NULL;
  if (path) {
    add_file(watch, path);
  }
  lilv_free(path);
}

static void
add_plugin(Watch* const watch, const LilvPlugin* const plugin)
{
  const LilvNodes* const data = lilv_plugin_get_data_uris(plugin);
  add_uri(watch, lilv_plugin_get_library_uri(plugin));
  LILV_FOREACH (nodes, i, data) {
    add_uri(watch, lilv_nodes_get(data, i));
  }
}

// ---- Looks

void
watch_begin(Watch* const watch, const char* const path, const Rig* const rig)
{
  watch_end(watch);
  add_file(watch, path);
  for (uint32_t b = 0; b < rig->patch.n_blocks; ++b) {
    add_plugin(watch, rig->patch.blocks[b].plugin->lilv);
  }
}

/// Look at a file; returns whether it is there, and as it was at the last look
static bool
is_quiet(WatchedFile* const file, bool* const is_changed)
{
  struct stat now;
  if (stat(file->path, &now)) {
    return false; // Between the removal of a file and the making of the next
  }

  const bool quiet = is_same(&now, &file->last);
  file->last       = now;
  *is_changed      = *is_changed || !is_same(&now, &file->known);
  return quiet;
}

bool
watch_look(Watch* const watch)
{
  bool is_changed = false;
  bool quiet      = true;
  for (uint32_t f = 0; f < watch->n_files; ++f) {
    quiet = is_quiet(&watch->files[f], &is_changed) && quiet;
  }

  watch->n_quiet   = quiet ? watch->n_quiet + 1U : 0;
  const bool is_it = is_changed && watch->n_quiet >= QUIET_LOOKS;
  for (uint32_t f = 0; is_it && f < watch->n_files; ++f) {
    watch->files[f].known = watch->files[f].last;
  }
  return is_it;
}

void
watch_end(Watch* const watch)
{
  for (uint32_t f = 0; f < watch->n_files; ++f) {
    free(watch->files[f].path);
  }
  free(watch->files);
  *watch = (Watch){.files = NULL};
}
