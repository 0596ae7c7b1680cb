// SPDX-License-Identifier: ISC
/**
   Draws a patch.

   patch2svg PATCH.ttl OUT.svg, see patch2svg --help
*/

#include "draw/picture.h"
#include "host/atomic_file.h"
#include "host/convert.h"
#include "host/patch.h"
#include "host/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
  "Usage: %1$s PATCH OUT.svg\n"
  "Draw a patch: its blocks with their ports, and the cables between them.\n"
  "PATCH is a file or the name of an installed patch.\n"
  "\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

static bool
write_picture(const Patch* const patch, const char* const path)
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  picture_write_patch(out, patch);
  fclose(out);

  const bool ok = atomic_file_write(path, text, size);
  free(text);
  return ok;
}

int
main(const int argc, char** const argv)
{
  return convert_main(help, argc, argv, 1, write_picture);
}
