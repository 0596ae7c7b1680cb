// SPDX-License-Identifier: ISC
/**
   Makes a bundle of Ingen out of a patch.

   patch2ingen PATCH OUT.ingen, see patch2ingen --help
*/

#include "host/atomic_file.h"
#include "host/convert.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/patch_names.h"
#include "host/xalloc.h"
#include "patch2ingen/bundle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] =
  "Usage: %1$s PATCH OUT.ingen\n"
  "Make a bundle out of a patch, a folder that Ingen opens and that is an LV2 plugin.\n"
  "PATCH is a file or the name of an installed patch.\n"
  "\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

/// Refuse ports that are called as Ingen calls its own
static bool
check_names(const Patch* const patch)
{
  static const char* const own[] = {"control", "notify"};
  for (size_t o = 0; o < sizeof(own) / sizeof(own[0]); ++o) {
    if (patch_find_port(patch, own[o])) {
      message_error(patch->path, own[o], "is a port that Ingen has already");
      return false;
    }
  }

  return true;
}

static bool
put_graph(const Patch* const patch, const char* const folder)
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  bundle_write_graph(out, patch, folder);
  fclose(out);

  const bool ok = atomic_file_write_in(folder, "main.ttl", text, size);
  free(text);
  return ok;
}

static bool
put_manifest(const char* const folder)
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  bundle_write_manifest(out);
  fclose(out);

  const bool ok = atomic_file_write_in(folder, "manifest.ttl", text, size);
  free(text);
  return ok;
}

static bool
write_bundle(const Patch* const patch, const char* const folder)
{
  if (mkdir(folder, 0777) && errno != EEXIST) {
    message_error(folder, NULL, "can't be made: %s", strerror(errno));
    return false;
  }

  bundle_warn(patch);
  return put_graph(patch, folder) && put_manifest(folder);
}

static bool
write_checked(const Patch* const patch, const char* const folder)
{
  return check_names(patch) && write_bundle(patch, folder);
}

int
main(const int argc, char** const argv)
{
  return convert_main(help, argc, argv, 1, write_checked);
}
