// SPDX-License-Identifier: ISC

#ifndef MODULE_NAME_H
#define MODULE_NAME_H

#define MODULE_URI "urn:chronus:" ///< With which the URIs of our modules begin

/// Return the URI of a module, to be freed: "biquad" is short for "urn:chronus:biquad"
char*
module_uri(const char* name);

#endif // MODULE_NAME_H
