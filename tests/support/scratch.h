// SPDX-License-Identifier: ISC
/**
   A folder for the files of a test program.

   scratch_make() and scratch_remove() are for tcase_add_unchecked_fixture(), whose
   functions run outside of the processes of the tests: so the folder is removed
   whatever becomes of these.
*/

#ifndef SCRATCH_H
#define SCRATCH_H

/// Make an empty folder in TMPDIR, or in /tmp, and go there
void
scratch_make(void);

void
scratch_remove(void);

/// Remove what an earlier test has left in the folder
void
scratch_clear(void);

/// Return the absolute path of the folder
const char*
scratch_path(void);

#endif // SCRATCH_H
