// SPDX-License-Identifier: ISC
/**
   A file that is there in full or not at all.

   It is written beside its place under another name, and only put there once it is
   complete, so that nothing ever finds half a file, nor loses the one that was there.
   It has the owner and the mode of the file that was there.  A symbolic link stays, and
   the file is where it leads.  What is no regular file (/dev/null, a pipe) is written
   directly.  "-" is the standard output, which gets all of it in the end or nothing.
*/

#ifndef ATOMIC_FILE_H
#define ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct AtomicFileImpl AtomicFile;

/// Return true if `path` stands for the standard output
bool
atomic_file_is_stdout(const char* path);

/// Return true unless there is something else than a file at `path`
bool
atomic_file_is_regular(const char* path);

/// Return true unless `path` is the very file `input`, by any name; reports if it is
bool
atomic_file_check_apart(const char* path, const char* input);

/// Begin a file; returns NULL after a report if it can't be written
AtomicFile*
atomic_file_open(const char* path);

/// Return the descriptor to write to, which stays the file's
int
atomic_file_fd(const AtomicFile* self);

/// Report why the file can't be written, and return false
bool
atomic_file_refuse(const AtomicFile* self, const char* why);

/// Complete the file and put it in place, or report and return false
bool
atomic_file_finish(AtomicFile* self);

/// Leave no trace of the file
void
atomic_file_abandon(AtomicFile* self);

/// Write a whole file of `size` bytes, or report and return false
bool
atomic_file_write(const char* path, const char* text, size_t size);

/// Write a whole file of `size` bytes into a folder, or report and return false
bool
atomic_file_write_in(const char* folder,
                     const char* file,
                     const void* bytes,
                     size_t      size);

#endif // ATOMIC_FILE_H
