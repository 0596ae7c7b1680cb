// SPDX-License-Identifier: ISC
/// Elements, texts and numbers of XML

#ifndef XML_H
#define XML_H

#include <stdio.h>

/// Print text as XML may hold it, in which most control characters have no place
void
xml_print_text(FILE* out, const char* text);

/// Print an element on a line of its own, at a depth of `indent` spaces
void
xml_print_element(FILE* out, int indent, const char* tag, const char* text);

/// Print a number with as few digits as tell it from other floats
void
xml_print_number(FILE* out, double number);

#endif // XML_H
