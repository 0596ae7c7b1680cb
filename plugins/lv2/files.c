// SPDX-License-Identifier: ISC

#include "lv2/files.h"

#if defined(HAVE_FILES)

#  include "lv2/events.h"
#  include "lv2/float_mode.h"
#  include "plugin.h"

#  include <lv2/atom/atom.h>
#  include <lv2/log/log.h>
#  include <lv2/state/state.h>
#  include <lv2/urid/urid.h>
#  include <lv2/worker/worker.h>

#  include <stdatomic.h>
#  include <stdio.h>
#  include <stdlib.h>
#  include <string.h>

#  define CONTENT_END "_content" ///< Behind the URI of the property

/// What a thread that may wait is asked to do
enum { READ_PATH = 'p', PASS_ON = 'c' };

struct FilesImpl {
  const LV2_Worker_Schedule* schedule; ///< NULL if the host has no such thread
  const LV2_Log_Log*         log;      ///< NULL if it takes no messages
  LV2_URID                   error;
  LV2_URID                   warning;
  LV2_URID                   path_type;
  LV2_URID                   vector_type;
  LV2_URID                   double_type;
  LV2_URID                   path_key;
  LV2_URID                   content_key;

  /// Where threads that may wait meet, for no longer than a copy takes; run() never
  /// does
  atomic_flag is_busy;
  double      saved[MAX_FILE_NUMBERS];
  char        path[MAX_PATH_BYTES]; ///< Empty before the first file

  double playing[MAX_FILE_NUMBERS]; ///< Of the thread of run()
};

// ---- Lifetime

static const void*
find_feature(const LV2_Feature* const* const features, const char* const uri)
{
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, uri)) {
      return features[i]->data;
    }
  }

  return NULL;
}

static void
map_types(Files* const files, const LV2_URID_Map* const map)
{
  const char* const property = plugin.properties[plugin.file->property];
  const size_t      length   = strlen(property);
  char              content[MAX_PROPERTY_BYTES + sizeof(CONTENT_END)];
  memcpy(content, property, length);
  memcpy(content + length, CONTENT_END, sizeof(CONTENT_END));

  files->error       = map->map(map->handle, LV2_LOG__Error);
  files->warning     = map->map(map->handle, LV2_LOG__Warning);
  files->path_type   = map->map(map->handle, LV2_ATOM__Path);
  files->vector_type = map->map(map->handle, LV2_ATOM__Vector);
  files->double_type = map->map(map->handle, LV2_ATOM__Double);
  files->path_key    = map->map(map->handle, property);
  files->content_key = map->map(map->handle, content);
}

void
files_give(const Instance* const self)
{
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    plugin.file->take(self->channel[c].state, self->files->playing);
  }
}

size_t
files_size(void)
{
  return sizeof(Files);
}

void
files_open(Instance* const self, const LV2_Feature* const* const features)
{
  Files* const              files = (Files*)(void*)(self + 1);
  const LV2_URID_Map* const map =
    (const LV2_URID_Map*)find_feature(features, LV2_URID__map);
  if (map) {
    map_types(files, map);
    files->schedule =
      (const LV2_Worker_Schedule*)find_feature(features, LV2_WORKER__schedule);
    files->log = (const LV2_Log_Log*)find_feature(features, LV2_LOG__log);
  }
  atomic_flag_clear(&files->is_busy);
  plugin.file->start(files->playing);
  memcpy(files->saved, files->playing, sizeof(files->saved));
  self->files = files;
  files_give(self);
}

_Static_assert(sizeof(Instance) % _Alignof(struct FilesImpl) == 0,
               "what is behind an instance is aligned");

// ---- What is saved

static void
lock(Files* const files)
{
  while (atomic_flag_test_and_set_explicit(&files->is_busy, memory_order_acquire)) {
  }
}

static void
unlock(Files* const files)
{
  atomic_flag_clear_explicit(&files->is_busy, memory_order_release);
}

static size_t
content_size(void)
{
  return plugin.file->n_numbers * sizeof(double);
}

static void
get_saved(Files* const files, double* const numbers, char* const path)
{
  lock(files);
  memcpy(numbers, files->saved, content_size());
  memcpy(path, files->path, sizeof(files->path));
  unlock(files);
}

static void
set_saved(Files* const files, const double* const numbers, const char* const path)
{
  lock(files);
  memcpy(files->saved, numbers, content_size());
  memcpy(files->path, path, strlen(path) + 1U);
  unlock(files);
}

// ---- Files

/// Tell the host about a file, and about a line of it if that is not 0
static void
tell(const Files* const files,
     const LV2_URID     type,
     const char* const  path,
     const uint32_t     line,
     const char* const  reason)
{
  if (files->log && line) {
    files->log->printf(files->log->handle, type, "%s:%u: %s\n", path, line, reason);
  } else if (files->log) {
    files->log->printf(files->log->handle, type, "%s: %s\n", path, reason);
  }
}

/// Read a text of `size` bytes; returns false if that cannot be used
static bool
read_text(const Files* const files,
          const char* const  path,
          const char* const  text,
          const size_t       size,
          double* const      numbers)
{
  FileRemark      remark = {0, NULL};
  const FloatMode mode   = float_mode_enter();
  const bool      ok     = plugin.file->read(numbers, text, size, &remark);
  float_mode_leave(mode);

  if (!ok || remark.reason) {
    tell(files, ok ? files->warning : files->error, path, remark.line, remark.reason);
  }
  return ok;
}

/// Read a file that is open, and close it
static bool
read_file(const Files* const files,
          const char* const  path,
          FILE* const        file,
          double* const      numbers)
{
  char* const  text  = (char*)calloc(1, MAX_FILE_BYTES + 1U);
  const size_t size  = text ? fread(text, 1, MAX_FILE_BYTES + 1U, file) : 0U;
  const bool   fails = !text || ferror(file);
  fclose(file);

  bool ok = false;
  if (fails) {
    tell(files, files->error, path, 0, "cannot be read");
  } else if (size > MAX_FILE_BYTES) {
    tell(files, files->error, path, 0, "is larger than 64 KB");
  } else {
    ok = read_text(files, path, text, size, numbers);
  }
  free(text);
  return ok;
}

/// Read the file beside another, if there is one: returns false if it cannot be used
static bool
read_beside(const Files* const files, const char* const path, double* const numbers)
{
  const char* const beside = plugin.file->beside;
  const char* const slash  = strrchr(path, '/');
  const char* const dot    = strrchr(slash ? slash : path, '.');
  const size_t      length = dot ? (size_t)(dot - path) : strlen(path);
  if (!beside || (dot && !strcmp(dot, beside)) ||
      length + strlen(beside) >= MAX_PATH_BYTES) {
    return true;
  }

  char other[MAX_PATH_BYTES];
  memcpy(other, path, length);
  memcpy(other + length, beside, strlen(beside) + 1U);
  FILE* const file = fopen(other, "rb");
  return !file || read_file(files, other, file, numbers);
}

/// Read what a path leads to; if all of it can be used, it is saved from then on
static bool
read_path(Files* const files, const char* const path)
{
  double numbers[MAX_FILE_NUMBERS];
  char   old_path[MAX_PATH_BYTES];
  get_saved(files, numbers, old_path);

  FILE* const file = fopen(path, "rb");
  if (!file) {
    tell(files, files->error, path, 0, "cannot be opened");
    return false;
  }
  if (!read_file(files, path, file, numbers) || !read_beside(files, path, numbers)) {
    return false;
  }

  set_saved(files, numbers, path);
  return true;
}

// ---- Worker

/// Ask the thread that may wait to read a path, or to pass on what is saved
static LV2_Worker_Status
ask(const LV2_Worker_Schedule* const schedule,
    const char                       task,
    const char* const                path,
    const size_t                     size)
{
  char request[1U + MAX_PATH_BYTES];
  request[0] = task;
  memcpy(request + 1, path, size);
  return schedule->schedule_work(schedule->handle, (uint32_t)(1U + size), request);
}

bool
files_take_event(const Instance* const self,
                 const LV2_Atom        atom,
                 const uint8_t* const  bytes)
{
  Message message;
  if (!read_message(&self->types, atom, bytes, &message) ||
      message.property != plugin.file->property) {
    return false;
  }

  const Files* const files = self->files;
  if (files->schedule && message.text && message.size <= MAX_PATH_BYTES) {
    ask(files->schedule, READ_PATH, message.text, message.size);
  }
  return true;
}

static LV2_Worker_Status
work(const LV2_Handle                  instance,
     const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle   handle,
     const uint32_t                    size,
     const void* const                 data)
{
  Files* const      files   = ((const Instance*)instance)->files;
  const char* const request = (const char*)data;
  if (size < 1U || size > 1U + MAX_PATH_BYTES) {
    return LV2_WORKER_ERR_UNKNOWN;
  }

  char path[MAX_PATH_BYTES] = "";
  memcpy(path, request + 1, size - 1U);
  path[MAX_PATH_BYTES - 1U] = '\0';
  if (request[0] == READ_PATH && !read_path(files, path)) {
    return LV2_WORKER_SUCCESS; // The host was told, and what there is stays
  }

  double numbers[MAX_FILE_NUMBERS];
  get_saved(files, numbers, path);
  return respond(handle, (uint32_t)content_size(), numbers);
}

static LV2_Worker_Status
work_response(const LV2_Handle instance, const uint32_t size, const void* const data)
{
  const Instance* const self = (const Instance*)instance;
  if (size != content_size()) {
    return LV2_WORKER_ERR_UNKNOWN;
  }

  const FloatMode mode = float_mode_enter();
  memcpy(self->files->playing, data, size);
  files_give(self);
  float_mode_leave(mode);
  return LV2_WORKER_SUCCESS;
}

// ---- State

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
    (const LV2_State_Map_Path*)find_feature(features, LV2_STATE__mapPath);
  const LV2_State_Free_Path* const give_back =
    (const LV2_State_Free_Path*)find_feature(features, LV2_STATE__freePath);
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
  get_saved(files, content.numbers, path);
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
    (const LV2_State_Map_Path*)find_feature(features, LV2_STATE__mapPath);
  const LV2_State_Free_Path* const give_back =
    (const LV2_State_Free_Path*)find_feature(features, LV2_STATE__freePath);
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

/// Let the module have what is saved: by its own thread if that may be running
static LV2_State_Status
pass_on(Instance* const self, const LV2_Feature* const* const features)
{
  Files* const                     files = self->files;
  const LV2_Worker_Schedule* const schedule =
    (const LV2_Worker_Schedule*)find_feature(features, LV2_WORKER__schedule);
  if (schedule) {
    return ask(schedule, PASS_ON, "", 0) == LV2_WORKER_SUCCESS ? LV2_STATE_SUCCESS
                                                               : LV2_STATE_ERR_UNKNOWN;
  }

  char            path[MAX_PATH_BYTES];
  const FloatMode mode = float_mode_enter();
  get_saved(files, files->playing, path);
  files_give(self);
  float_mode_leave(mode);
  return LV2_STATE_SUCCESS;
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
    set_saved(files, numbers, path);
    return pass_on(self, features);
  }
  if (is_there) {
    return LV2_STATE_ERR_BAD_TYPE;
  }
  if (!has_path) {
    return LV2_STATE_SUCCESS;
  }
  return read_path(files, path) ? pass_on(self, features) : LV2_STATE_ERR_UNKNOWN;
}

const void*
files_extension(const char* const uri)
{
  static const LV2_Worker_Interface worker = {work, work_response, NULL};
  static const LV2_State_Interface  state  = {save, restore};

  return !strcmp(uri, LV2_WORKER__interface)  ? (const void*)&worker
         : !strcmp(uri, LV2_STATE__interface) ? (const void*)&state
                                              : NULL;
}

#endif
