// SPDX-License-Identifier: ISC
/// Programs that make a file or folder out of a patch or several: PROGRAM PATCH... OUT

#ifndef CONVERT_H
#define CONVERT_H

#include "host/patch.h"

#include <stdbool.h>

/// Write a patch, which has been read and ordered; returns false after a report
typedef bool (*ConvertWrite)(const Patch* patch, const char* output);

/**
   Read the command line and every patch, up to `n_most`, and write it.

   Returns the status to exit with.  An output that is the patch's own file is refused,
   and signals to end leave no half of a file.
*/
int
convert_main(const char* help, int argc, char** argv, int n_most, ConvertWrite write);

#endif // CONVERT_H
