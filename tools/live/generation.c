// SPDX-License-Identifier: ISC

#include "live/generation.h"

#include "host/message.h"
#include "host/xalloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Where lilv looks without LV2_PATH, as distributions build it
#define DEFAULT_PATH \
  "~/.lv2:/usr/local/lib/lv2:/usr/local/lib64/lv2:/usr/lib/lv2:/usr/lib64/lv2"

#define MAX_NAME_SIZE 4096

/// Make a folder of our own below that of temporary files; NULL after a report
static char*
make_folder(void)
{
  const char* const place = getenv("TMPDIR");
  char              name[MAX_NAME_SIZE];
  snprintf(name, sizeof(name), "%s/chronus-XXXXXX", place && *place ? place : "/tmp");
  if (!mkdtemp(name)) {
    message_error(name, NULL, "can't be made: %s", strerror(errno));
    return NULL;
  }

  return (char*)xalloc(strdup(name));
}

/// Return the real name of a folder of the path, to be freed, or NULL if there is none
static char*
real_name(const char* const folder)
{
  const char* const home    = getenv("HOME");
  const bool        is_home = *folder == '~' && home;
  char              name[MAX_NAME_SIZE];
  snprintf(name, sizeof(name), "%s%s", is_home ? home : "", folder + (is_home ? 1 : 0));
  return realpath(name, NULL);
}

/// Link one folder, and add the link to a path
static void
add_link(FILE* const       path,
         const char* const own,
         const char* const folder,
         unsigned* const   n_links)
{
  char* const target = real_name(folder);
  char        link[MAX_NAME_SIZE];
  snprintf(link, sizeof(link), "%s/%u", own, *n_links);
  if (target && !symlink(target, link)) {
    fprintf(path, "%s%s", *n_links ? ":" : "", link);
    ++*n_links;
  }
  free(target);
}

Generation
generation_begin(void)
{
  Generation generation = {.folder = make_folder(), .path = NULL};
  if (!generation.folder) {
    return generation;
  }

  const char* const lv2_path = getenv("LV2_PATH");
  char* const       folders =
    (char*)xalloc(strdup(lv2_path && *lv2_path ? lv2_path : DEFAULT_PATH));
  char*       rest    = NULL;
  size_t      size    = 0;
  unsigned    n_links = 0;
  FILE* const path    = (FILE*)xalloc(open_memstream(&generation.path, &size));
  for (char* folder = strtok_r(folders, ":", &rest); folder;
       folder       = strtok_r(NULL, ":", &rest)) {
    add_link(path, generation.folder, folder, &n_links);
  }
  fclose(path);
  free(folders);
  return generation;
}

void
generation_end(const Generation* const generation)
{
  char* const links = generation->path;
  char*       rest  = NULL;
  for (char* link = links ? strtok_r(links, ":", &rest) : NULL; link;
       link       = strtok_r(NULL, ":", &rest)) {
    unlink(link);
  }
  if (generation->folder) {
    rmdir(generation->folder);
  }
  free(links);
  free(generation->folder);
}
