// SPDX-License-Identifier: ISC

#include "fuzz/fuzz_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[512];
static char path[sizeof(folder) + 64];

static void
clean_up(void)
{
  remove(path);
  rmdir(folder);
}

static void
make_folder(void)
{
  const char* const tmp = getenv("TMPDIR");
  snprintf(folder, sizeof(folder), "%s/fuzz-XXXXXX", tmp ? tmp : "/tmp");
  if (!mkdtemp(folder)) {
    perror(folder);
    exit(EXIT_FAILURE);
  }
  atexit(clean_up);
}

const char*
fuzz_file(const char* const name, const uint8_t* const bytes, const size_t size)
{
  if (!folder[0]) {
    make_folder();
  }

  snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE* const file = fopen(path, "wb");
  if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
    perror(path);
    exit(EXIT_FAILURE);
  }
  return path;
}
