// SPDX-License-Identifier: ISC

#include "host/atomic_file.h"

#include "host/message.h"
#include "host/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_ENDING ".XXXXXX"

struct AtomicFileImpl {
  char* path;
  char* temporary; ///< What the file is called until it is complete, or NULL
  int   fd;
};

bool
atomic_file_is_regular(const char* const path)
{
  struct stat info;

  return stat(path, &info) || S_ISREG(info.st_mode);
}

/// Make a temporary file that anybody may use who may use new files
static int
open_temporary(AtomicFile* const draft)
{
  const size_t size = strlen(draft->path) + sizeof(TEMPORARY_ENDING);
  draft->temporary  = (char*)xalloc(malloc(size));
  snprintf(draft->temporary, size, "%s" TEMPORARY_ENDING, draft->path);

  const int fd = mkstemp(draft->temporary);
  if (fd < 0) {
    free(draft->temporary);
    draft->temporary = NULL;
    return fd;
  }

  const mode_t mask = umask(0);
  umask(mask);
  fchmod(fd, 0666U & ~mask);
  return fd;
}

AtomicFile*
atomic_file_open(const char* const path)
{
  AtomicFile* const draft = (AtomicFile*)xalloc(calloc(1, sizeof(AtomicFile)));

  draft->path = (char*)xalloc(strdup(path));
  draft->fd =
    atomic_file_is_regular(path) ? open_temporary(draft) : open(path, O_WRONLY);
  if (draft->fd < 0) {
    atomic_file_refuse(draft, strerror(errno));
    atomic_file_abandon(draft);
    return NULL;
  }

  return draft;
}

int
atomic_file_fd(const AtomicFile* const draft)
{
  return draft->fd;
}

bool
atomic_file_refuse(const AtomicFile* const draft, const char* const why)
{
  message_error(draft->path, NULL, "can't be written: %s", why);
  return false;
}

static void
free_draft(AtomicFile* const draft)
{
  free(draft->temporary);
  free(draft->path);
  free(draft);
}

bool
atomic_file_finish(AtomicFile* const draft)
{
  const int fd = draft->fd;
  draft->fd    = -1;
  if (close(fd) || (draft->temporary && rename(draft->temporary, draft->path))) {
    atomic_file_refuse(draft, strerror(errno));
    atomic_file_abandon(draft);
    return false;
  }

  free_draft(draft);
  return true;
}

void
atomic_file_abandon(AtomicFile* const draft)
{
  if (draft->fd >= 0) {
    close(draft->fd);
  }
  if (draft->temporary) {
    unlink(draft->temporary);
  }
  free_draft(draft);
}

// ---- Whole files

/// Write all of `text`, however little goes at a time
static bool
write_all(const AtomicFile* const draft, const char* const text, const size_t size)
{
  for (size_t done = 0; done < size;) {
    const ssize_t n_bytes = write(draft->fd, text + done, size - done);
    if (n_bytes < 0) {
      return atomic_file_refuse(draft, strerror(errno));
    }
    done += (size_t)n_bytes;
  }

  return true;
}

bool
atomic_file_write(const char* const path, const char* const text, const size_t size)
{
  AtomicFile* const draft = atomic_file_open(path);
  if (!draft) {
    return false;
  }
  if (!write_all(draft, text, size)) {
    atomic_file_abandon(draft);
    return false;
  }

  return atomic_file_finish(draft);
}
