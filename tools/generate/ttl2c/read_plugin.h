// SPDX-License-Identifier: ISC
/// A plugin with all its ports and properties, from its Turtle

#ifndef READ_PLUGIN_H
#define READ_PLUGIN_H

#include "ttl2c/module.h"

#include <sord/sord.h>

#define PROPERTY_SIGN '#' ///< Between the name of a module and that of a property

/// Read the plugin that is `node`, and complain of what it must not hold
void
read_plugin(Plugin* plugin, const SordNode* node);

/// Return the class of a plugin beside lv2:Plugin
const char*
plugin_class(const SordNode* node);

#endif // READ_PLUGIN_H
