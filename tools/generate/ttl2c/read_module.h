// SPDX-License-Identifier: ISC
/// A module in all its forms, from the files that describe them

#ifndef READ_MODULE_H
#define READ_MODULE_H

#include "ttl2c/module.h"

/// Read a file that describes a form, or the presets of the last one
void
read_file(Module* module, const char* file);

#endif // READ_MODULE_H
