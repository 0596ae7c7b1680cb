// SPDX-License-Identifier: ISC

#include "draft.h"

#include "must.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_ENDING ".XXXXXX"

struct DraftImpl {
  char* path;
  char* temporary; ///< What the file is called until it is complete, or NULL
  int   fd;
};

bool
draft_is_regular(const char* const path)
{
  struct stat info;

  return stat(path, &info) || S_ISREG(info.st_mode);
}

/// Make a temporary file that anybody may use who may use new files
static int
open_temporary(Draft* const draft)
{
  const size_t size = strlen(draft->path) + sizeof(TEMPORARY_ENDING);
  draft->temporary  = (char*)must(malloc(size));
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

Draft*
draft_open(const char* const path)
{
  Draft* const draft = (Draft*)must(calloc(1, sizeof(Draft)));

  draft->path = (char*)must(strdup(path));
  draft->fd   = draft_is_regular(path) ? open_temporary(draft) : open(path, O_WRONLY);
  if (draft->fd < 0) {
    draft_refuse(draft, strerror(errno));
    draft_abandon(draft);
    return NULL;
  }

  return draft;
}

int
draft_fd(const Draft* const draft)
{
  return draft->fd;
}

bool
draft_refuse(const Draft* const draft, const char* const why)
{
  report_error(draft->path, NULL, "can't be written: %s", why);
  return false;
}

static void
free_draft(Draft* const draft)
{
  free(draft->temporary);
  free(draft->path);
  free(draft);
}

bool
draft_finish(Draft* const draft)
{
  const int fd = draft->fd;
  draft->fd    = -1;
  if (close(fd) || (draft->temporary && rename(draft->temporary, draft->path))) {
    draft_refuse(draft, strerror(errno));
    draft_abandon(draft);
    return false;
  }

  free_draft(draft);
  return true;
}

void
draft_abandon(Draft* const draft)
{
  if (draft->fd >= 0) {
    close(draft->fd);
  }
  if (draft->temporary) {
    unlink(draft->temporary);
  }
  free_draft(draft);
}
