// SPDX-License-Identifier: ISC

#ifndef PRESET_LABELS_H
#define PRESET_LABELS_H

#include "host/host.h"

#include <stddef.h>

/// Return the labels of a plugin's presets by the alphabet; they and the array are to
/// be freed
char**
preset_labels(Host* host, const HostPlugin* plugin, size_t* n_labels);

#endif // PRESET_LABELS_H
