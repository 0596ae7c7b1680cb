// SPDX-License-Identifier: ISC
/// Ports, blocks and knobs of a patch by their names

#ifndef PATCH_NAMES_H
#define PATCH_NAMES_H

#include "host/host.h"
#include "host/patch.h"

#include <stdbool.h>
#include <stddef.h>

/// Names of kinds of port in reports
extern const char* const patch_kind_names[];

/// Return the port of the patch itself that is called `name`, or NULL
PatchPort*
patch_find_port(const Patch* patch, const char* name);

/// Return the block that the first `length` characters of `name` are, or NULL
PatchBlock*
patch_find_block(const Patch* patch, const char* name, size_t length);

/// Report that `name` is nothing in the patch, and what there is instead
void
patch_report_unknown(const Patch* patch,
                     const char*  subject,
                     const char*  name,
                     size_t       length);

/// Return the port of a block that is called `name`, and the block in `block`; NULL
/// after a report, which is on `subject`. `is_knob` if it is to be turned.
const HostPort*
patch_find_block_port(const Patch* patch,
                      const char*  name,
                      const char*  subject,
                      bool         is_knob,
                      PatchBlock** block);

#endif // PATCH_NAMES_H
