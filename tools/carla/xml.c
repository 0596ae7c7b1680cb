// SPDX-License-Identifier: ISC

#include "carla/xml.h"

#include <stdio.h>
#include <stdlib.h>

void
xml_print_text(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    switch (*c) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    default:
      fputc((unsigned char)*c < ' ' ? ' ' : *c, out);
    }
  }
}

void
xml_print_element(FILE* const       out,
                  const int         indent,
                  const char* const tag,
                  const char* const text)
{
  fprintf(out, "%*s<%s>", indent, "", tag);
  xml_print_text(out, text);
  fprintf(out, "</%s>\n", tag);
}

void
xml_print_number(FILE* const out, const double number)
{
  char text[32] = "";
  for (int n_digits = 6; !*text || strtof(text, NULL) != (float)number; ++n_digits) {
    snprintf(text, sizeof(text), "%.*g", n_digits, number);
  }
  fputs(text, out);
}
