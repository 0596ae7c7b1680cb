// SPDX-License-Identifier: ISC
// Files for what reads files, in a folder of their own that is removed at the end

#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include <stddef.h>
#include <stdint.h>

/// Write a file of that name, over any other, and return its path
const char*
fuzz_file(const char* name, const uint8_t* bytes, size_t size);

#endif // FUZZ_FILE_H
