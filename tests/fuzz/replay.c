// SPDX-License-Identifier: ISC
// In place of a fuzzer, gives a target the content of every file that is named

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Return the content of a file, to be freed, or NULL
static uint8_t*
read_file(const char* const path, size_t* const size)
{
  FILE* const file = fopen(path, "rb");
  if (!file) {
    return NULL;
  }

  fseek(file, 0, SEEK_END);
  const long     length = ftell(file);
  uint8_t* const bytes = length < 0 ? NULL : (uint8_t*)malloc((size_t)length + !length);
  rewind(file);
  *size = bytes ? fread(bytes, 1, (size_t)length, file) : 0;
  fclose(file);
  return bytes;
}

int
main(int argc, char** argv)
{
  int n_failed = 0;
  for (int a = 1; a < argc; ++a) {
    size_t         size  = 0;
    uint8_t* const bytes = read_file(argv[a], &size);
    if (!bytes) {
      perror(argv[a]);
      ++n_failed;
      continue;
    }
    fprintf(stderr, "%s\n", argv[a]); // The last one, if it is a crash
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
  }

  return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
