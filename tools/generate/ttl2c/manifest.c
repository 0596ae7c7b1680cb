// SPDX-License-Identifier: ISC

#include "ttl2c/manifest.h"

#include "ttl2c/complaint.h"
#include "ttl2c/model.h"
#include "ttl2c/read_plugin.h"
#include "ttl2c/uri.h"

#include <sord/sord.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/// Output, and the files that it lists
typedef struct {
  FILE*        out;
  const Files* files;
} Listing;

/// Return true if a plugin has a port for CV
static bool
has_cv(const SordNode* const plugin)
{
  bool      has = false;
  SordIter* i   = model_objects(plugin, NS_LV2 "port");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const SordNode* const port = sord_iter_get_node(i, SORD_OBJECT);
    has                        = has || model_has(port, NS_RDF "type", NS_LV2 "CVPort");
  }
  sord_iter_free(i);
  return has;
}

static void
print_plugin_lines(const SordNode* const node, void* const data)
{
  const Listing* const listing = (const Listing*)data;
  const char* const    uri     = node_string(node);
  const char* const    name    = uri + strlen(URI_BASE);

  fprintf(listing->out,
          "<%s>\n\ta lv2:Plugin , <%s>%s ;\n\tlv2:binary <%.*s%s> ;\n"
          "\tmod:brand \"Chronus\" ;\n\tmod:label \"%s\" ;\n"
          "\trdfs:seeAlso <%s.ttl> , <chronus.ttl>",
          uri,
          plugin_class(node),
          has_cv(node) ? " , mod:ControlVoltagePlugin" : "",
          (int)module_length(name),
          name,
          listing->files->suffix,
          model_value(node, NS_LV2 "shortName"),
          name);
  if (listing->files->guis) {
    fprintf(listing->out, " , <%s/%s.ttl>", listing->files->guis, name);
  }
  fprintf(listing->out, " .\n\n");
}

static void
print_preset_lines(const SordNode* const node, void* const data)
{
  const Listing* const listing = (const Listing*)data;
  const char* const    uri     = model_value(node, NS_LV2 "appliesTo");

  fprintf(listing->out,
          "<%s>\n\ta pset:Preset ;\n\tlv2:appliesTo <%s> ;\n"
          "\trdfs:seeAlso <presets/%s.ttl> .\n\n",
          node_string(node),
          uri,
          uri + strlen(URI_BASE));
}

/// Call one function with every plugin, another with every preset that files describe
static void
for_each_file(const Files* const files,
              void (*const visit_listed_plugin)(const SordNode*, void*),
              void (*const visit_listed_preset)(const SordNode*, void*),
              void* const data)
{
  for (int f = 0; f < files->n_names; ++f) {
    SordModel* const model = model_new();
    if (model_load(files->names[f])) {
      model_for_each(NS_LV2 "Plugin", visit_listed_plugin, data);
      model_for_each(NS_PSET "Preset", visit_listed_preset, data);
    }
    sord_free(model);
  }
}

/// Return true if one of `files` describes a plugin, to judge by its name
static bool
is_described(const Files* const files, const char* const uri)
{
  bool is = false;
  for (int f = 0; f < files->n_names; ++f) {
    is = is || (files->names[f] != complaint_file() &&
                !strcmp(uri_of_file(files->names[f]), uri));
  }
  return is;
}

/// Complain of a form without its module, in whose library it is
static void
check_module(const Files* const files, const char* const uri)
{
  char module[512];
  snprintf(module, sizeof(module), "%.*s", (int)module_length(uri), uri);
  if (strcmp(uri, module) != 0 && !is_described(files, module)) {
    complain("is a form of <%s>, which no file describes", module);
  }
}

static void
check_listed_plugin(const SordNode* const node, void* const data)
{
  const char* const uri = node_string(node);

  complaint_about(uri);
  check_uri(uri);
  check_module((const Files*)data, uri);
  plugin_class(node);
  need(node, NS_LV2 "shortName", "lv2:shortName");
}

static void
check_listed_preset(const SordNode* const node, void* const data)
{
  complaint_about(node_string(node));

  const char* const uri = need(node, NS_LV2 "appliesTo", "lv2:appliesTo");
  if (*uri && strcmp(uri, uri_of_file(complaint_file())) != 0) {
    complain("applies to <%s>, not to <%s>, as its file is named",
             uri,
             uri_of_file(complaint_file()));
  } else if (*uri && !is_described((const Files*)data, uri)) {
    complain("applies to <%s>, which no file describes", uri);
  }
}

void
manifest_print(FILE* const out, void* const data)
{
  Listing listing = {out, (const Files*)data};

  fprintf(out,
          "# SPDX-License-Identifier: ISC\n"
          "@prefix lv2: <" NS_LV2 "> .\n@prefix mod: <" NS_MOD
          "> .\n@prefix pset: <" NS_PSET "> .\n"
          "@prefix rdfs: <" NS_RDFS "> .\n\n");
  for_each_file(listing.files, print_plugin_lines, print_preset_lines, &listing);
}

void
manifest_check(Files* const files)
{
  for_each_file(files, check_listed_plugin, check_listed_preset, files);
}
