// SPDX-License-Identifier: ISC

#include "host/atomic_file.h"

#include "host/message.h"
#include "host/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_ENDING ".XXXXXX"
#define COPY_SIZE 65536
#define MAX_LINKS 40 ///< One that leads to another, and so on, as Linux follows them

struct AtomicFileImpl {
  char* path;      ///< As it was asked for
  char* place;     ///< Where the file will be: where `path` leads if it is a link
  char* temporary; ///< What the file is called until it is complete, or NULL
  bool  is_stdout; ///< It goes to the standard output
  int   fd;
};

bool
atomic_file_is_stdout(const char* const path)
{
  return !strcmp(path, "-");
}

bool
atomic_file_is_regular(const char* const path)
{
  struct stat info;

  return stat(path, &info) || S_ISREG(info.st_mode);
}

bool
atomic_file_check_apart(const char* const path, const char* const input)
{
  struct stat to;
  struct stat from;
  if (stat(path, &to) || stat(input, &from) || !S_ISREG(to.st_mode) ||
      to.st_dev != from.st_dev || to.st_ino != from.st_ino) {
    return true;
  }

  message_error(path,
                NULL,
                "can't be written: it is the same file as the input %s",
                strcmp(path, input) != 0 ? input : "itself");
  return false;
}

// ---- Links

/// Return the length of the part of a path that names its folder, with the slash
static size_t
folder_length(const char* const path)
{
  const char* const slash = strrchr(path, '/');

  return slash ? (size_t)(slash - path) + 1U : 0;
}

/// Return where a link at `path` leads, to be freed, or NULL if it is none
static char*
follow(const char* const path)
{
  char          target[PATH_MAX];
  const ssize_t length = readlink(path, target, sizeof(target));
  if (length <= 0 || (size_t)length == sizeof(target)) {
    return NULL;
  }

  const size_t n_folder = *target == '/' ? 0 : folder_length(path);
  char* const  place    = (char*)xalloc(malloc(n_folder + (size_t)length + 1U));
  memcpy(place, path, n_folder);
  memcpy(place + n_folder, target, (size_t)length);
  place[n_folder + (size_t)length] = '\0';
  return place;
}

/// Return where `path` leads, to be freed; there may be nothing yet
static char*
find_place(const char* const path)
{
  char* place = (char*)xalloc(strdup(path));
  for (int i = 0; i < MAX_LINKS; ++i) {
    char* const next = follow(place);
    if (!next) {
      break;
    }
    free(place);
    place = next;
  }

  return place;
}

// ---- Temporary files

/// Return how much of a path can stand before the ending of a temporary name
static size_t
kept_length(const char* const path)
{
  const size_t n_folder = folder_length(path);
  char* const  folder   = (char*)xalloc(strdup(n_folder ? path : "."));
  if (n_folder) {
    folder[n_folder] = '\0';
  }

  const long   limit    = pathconf(folder, _PC_NAME_MAX);
  const size_t name_max = limit > 0 ? (size_t)limit : NAME_MAX;
  const size_t path_max =
    n_folder + name_max < PATH_MAX ? n_folder + name_max : (size_t)PATH_MAX - 1U;
  const size_t length   = strlen(path);
  const size_t n_ending = sizeof(TEMPORARY_ENDING) - 1U;
  free(folder);
  if (length + n_ending <= path_max) {
    return length;
  }

  // Never through the middle of a character
  size_t n_kept = path_max > n_folder + n_ending ? path_max - n_ending : n_folder;
  n_kept        = n_kept < length ? n_kept : length;
  while (n_kept > n_folder && ((unsigned char)path[n_kept] & 0xC0U) == 0x80U) {
    --n_kept;
  }
  return n_kept;
}

/// Give the temporary file the owner and the mode of the file that is there, if any
static void
adopt_mode(const AtomicFile* const self)
{
  struct stat info;
  if (stat(self->place, &info)) {
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(self->fd, 0666U & ~mask);
    return;
  }

  // Without the right to give files away, the owner is who writes it anew
  const int refused = fchown(self->fd, info.st_uid, info.st_gid);
  (void)refused;
  fchmod(self->fd, info.st_mode & 0777U);
}

/// Make a temporary file beside the place of the file
static bool
open_temporary(AtomicFile* const self)
{
  if (access(self->place, W_OK) && errno != ENOENT) {
    return false;
  }

  const size_t n_kept = kept_length(self->place);
  const size_t size   = n_kept + sizeof(TEMPORARY_ENDING);
  char* const  name   = (char*)xalloc(malloc(size));
  snprintf(name, size, "%.*s" TEMPORARY_ENDING, (int)n_kept, self->place);
  self->fd        = mkstemp(name);
  self->temporary = self->fd < 0 ? NULL : name;
  if (self->fd < 0) {
    const int reason = errno;
    free(name);
    errno = reason;
    return false;
  }

  adopt_mode(self);
  return true;
}

static bool
open_directly(AtomicFile* const self)
{
  self->fd = open(self->place, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  return self->fd >= 0;
}

// ---- The standard output

/// Make a file without a name, for what can't be put out before it is complete
static bool
open_nameless(AtomicFile* const draft)
{
  FILE* const file = tmpfile();
  draft->fd        = file ? dup(fileno(file)) : -1;
  if (file) {
    fclose(file);
  }
  return draft->fd >= 0;
}

/// Write some bytes, however few go at a time; returns false with errno
static bool
write_bytes(const int fd, const char* const bytes, const size_t size)
{
  for (size_t done = 0; done < size;) {
    const ssize_t n_bytes = write(fd, bytes + done, size - done);
    if (n_bytes < 0) {
      return false;
    }
    done += (size_t)n_bytes;
  }

  return true;
}

/// Put out a file without a name; returns false with errno
static bool
put_out(const int fd)
{
  char    bytes[COPY_SIZE];
  ssize_t n_bytes = lseek(fd, 0, SEEK_SET) ? -1 : 1;
  while (n_bytes > 0) {
    n_bytes = read(fd, bytes, sizeof(bytes));
    if (n_bytes > 0 && !write_bytes(STDOUT_FILENO, bytes, (size_t)n_bytes)) {
      return false;
    }
  }
  return !n_bytes;
}

// ---- Drafts

/// Open what is written to at first
static bool
open_draft(AtomicFile* const draft)
{
  return draft->is_stdout                      ? open_nameless(draft)
         : atomic_file_is_regular(draft->path) ? open_temporary(draft)
                                               : open_directly(draft);
}

AtomicFile*
atomic_file_open(const char* const path)
{
  AtomicFile* const self = (AtomicFile*)xalloc(calloc(1, sizeof(AtomicFile)));

  self->path      = (char*)xalloc(strdup(path));
  self->place     = find_place(path);
  self->fd        = -1;
  self->is_stdout = atomic_file_is_stdout(path);
  if (!open_draft(self)) {
    atomic_file_refuse(self, strerror(errno));
    atomic_file_abandon(self);
    return NULL;
  }

  return self;
}

int
atomic_file_fd(const AtomicFile* const self)
{
  return self->fd;
}

bool
atomic_file_refuse(const AtomicFile* const self, const char* const why)
{
  message_error(self->path, NULL, "can't be written: %s", why);
  return false;
}

static void
free_draft(AtomicFile* const self)
{
  free(self->temporary);
  free(self->place);
  free(self->path);
  free(self);
}

bool
atomic_file_finish(AtomicFile* const self)
{
  const int  fd     = self->fd;
  const bool is_out = !self->is_stdout || put_out(fd);
  self->fd          = -1;
  if (!is_out) {
    atomic_file_refuse(self, strerror(errno));
    close(fd);
    atomic_file_abandon(self);
    return false;
  }
  if (close(fd) || (self->temporary && rename(self->temporary, self->place))) {
    atomic_file_refuse(self, strerror(errno));
    atomic_file_abandon(self);
    return false;
  }

  free_draft(self);
  return true;
}

void
atomic_file_abandon(AtomicFile* const self)
{
  if (self->fd >= 0) {
    close(self->fd);
  }
  if (self->temporary) {
    unlink(self->temporary);
  }
  free_draft(self);
}

// ---- Whole files

bool
atomic_file_write(const char* const path, const char* const text, const size_t size)
{
  AtomicFile* const self = atomic_file_open(path);
  if (!self) {
    return false;
  }
  if (!write_bytes(self->fd, text, size)) {
    atomic_file_refuse(self, strerror(errno));
    atomic_file_abandon(self);
    return false;
  }

  return atomic_file_finish(self);
}

bool
atomic_file_write_in(const char* const folder,
                     const char* const file,
                     const void* const bytes,
                     const size_t      size)
{
  const size_t n_path = strlen(folder) + strlen(file) + 2U;
  char* const  path   = (char*)xalloc(malloc(n_path));
  snprintf(path, n_path, "%s/%s", folder, file);
  const bool ok = atomic_file_write(path, (const char*)bytes, size);
  free(path);
  return ok;
}
