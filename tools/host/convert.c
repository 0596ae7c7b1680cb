// SPDX-License-Identifier: ISC

#include "host/convert.h"

#include "host/atomic_file.h"
#include "host/find_patch.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/message.h"
#include "host/options.h"
#include "host/stop.h"
#include "host/xalloc.h"

#include <stdlib.h>

#define RATE_HZ 48000.0 ///< At which ranges that follow the sample rate are checked

static bool
convert(const char* const name, const char* const output, const ConvertWrite write)
{
  char* const input = find_patch(name);
  if (!input) {
    return false;
  }

  Host* const host = (Host*)xalloc(host_new(NULL));
  Patch       patch;
  patch_init(&patch, host, input, RATE_HZ);
  const bool ok = ingen_read(&patch, input) && patch_order(&patch) &&
                  atomic_file_check_apart(output, input) && write(&patch, output);
  patch_free(&patch);
  host_free(host);
  free(input);
  return ok;
}

int
convert_main(const char* const  help,
             const int          argc,
             char** const       argv,
             const int          n_most,
             const ConvertWrite write)
{
  options_begin(argv[0]);
  stop_watch();
  if (options_answer(help, argc, argv) == OPTIONS_DONE) {
    return EXIT_SUCCESS;
  }
  if (argc < 3 || argc > n_most + 2 || argv[1][0] == '-') {
    message_error("command line",
                  NULL,
                  "must name a patch and an output; see %s --help",
                  message_program_name());
    return EXIT_FAILURE;
  }

  bool ok = true;
  for (int i = 1; ok && i < argc - 1; ++i) {
    ok = convert(argv[i], argv[argc - 1], write);
  }
  stop_end();
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
