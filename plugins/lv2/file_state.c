// SPDX-License-Identifier: ISC
// Contents of files, kept within the host's project

#include "lv2/files.h"

#if defined(HAVE_FILES)

#  include "lv2/files_impl.h"
#  include "lv2/float_mode.h"
#  include "plugin.h"

#  include <lv2/atom/atom.h>
#  include <lv2/state/state.h>

#  include <stdbool.h>
#  include <stddef.h>
#  include <stdint.h>
#  include <stdlib.h>
#  include <string.h>

/// An atom:Vector of doubles
typedef struct {
  LV2_Atom_Vector_Body head;
  double               numbers[MAX_FILE_NUMBERS];
} Content;

static void
save_path(const Files* const              files,
          const char* const               path,
          const LV2_State_Store_Function  store,
          const LV2_State_Handle          handle,
          const LV2_Feature* const* const features)
{
  const LV2_State_Map_Path* const map =
    (const LV2_State_Map_Path*)files_feature(features, LV2_STATE__mapPath);
  const LV2_State_Free_Path* const give_back =
    (const LV2_State_Free_Path*)files_feature(features, LV2_STATE__freePath);
  char* const portable = map && *path ? map->abstract_path(map->handle, path) : NULL;
  if (!portable) {
    return;
  }

  store(handle,
        files->path_key,
        portable,
        strlen(portable) + 1U,
        files->path_type,
        LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
  if (give_back) {
    give_back->free_path(give_back->handle, portable);
  } else {
    free(portable);
  }
}

static LV2_State_Status
save(const LV2_Handle                instance,
     const LV2_State_Store_Function  store,
     const LV2_State_Handle          handle,
     const uint32_t                  flags,
     const LV2_Feature* const* const features)
{
  (void)flags;

  Files* const files = ((const Instance*)instance)->files;
  if (!files->content_key) {
    return LV2_STATE_ERR_NO_FEATURE;
  }

  Content content = {{sizeof(double), files->double_type}, {0.0}};
  char    path[MAX_PATH_BYTES];
  files_get_saved(files, content.numbers, path);
  save_path(files, path, store, handle, features);
  return store(handle,
               files->content_key,
               &content,
               sizeof(content.head) + content_size(),
               files->vector_type,
               LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
}

/// Take the path from a state, as one on this machine; returns false if there is none
static bool
restore_path(const Files* const                files,
             const LV2_State_Retrieve_Function retrieve,
             const LV2_State_Handle            handle,
             const LV2_Feature* const* const   features,
             char* const                       path)
{
  size_t            size  = 0;
  uint32_t          type  = 0;
  uint32_t          flags = 0;
  const char* const found =
    (const char*)retrieve(handle, files->path_key, &size, &type, &flags);
  if (!found || type != files->path_type || size < 2U || found[size - 1U]) {
    return false;
  }

  const LV2_State_Map_Path* const map =
    (const LV2_State_Map_Path*)files_feature(features, LV2_STATE__mapPath);
  const LV2_State_Free_Path* const give_back =
    (const LV2_State_Free_Path*)files_feature(features, LV2_STATE__freePath);
  char* const       mapped = map ? map->absolute_path(map->handle, found) : NULL;
  const char* const whole  = mapped ? mapped : found;
  const bool        fits   = strlen(whole) < MAX_PATH_BYTES;
  if (fits) {
    memcpy(path, whole, strlen(whole) + 1U);
  }
  if (mapped && give_back) {
    give_back->free_path(give_back->handle, mapped);
  } else {
    free(mapped);
  }
  return fits;
}

/// Take the content from a state; returns false if there is none that can be used
static bool
restore_content(const Files* const                files,
                const LV2_State_Retrieve_Function retrieve,
                const LV2_State_Handle            handle,
                double* const                     numbers,
                bool* const                       is_there)
{
  size_t               size  = 0;
  uint32_t             type  = 0;
  uint32_t             flags = 0;
  LV2_Atom_Vector_Body head  = {0, 0};
  const char* const    found =
    (const char*)retrieve(handle, files->content_key, &size, &type, &flags);

  *is_there = found;
  if (!found || type != files->vector_type || size != sizeof(head) + content_size()) {
    return false;
  }
  memcpy(&head, found, sizeof(head));
  memcpy(numbers, found + sizeof(head), content_size());
  if (head.child_size != sizeof(double) || head.child_type != files->double_type) {
    return false;
  }

  const FloatMode mode = float_mode_enter();
  const bool      ok   = plugin.file->check(numbers);
  float_mode_leave(mode);
  return ok;
}

/// Restore the content; the file is read only if a state has nothing but its path, and
/// a state that has neither changes nothing
static LV2_State_Status
restore(const LV2_Handle                  instance,
        const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle            handle,
        const uint32_t                    flags,
        const LV2_Feature* const* const   features)
{
  (void)flags;

  Instance* const self  = (Instance*)instance;
  Files* const    files = self->files;
  if (!files->content_key) {
    return LV2_STATE_ERR_NO_FEATURE;
  }

  double     numbers[MAX_FILE_NUMBERS];
  char       path[MAX_PATH_BYTES] = "";
  bool       is_there             = false;
  const bool has_path = restore_path(files, retrieve, handle, features, path);
  if (restore_content(files, retrieve, handle, numbers, &is_there)) {
    files_set_saved(files, numbers, path);
    return files_pass_on(self, features);
  }
  if (is_there) {
    return LV2_STATE_ERR_BAD_TYPE;
  }
  if (!has_path) {
    return LV2_STATE_SUCCESS;
  }
  return files_read_path(files, path) ? files_pass_on(self, features)
                                      : LV2_STATE_ERR_UNKNOWN;
}

const void*
file_state_interface(void)
{
  static const LV2_State_Interface state = {save, restore};

  return &state;
}

#endif
