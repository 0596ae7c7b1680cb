// SPDX-License-Identifier: ISC
/// Pieces of Turtle

#ifndef TURTLE_TEXT_H
#define TURTLE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/// Write a text as a literal of Turtle, with another before it
void
turtle_text_literal(FILE* out, const char* before, const char* text);

/// Write the first `size` bytes of a text as a literal
void
turtle_text_part(FILE* out, const char* text, size_t size);

/// Write a property of a port with a decimal, which has a point in every locale
void
turtle_text_number(FILE* out, const char* property, float number);

/// Write a property of a port with a whole number
void
turtle_text_integer(FILE* out, const char* property, float number);

#endif // TURTLE_TEXT_H
