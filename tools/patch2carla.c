// SPDX-License-Identifier: ISC
/**
   Makes a project of Carla out of a patch.

   patch2carla PATCH.ttl OUT.carxp, see patch2carla --help
*/

#include "carla/carla_project.h"
#include "host/convert.h"

static const char help[] =
  "Usage: %1$s PATCH OUT.carxp\n"
  "Make a project of Carla, for its process mode Patchbay, out of a patch.\n"
  "PATCH is a file or the name of an installed patch.\n"
  "\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

int
main(const int argc, char** const argv)
{
  return convert_main(help, argc, argv, 1, carla_project_write);
}
