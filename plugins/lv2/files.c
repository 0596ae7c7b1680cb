// SPDX-License-Identifier: ISC

#include "lv2/files.h"

#if defined(HAVE_FILES)

#  include "lv2/file_notices.h"
#  include "lv2/files_impl.h"
#  include "lv2/float_mode.h"
#  include "plugin.h"

#  include <lv2/atom/atom.h>
#  include <lv2/log/log.h>
#  include <lv2/state/state.h>
#  include <lv2/urid/urid.h>
#  include <lv2/worker/worker.h>

#  include <stdatomic.h>
#  include <stdbool.h>
#  include <stddef.h>
#  include <stdint.h>
#  include <stdio.h>
#  include <stdlib.h>
#  include <string.h>

#  define CONTENT_END "_content" ///< Behind the URI of the property

/// Work for a thread that may wait
enum { READ_PATH = 'p', PASS_ON = 'c' };

// ---- Lifetime

const void*
files_feature(const LV2_Feature* const* const features, const char* const uri)
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
    (const LV2_URID_Map*)files_feature(features, LV2_URID__map);
  if (map) {
    map_types(files, map);
    files->schedule =
      (const LV2_Worker_Schedule*)files_feature(features, LV2_WORKER__schedule);
    files->log = (const LV2_Log_Log*)files_feature(features, LV2_LOG__log);
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

void
files_get_saved(Files* const files, double* const numbers, char* const path)
{
  lock(files);
  memcpy(numbers, files->saved, content_size());
  memcpy(path, files->path, sizeof(files->path));
  unlock(files);
}

void
files_set_saved(Files* const files, const double* const numbers, const char* const path)
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

bool
files_read_path(Files* const files, const char* const path)
{
  double numbers[MAX_FILE_NUMBERS];
  char   old_path[MAX_PATH_BYTES];
  files_get_saved(files, numbers, old_path);

  FILE* const file = fopen(path, "rb");
  if (!file) {
    tell(files, files->error, path, 0, "cannot be opened");
    return false;
  }
  if (!read_file(files, path, file, numbers) || !read_beside(files, path, numbers)) {
    return false;
  }

  files_set_saved(files, numbers, path);
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

/// Ask for the file that a message sets the path to
static void
ask_for_file(const Files* const files, const Message* const message)
{
  if (files->schedule && message->text && message->size <= MAX_PATH_BYTES) {
    ask(files->schedule, READ_PATH, message->text, message->size);
  }
}

bool
files_take_event(const Instance* const self,
                 const uint32_t        frame,
                 const LV2_Atom        atom,
                 const uint8_t* const  bytes)
{
  if (is_question(&self->types, atom, bytes)) {
    file_notices_answer(self, frame, atom, bytes);
    return true;
  }

  Message message;
  if (!read_message(&self->types, atom, bytes, &message) ||
      message.property != plugin.file->property) {
    return false;
  }

  ask_for_file(self->files, &message);
  return true;
}

/// Bring run() what is saved: the numbers, and the path behind them
static LV2_Worker_Status
respond_saved(Files* const                      files,
              const LV2_Worker_Respond_Function respond,
              const LV2_Worker_Respond_Handle   handle)
{
  double numbers[MAX_FILE_NUMBERS];
  char   answer[MAX_ANSWER_BYTES];
  char   path[MAX_PATH_BYTES];
  files_get_saved(files, numbers, path);

  const size_t size = strlen(path) + 1U;
  memcpy(answer, numbers, content_size());
  memcpy(answer + content_size(), path, size);
  return respond(handle, (uint32_t)(content_size() + size), answer);
}

static LV2_Worker_Status
work(const LV2_Handle                  instance,
     const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle   handle,
     const uint32_t                    size,
     const void* const                 data)
{
  static const char nothing = 0;

  Files* const      files   = ((const Instance*)instance)->files;
  const char* const request = (const char*)data;
  if (size < 1U || size > 1U + MAX_PATH_BYTES) {
    return LV2_WORKER_ERR_UNKNOWN;
  }

  char path[MAX_PATH_BYTES] = "";
  memcpy(path, request + 1, size - 1U);
  path[MAX_PATH_BYTES - 1U] = '\0';
  if (request[0] == READ_PATH && !files_read_path(files, path)) {
    // The host was told why; what it shows is to be the file that there still is
    return respond(handle, sizeof(nothing), &nothing);
  }
  return respond_saved(files, respond, handle);
}

static LV2_Worker_Status
work_response(const LV2_Handle instance, const uint32_t size, const void* const data)
{
  const Instance* const self  = (const Instance*)instance;
  Files* const          files = self->files;
  const char* const     path  = (const char*)data + content_size();

  files->is_due = true;
  if (size <= content_size()) {
    return LV2_WORKER_SUCCESS; // Nothing has changed
  }
  if (size > content_size() + MAX_PATH_BYTES || path[size - content_size() - 1U]) {
    return LV2_WORKER_ERR_UNKNOWN;
  }

  const FloatMode mode = float_mode_enter();
  memcpy(files->playing, data, content_size());
  memcpy(files->playing_path, path, size - content_size());
  files_give(self);
  float_mode_leave(mode);
  return LV2_WORKER_SUCCESS;
}

/// There is nothing to do behind the last answer: each is complete in itself
static LV2_Worker_Status
end_run(const LV2_Handle instance)
{
  (void)instance;
  return LV2_WORKER_SUCCESS;
}

LV2_State_Status
files_pass_on(Instance* const self, const LV2_Feature* const* const features)
{
  Files* const                     files = self->files;
  const LV2_Worker_Schedule* const schedule =
    (const LV2_Worker_Schedule*)files_feature(features, LV2_WORKER__schedule);
  if (schedule) {
    return ask(schedule, PASS_ON, "", 0) == LV2_WORKER_SUCCESS ? LV2_STATE_SUCCESS
                                                               : LV2_STATE_ERR_UNKNOWN;
  }

  const FloatMode mode = float_mode_enter();
  files_get_saved(files, files->playing, files->playing_path);
  files_give(self);
  files->is_due = true;
  float_mode_leave(mode);
  return LV2_STATE_SUCCESS;
}

const void*
files_extension(const char* const uri)
{
  static const LV2_Worker_Interface worker = {work, work_response, end_run};

  return !strcmp(uri, LV2_WORKER__interface)  ? (const void*)&worker
         : !strcmp(uri, LV2_STATE__interface) ? file_state_interface()
                                              : NULL;
}

#endif
