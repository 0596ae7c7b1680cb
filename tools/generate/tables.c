// SPDX-License-Identifier: ISC
/**
   The numbers that are computed once, when Chronus is built.

   tables blep OUT.h       what a band-limited edge adds to a naive waveform
   tables halfband OUT.h   filters that double or halve the sample rate
   tables noise OUT.h      filters that give noise its slope
   tables delay OUT.h      filters that delay by a fraction of a frame
*/

#include "tables/blep.h"
#include "tables/fractional_delay.h"
#include "tables/half_band.h"
#include "tables/slope.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char* name;
  void (*write)(FILE* out);
} Command;

static const Command commands[] = {{"blep", write_blep},
                                   {"halfband", write_half_bands},
                                   {"noise", write_slopes},
                                   {"delay", write_delays}};

static const Command*
find_command(const char* const name)
{
  for (size_t c = 0; c < sizeof(commands) / sizeof(commands[0]); ++c) {
    if (!strcmp(commands[c].name, name)) {
      return &commands[c];
    }
  }

  return NULL;
}

int
main(const int argc, char** const argv)
{
  const Command* const command = argc == 3 ? find_command(argv[1]) : NULL;
  if (!command) {
    fprintf(stderr, "usage: tables blep|halfband|noise|delay OUT.h\n");
    return 1;
  }

  FILE* const out = fopen(argv[2], "w");
  if (!out) {
    fprintf(stderr, "tables: %s: %s\n", argv[2], strerror(errno));
    return 1;
  }

  command->write(out);
  return fclose(out) ? 1 : 0;
}
