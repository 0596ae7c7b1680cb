// SPDX-License-Identifier: ISC

#include "host/find_patch.h"

#include "host/message.h"
#include "host/name_list.h"
#include "host/xalloc.h"

#include <glob.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOME_DATA ".local/share"
#define SYSTEM_DATA "/usr/local/share:/usr/share"
#define FOLDER "chronus/patches"

/// Return a new text that is put together like one of printf()
__attribute__((format(printf, 1, 2))) static char*
text(const char* const fmt, ...)
{
  char*       result = NULL;
  size_t      size   = 0;
  FILE* const out    = (FILE*)xalloc(open_memstream(&result, &size));

  va_list args;
  va_start(args, fmt);
  vfprintf(out, fmt, args);
  va_end(args);
  fclose(out);
  return (char*)xalloc(result);
}

/// Return a setting of the environment, or NULL if it is not there or empty
static const char*
setting(const char* const name)
{
  const char* const value = getenv(name);

  return value && *value ? value : NULL;
}

/// Return the folders of data, between colons, to be freed
static char*
data_folders(void)
{
  const char* const home      = setting("HOME");
  const char* const home_data = setting("XDG_DATA_HOME");
  const char* const others    = setting("XDG_DATA_DIRS");

  return text("%s%s%s:" CHRONUS_DATADIR ":%s",
              home_data ? home_data
              : home    ? home
                        : "",
              !home_data && home ? "/" : "",
              !home_data && home ? HOME_DATA : "",
              others ? others : SYSTEM_DATA);
}

/// Return the file of an installed patch, to be freed, or NULL
static char*
installed_patch(const char* const name)
{
  char* const folders = data_folders();
  char*       rest    = NULL;
  char*       found   = NULL;
  for (char* folder = strtok_r(folders, ":", &rest); folder && !found;
       folder       = strtok_r(NULL, ":", &rest)) {
    found = text("%s/" FOLDER "/%s.ttl", folder, name);
    if (access(found, R_OK) != 0) {
      free(found);
      found = NULL;
    }
  }
  free(folders);
  return found;
}

/// Add the names of the patches in a folder of data
static void
add_names(PatchNames* const names, const char* const folder)
{
  char* const pattern = text("%s/" FOLDER "/*.ttl", folder);
  glob_t      files   = {0};
  if (!glob(pattern, 0, NULL, &files)) {
    for (size_t f = 0; f < files.gl_pathc; ++f) {
      const char* const name   = strrchr(files.gl_pathv[f], '/') + 1;
      const size_t      size   = strlen(name) - strlen(".ttl");
      names->names             = (char**)xgrow(names->names, names->n, sizeof(char*));
      names->names[names->n++] = (char*)xalloc(strndup(name, size));
    }
  }
  globfree(&files);
  free(pattern);
}

static int
compare_names(const void* const a, const void* const b)
{
  return strcmp(*(char* const*)a, *(char* const*)b);
}

PatchNames
find_patch_names(void)
{
  PatchNames  names   = {NULL, 0};
  char* const folders = data_folders();
  char*       rest    = NULL;
  for (char* folder = strtok_r(folders, ":", &rest); folder;
       folder       = strtok_r(NULL, ":", &rest)) {
    add_names(&names, folder);
  }
  free(folders);
  if (names.n) {
    qsort(names.names, names.n, sizeof(char*), compare_names);
  }

  // The same folder may stand there twice, and the same patch in two
  size_t n = 0;
  for (size_t i = 0; i < names.n; ++i) {
    if (n && !strcmp(names.names[n - 1U], names.names[i])) {
      free(names.names[i]);
    } else {
      names.names[n++] = names.names[i];
    }
  }
  names.n = n;
  return names;
}

void
find_patch_names_free(const PatchNames* const names)
{
  for (size_t i = 0; i < names->n; ++i) {
    free(names->names[i]);
  }
  free(names->names);
}

static void
report_none(const char* const name)
{
  NameList         list  = {"", 0};
  const PatchNames names = find_patch_names();
  for (size_t i = 0; i < names.n && !name_list_is_full(&list); ++i) {
    name_list_add(&list, ", ", names.names[i]);
  }
  message_error(name,
                NULL,
                "is neither a file nor an installed patch; %s%s",
                list.length ? "there are " : "none are installed",
                list.text);
  find_patch_names_free(&names);
}

char*
find_patch(const char* const name)
{
  const bool is_path = !*name || strpbrk(name, "/.") || !access(name, F_OK);
  if (is_path) {
    return (char*)xalloc(strdup(name));
  }

  char* const found = installed_patch(name);
  if (!found) {
    report_none(name);
  }
  return found;
}
