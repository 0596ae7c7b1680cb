// SPDX-License-Identifier: ISC

#include "support/scratch.h"

#include "support/test.h"

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_OPEN_FOLDERS 8

static char folder[512];

void
scratch_make(void)
{
  const char* const tmpdir = getenv("TMPDIR");
  const char* const parent = tmpdir && *tmpdir ? tmpdir : "/tmp";
  snprintf(folder, sizeof(folder), "%s/chronus-test-XXXXXX", parent);
  ck_assert_msg(mkdtemp(folder), "cannot make the folder %s: check TMPDIR", folder);
  ck_assert_int_eq(chdir(folder), 0);
}

/// Remove one file or emptied folder, but not the folder itself
static int
remove_entry(const char* const        path,
             const struct stat* const info,
             const int                kind,
             struct FTW* const        place)
{
  (void)info;
  (void)kind;
  return place->level ? remove(path) : 0;
}

void
scratch_clear(void)
{
  ck_assert_int_eq(nftw(folder, remove_entry, MAX_OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS),
                   0);
}

void
scratch_remove(void)
{
  scratch_clear();
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_int_eq(rmdir(folder), 0);
}

const char*
scratch_path(void)
{
  return folder;
}
