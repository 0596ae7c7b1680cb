// SPDX-License-Identifier: ISC
/**
   Types and functions that the parts of files.h share: files.c reads files,
   file_state.c saves what they held, and file_notices.c tells the host which file it
   is.
*/

#ifndef FILES_IMPL_H
#define FILES_IMPL_H

#include "lv2/files.h"
#include "plugin.h"

#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes that a worker's answer has at most: hosts pass on 4 KB, with a head of theirs
#define MAX_ANSWER_BYTES (MAX_FILE_NUMBERS * sizeof(double) + MAX_PATH_BYTES)

_Static_assert(MAX_ANSWER_BYTES <= 4096U - 64U, "hosts pass on an answer");

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

  // Of the thread of run()
  double   playing[MAX_FILE_NUMBERS];
  char     playing_path[MAX_PATH_BYTES];
  bool     is_due;   ///< Whether the host is to be sent that path
  uint32_t room;     ///< Bytes for events that the host has in this block
  uint32_t n_frames; ///< In this block
};

/// Return the data of a feature, or NULL
const void*
files_feature(const LV2_Feature* const* features, const char* uri);

/// Return how many bytes the module's numbers have
static inline size_t
content_size(void)
{
  return plugin.file->n_numbers * sizeof(double);
}

/// Copy what is saved to `numbers` and `path`, of the most that there may be
void
files_get_saved(Files* files, double* numbers, char* path);

void
files_set_saved(Files* files, const double* numbers, const char* path);

/// Read what a path leads to; if all of it can be used, it is saved from then on
bool
files_read_path(Files* files, const char* path);

/// Let the module have what is saved: by its own thread if that may be running
LV2_State_Status
files_pass_on(Instance* self, const LV2_Feature* const* features);

/// Save and restore, as hosts call them (file_state.c)
const void*
file_state_interface(void);

#endif // FILES_IMPL_H
