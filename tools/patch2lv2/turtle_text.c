// SPDX-License-Identifier: ISC

#include "patch2lv2/turtle_text.h"

#include <string.h>

static void
write_escaped(FILE* const out, const char* const text, const size_t size)
{
  for (size_t i = 0; i < size; ++i) {
    if (text[i] == '"' || text[i] == '\\') {
      fputc('\\', out);
    }
    fprintf(out, text[i] == '\n' ? "\\n" : "%c", text[i]);
  }
}

void
turtle_text_literal(FILE* const out, const char* const before, const char* const text)
{
  fprintf(out, "\"%s", before);
  write_escaped(out, text, strlen(text));
  fputc('"', out);
}

void
turtle_text_part(FILE* const out, const char* const text, const size_t size)
{
  fputc('"', out);
  write_escaped(out, text, size);
  fputc('"', out);
}

void
turtle_text_number(FILE* const out, const char* const property, const float number)
{
  char text[80] = "";
  snprintf(text, sizeof(text), "%.9f", (double)number);
  for (char* c = text; *c; ++c) {
    if (*c == ',') {
      *c = '.';
    }
  }
  fprintf(out, " ;\n\t\t%s %s", property, text);
}

void
turtle_text_integer(FILE* const out, const char* const property, const float number)
{
  fprintf(out, " ;\n\t\t%s %.0f", property, (double)number);
}
