// SPDX-License-Identifier: ISC

#ifndef SOUND_H
#define SOUND_H

#include <sndfile.h>

#include <string.h>

/// Return what went wrong with a file, or with opening one if it is NULL, in few words
static inline const char*
sound_error(SNDFILE* const file)
{
  static const char prefix[] = "System error : ";

  const char* const text = sf_strerror(file);
  return strncmp(text, prefix, sizeof(prefix) - 1U) != 0 ? text
                                                         : text + sizeof(prefix) - 1U;
}

#endif // SOUND_H
