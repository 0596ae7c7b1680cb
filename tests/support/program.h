// SPDX-License-Identifier: ISC
/**
   Programs that tests run, with their files in the folder of scratch.h.
*/

#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/// A patch for every way to get one wrong
#define BAD_PATCHES SOURCE_DIR "/tests/bad/patches"

/// Result of a program's run
typedef struct {
  int  status; ///< As of waitpid()
  char out[8192];
  char err[8192];
} Result;

void
write_text(const char* path, const char* text);

/// Write a patch, before which stand the prefixes that patches use
void
write_patch(const char* path, const char* text);

void
read_text(const char* path, char* text, size_t size);

/// Return true if there is any file of that pattern
bool
exists(const char* pattern);

Result
program_run(const char* program, const char* arguments);

/// Check that a run works and has nothing to complain of
Result
program_check_works(const char* program, const char* arguments);

/// Check that a run says just this, fails in order, and leaves no file "out..." behind
void
program_check_refused(const char* program, const char* arguments, const char* message);

/**
   Check that a program refuses a patch of BAD_PATCHES, instead of writing `out`.

   The first line of the file is a comment with what must be said about it.
*/
void
program_check_bad_patch(const char* program, const char* name, const char* out);

#endif // PROGRAM_H
