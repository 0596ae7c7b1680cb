// SPDX-License-Identifier: ISC

#include "ttl2c/header.h"

#include "ttl2c/read_plugin.h"
#include "ttl2c/uri.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void
print_upper(FILE* const out, const char* const str)
{
  for (const char* s = str; *s; ++s) {
    fputc(isalnum((unsigned char)*s) ? toupper((unsigned char)*s) : '_', out);
  }
}

/// Print the C name of something: the plugin's, and up to two more parts
static void
print_id(FILE* const       out,
         const Plugin*     plugin,
         const char* const part,
         const char* const subpart)
{
  print_upper(out, plugin->uri + strlen(URI_BASE));
  fputc('_', out);
  print_upper(out, part);
  if (subpart) {
    fputc('_', out);
    print_upper(out, subpart);
  }
}

static void
print_float(FILE* const out, const double number)
{
  char text[32];
  snprintf(text, sizeof(text), "%.9g", number);
  fprintf(out, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
}

static void
print_enums(FILE* const out, const Plugin* const plugin)
{
  fprintf(out, "enum {\n");
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    fprintf(out, "  ");
    print_id(out, plugin, plugin->ports[p].symbol, NULL);
    fprintf(out, " = %u,\n", p);
  }
  fprintf(out, "  ");
  print_id(out, plugin, "N_PORTS", NULL);
  fprintf(out, " = %u\n};\n", plugin->n_ports);

  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    for (unsigned i = 0; i < port->n_points; ++i) {
      fprintf(out, i ? ",\n  " : "\nenum {\n  ");
      print_id(out, plugin, port->symbol, port->points[i].label);
      fprintf(out, " = %.0f", port->points[i].value);
    }
    fprintf(out, port->n_points ? "\n};\n" : "");
  }
}

/// Print a name as C can have it
static void
print_c_name(FILE* const out, const char* const uri)
{
  for (const char* c = uri + strlen(URI_BASE); *c; ++c) {
    fputc(*c == FORM_SIGN ? '_' : *c, out);
  }
}

static void
print_ports(FILE* const out, const Plugin* const plugin)
{
  fprintf(out, "\nstatic const Port ");
  print_c_name(out, plugin->uri);
  fprintf(out, "_ports[] = {\n");
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    fprintf(out, "  {%s, %d, ", kind_name(port->kind), port->is_output);
    print_float(out, port->minimum);
    fprintf(out, ", ");
    print_float(out, port->maximum);
    fprintf(out, ", ");
    print_float(out, port->default_value);
    fprintf(out, "}, // %s\n", port->symbol);
  }
  fprintf(out, "};\n");
}

/// Print which channel has each port of a form with several
static void
print_channels(FILE* const out, const Plugin* const form)
{
  fprintf(out, "\nstatic const uint8_t ");
  print_c_name(out, form->uri);
  fprintf(out, "_channels[] = {\n");
  for (unsigned p = 0; p < form->n_ports; ++p) {
    if (form->ports[p].channel == ANY_CHANNEL) {
      fprintf(out, "  ANY_CHANNEL,\n");
    } else {
      fprintf(out, "  %u,\n", form->ports[p].channel);
    }
  }
  fprintf(out, "};\n");
}

/// Print the ports of a form, and where the module has them
static void
print_form(FILE* const out, const Module* const module, const Plugin* const form)
{
  print_ports(out, form);
  fprintf(out, "\nstatic const uint8_t ");
  print_c_name(out, form->uri);
  fprintf(out, "_places[] = {\n");
  for (unsigned p = 0; p < form->n_ports; ++p) {
    fprintf(out, "  ");
    print_id(out, &module->all, form->ports[p].module_symbol, NULL);
    fprintf(out, ",\n");
  }
  fprintf(out, "};\n");
  if (form->n_channels > 1) {
    print_channels(out, form);
  }
}

/// Print all forms but the module's own, if there are any
static void
print_forms(FILE* const out, const Module* const module)
{
  if (module->n_forms < 2) {
    return;
  }

  for (unsigned f = 1; f < module->n_forms; ++f) {
    print_form(out, module, &module->forms[f]);
  }
  fprintf(out, "\nenum { ");
  print_id(out, &module->all, "N_FORMS", NULL);
  fprintf(out, " = %u };\n\nstatic const Form ", module->n_forms - 1);
  print_c_name(out, module->all.uri);
  fprintf(out, "_forms[] = {\n");
  for (unsigned f = 1; f < module->n_forms; ++f) {
    const Plugin* const form = &module->forms[f];
    fprintf(out, "  {\"%s\", ", form->uri);
    print_c_name(out, form->uri);
    fprintf(out, "_ports, ");
    print_c_name(out, form->uri);
    fprintf(out, "_places, ");
    if (form->n_channels > 1) {
      print_c_name(out, form->uri);
      fprintf(out, "_channels");
    } else {
      fprintf(out, "NULL");
    }
    fprintf(out, ", %u, %u},\n", form->n_ports, form->n_channels);
  }
  fprintf(out, "};\n");
}

/// Print the properties that messages may set, if there are any
static void
print_properties(FILE* const out, const Plugin* const plugin)
{
  if (!plugin->n_properties) {
    return;
  }

  fprintf(out, "\nenum {\n");
  for (unsigned p = 0; p < plugin->n_properties; ++p) {
    fprintf(out, "  ");
    print_id(out, plugin, "PROPERTY", strchr(plugin->properties[p], PROPERTY_SIGN) + 1);
    fprintf(out, " = %u,\n", p);
  }
  fprintf(out, "  ");
  print_id(out, plugin, "N_PROPERTIES", NULL);
  fprintf(out, " = %u\n};\n\nstatic const char* const ", plugin->n_properties);
  print_c_name(out, plugin->uri);
  fprintf(out, "_properties[] = {\n");
  for (unsigned p = 0; p < plugin->n_properties; ++p) {
    fprintf(out, "  \"%s\",\n", plugin->properties[p]);
  }
  fprintf(out, "};\n");
}

void
header_print(FILE* const out, void* const data)
{
  const Module* const module = (const Module*)data;
  const Plugin* const plugin = &module->all;

  fprintf(out, "// Generated by ttl2c: change the Turtle instead\n\n#pragma once\n\n");
  fprintf(out, "#include \"plugin.h\"\n\n#define ");
  print_id(out, plugin, "URI", NULL);
  fprintf(out, " \"%s\"\n\n", plugin->uri);
  print_enums(out, plugin);
  print_ports(out, plugin);
  print_properties(out, plugin);
  print_forms(out, module);
}
