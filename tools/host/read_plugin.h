// SPDX-License-Identifier: ISC
/// Plugins and ports as their Turtle describes them

#ifndef READ_PLUGIN_H
#define READ_PLUGIN_H

#include "host/host.h"

#include <lilv/lilv.h>

/// Read all that stands in a plugin's own files, if that has not been done
void
host_read_plugin(HostPlugin* plugin, LilvWorld* world);

/// Free what host_read_plugin() has read
void
host_free_plugin(HostPlugin* plugin);

#endif // READ_PLUGIN_H
