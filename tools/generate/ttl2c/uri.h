// SPDX-License-Identifier: ISC
/// URIs and symbols, and what they must look like

#ifndef URI_H
#define URI_H

#include <stdbool.h>
#include <stddef.h>

#define URI_BASE "urn:chronus:"
#define FORM_SIGN '-' ///< Between the name of a module and that of its form

/// Return true if `str` can be the symbol of something
bool
is_symbol(const char* str);

/// Return how much of a URI is that of a module, and not of its form
size_t
module_length(const char* uri);

/// Return the URI that a file asks for by its name, in memory that the next call reuses
const char*
uri_of_file(const char* file);

/// Complain if `uri` is not what the file is named after
void
check_uri(const char* uri);

#endif // URI_H
