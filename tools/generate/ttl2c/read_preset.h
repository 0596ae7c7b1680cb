// SPDX-License-Identifier: ISC
/// Faults of presets; all else in them is for hosts

#ifndef READ_PRESET_H
#define READ_PRESET_H

#include "ttl2c/module.h"

#include <sord/sord.h>

/// Complain of what is wrong with the preset `node` of `plugin`
void
check_preset(const Plugin* plugin, const SordNode* node);

#endif // READ_PRESET_H
