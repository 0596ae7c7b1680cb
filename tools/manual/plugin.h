// SPDX-License-Identifier: ISC
/// Page of one plugin, from its Turtle, as Markdown

#ifndef MANUAL_PLUGIN_H
#define MANUAL_PLUGIN_H

#include "host/host.h"

#include <stdio.h>

/// Print text as a cell of a table may hold it
void
manual_cell(FILE* out, const char* text);

/// Return a text of the Turtle on a plugin as a whole, or "", to be freed
char*
manual_text(Host* host, const HostPlugin* plugin, const char* predicate);

/// Print a plugin: its texts, a table of its ports, and its presets
void
manual_plugin(FILE* out, Host* host, const HostPlugin* plugin);

#endif // MANUAL_PLUGIN_H
