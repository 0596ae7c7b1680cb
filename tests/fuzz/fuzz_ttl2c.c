// SPDX-License-Identifier: ISC
// The generator, with whatever Turtle for a module; it is a program, so it is here as
// one

#include "fuzz/fuzz_file.h"

#define main ttl2c_main
#include "ttl2c.c" // NOLINT(bugprone-suspicious-include)
#undef main

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Run the program as if it had just begun
static void
run(const char* const command, const char* const file)
{
  char* const arguments[] = {
    (char*)"ttl2c", (char*)command, (char*)"/dev/null", (char*)file, NULL};

  complaint_reset();
  ttl2c_main(4, (char**)arguments);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  const char* const file = fuzz_file("good.ttl", data, size);

  run("ports", file);
  run("manifest", file);
  return 0;
}
