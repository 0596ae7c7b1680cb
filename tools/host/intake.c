// SPDX-License-Identifier: ISC

#include "host/intake.h"

#include "host/message.h"
#include "host/stop.h"
#include "host/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_ROOM 65536U

/// A file as far as it has been read
typedef struct {
  const char* path;
  int         fd;
  uint8_t*    bytes;
  size_t      n_bytes;
  size_t      n_room;
} Intake;

static bool
refuse(const Intake* const intake, const char* const why)
{
  message_error(intake->path, NULL, "can't be read: %s", why);
  return false;
}

static bool
refuse_length(const Intake* const intake)
{
  message_error(intake->path,
                NULL,
                "is longer than %u MB, which no such file should be",
                INTAKE_MAX_SIZE >> 20U);
  return false;
}

/// Refuse what can be known before it is read
static bool
check_kind(const Intake* const intake)
{
  struct stat info;
  if (fstat(intake->fd, &info)) {
    return refuse(intake, strerror(errno));
  }
  if (S_ISDIR(info.st_mode)) {
    return refuse(intake, strerror(EISDIR));
  }

  return !S_ISREG(info.st_mode) || info.st_size <= (off_t)INTAKE_MAX_SIZE ||
         refuse_length(intake);
}

/// Have room for more, with a byte for the zero at the end
static bool
make_room(Intake* const intake)
{
  if (intake->n_bytes + 1U < intake->n_room) {
    return true;
  }
  if (intake->n_bytes > INTAKE_MAX_SIZE) {
    return refuse_length(intake);
  }

  intake->n_room = intake->n_room ? 2U * intake->n_room : FIRST_ROOM;
  intake->bytes  = (uint8_t*)xalloc(realloc(intake->bytes, intake->n_room));
  return true;
}

/// Wait for bytes and read them; returns how many, 0 at the end, or less with errno
static ssize_t
read_some(const Intake* const intake)
{
  ssize_t n_read = -1;
  do {
    if (!stop_await(intake->fd)) {
      errno = EINTR;
      return -1;
    }
    n_read = read(intake->fd,
                  intake->bytes + intake->n_bytes,
                  intake->n_room - intake->n_bytes - 1U);
  } while (n_read < 0 && (errno == EAGAIN || errno == EINTR));

  return n_read;
}

/// Read up to the end, or until a signal asks the program to end
static bool
read_all(Intake* const intake)
{
  for (ssize_t n_read = 1; n_read;) {
    if (!make_room(intake)) {
      return false;
    }

    n_read = read_some(intake);
    if (n_read < 0) {
      return refuse(intake, strerror(errno));
    }
    intake->n_bytes += (size_t)n_read;
  }

  intake->bytes[intake->n_bytes] = 0;
  return intake->n_bytes <= INTAKE_MAX_SIZE || refuse_length(intake);
}

uint8_t*
intake_read(const char* const path, size_t* const size)
{
  // Without O_NONBLOCK, the wait for whoever writes to a pipe would begin here
  const int flags  = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  Intake    intake = {.path = path, .fd = open(path, flags)};
  if (intake.fd < 0) {
    refuse(&intake, strerror(errno));
    return NULL;
  }

  const bool ok = check_kind(&intake) && read_all(&intake);
  close(intake.fd);
  if (!ok) {
    free(intake.bytes);
    return NULL;
  }

  *size = intake.n_bytes;
  return intake.bytes;
}
