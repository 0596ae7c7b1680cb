// SPDX-License-Identifier: ISC
/**
   From the Turtle that describes plugins to the C and the manifest of their bundle.

   ttl2c ports OUT.h FILE.ttl...      ports and scale points of a module
   ttl2c manifest OUT.ttl FILE.ttl... what the bundle's files hold

   Before these may stand `--suffix TEXT`, with which the names of binaries end: ".so"
   if it is left out.  `--guis FOLDER` has the manifest name a file of each plugin
   there, which modgui makes.

   The first file describes the module as a plugin.  Others may describe its forms,
   which are the same module as plugins with other ports, and after each of these the
   presets that are made for it.

   A form with ports x_left and x_right, where the module itself has no ports of these
   names but x, is the module twice: once for each channel.

   Refuses Turtle that hosts or users would trip over, and writes nothing then.
*/

#include "ttl2c/complaint.h"
#include "ttl2c/header.h"
#include "ttl2c/manifest.h"
#include "ttl2c/model.h"
#include "ttl2c/module.h"
#include "ttl2c/read_module.h"

#include <sord/sord.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Write a file whole or not at all
static void
write_file(const char* const file, void (*const print)(FILE*, void*), void* const data)
{
  FILE* const out = fopen(file, "w");
  if (out) {
    print(out, data);
  }

  complaint_enter(file);
  if (!out) {
    complain("cannot be written: %s", strerror(errno));
    return;
  }

  const bool failed = ferror(out);
  if (fclose(out) || failed) {
    complain("cannot be written: %s", strerror(errno));
    remove(file);
  }
}

/// Read a module with all that belongs to it
static void
make_ports(const char* const out, char** const files, const int n_files)
{
  static Module module;
  SordModel*    models[2 * MAX_FORMS]; // Which keep what the module refers to

  memset(&module, 0, sizeof(module));

  int n_models = 0;
  for (int f = 0; f < n_files && !has_complained(); ++f) {
    if (n_models == 2 * MAX_FORMS) {
      complaint_enter(files[f]);
      complain("is one file too many: a module may have %d", 2 * MAX_FORMS);
      break;
    }
    models[n_models++] = model_new();
    read_file(&module, files[f]);
  }
  if (!has_complained()) {
    write_file(out, header_print, &module);
  }
  while (n_models > 0) {
    sord_free(models[--n_models]);
  }
}

/// List what `ttl2c ports` has no complaint about
static void
make_manifest(const char* const out,
              char** const      names,
              const int         n_names,
              const char* const suffix,
              const char* const guis)
{
  Files files = {names, n_names, suffix, guis};

  manifest_check(&files);
  if (!has_complained()) {
    write_file(out, manifest_print, &files);
  }
}

/// Take an option out of what follows the name of the program; return its value, or
/// another if it is not there
static const char*
take_option(int* const        argc,
            char*** const     argv,
            const char* const name,
            const char* const other)
{
  if (*argc < 3 || strcmp((*argv)[1], name) != 0) {
    return other;
  }

  const char* const value = (*argv)[2];
  *argc -= 2;
  *argv += 2;
  return value;
}

int
main(int argc, char** argv)
{
  const char* const suffix   = take_option(&argc, &argv, "--suffix", ".so");
  const char* const guis     = take_option(&argc, &argv, "--guis", NULL);
  const char* const command  = argc > 3 ? argv[1] : "";
  const bool        ports    = !strcmp(command, "ports");
  const bool        manifest = !strcmp(command, "manifest");
  if (!ports && !manifest) {
    fprintf(
      stderr,
      "usage: ttl2c [--suffix TEXT] ports OUT.h FILE.ttl...\n"
      "       ttl2c [--suffix TEXT] [--guis FOLDER] manifest OUT.ttl FILE.ttl...\n");
    return EXIT_FAILURE;
  }

  model_start();
  if (ports) {
    make_ports(argv[2], argv + 3, argc - 3);
  } else {
    make_manifest(argv[2], argv + 3, argc - 3, suffix, guis);
  }

  model_stop();
  return has_complained() ? EXIT_FAILURE : EXIT_SUCCESS;
}
