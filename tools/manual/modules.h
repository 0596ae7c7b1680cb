// SPDX-License-Identifier: ISC
/// Modules, each with the forms that are named after it

#ifndef MANUAL_MODULES_H
#define MANUAL_MODULES_H

#include "host/host.h"

#include <stdbool.h>
#include <stdio.h>

#define CHRONUS_URI "urn:chronus:"

/// Return the part of a plugin's URI that names its page and files
const char*
symbol_of(const HostPlugin* plugin);

/// Return a plugin's name without the brand
const char*
plain_name(const HostPlugin* plugin);

/// Return true if `form` is a form of `module`, named after it: "biquad-track"
bool
is_form_of(const HostPlugin* form, const HostPlugin* module);

/// Return a module's trade as LV2 names it: "Filter Plugin"
const char*
trade_of(const HostPlugin* plugin);

/// Print a module's trade without the word "Plugin"
void
print_trade(FILE* out, const HostPlugin* plugin);

/// Return all modules by trade and name, without their forms; NULL ends them
const HostPlugin**
list_modules(Host* host);

#endif // MANUAL_MODULES_H
