// SPDX-License-Identifier: ISC

#include "host/preset_labels.h"

#include "host/xalloc.h"

#include <lilv/lilv.h>
#include <lv2/presets/presets.h>

#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

static int
compare_strings(const void* const a, const void* const b)
{
  return strcmp(*(char* const*)a, *(char* const*)b);
}

/// Return the label of a preset, to be freed
static char*
preset_label(LilvWorld* const world, const LilvNode* const preset)
{
  LilvNode* const predicate = lilv_new_uri(world, NS_RDFS "label");
  lilv_world_load_resource(world, preset);
  LilvNode* const label = lilv_world_get(world, preset, predicate, NULL);
  char* const     text = (char*)xalloc(strdup(label ? lilv_node_as_string(label) : ""));

  lilv_node_free(label);
  lilv_node_free(predicate);
  return text;
}

char**
preset_labels(Host* const host, const HostPlugin* const plugin, size_t* const n_labels)
{
  LilvWorld* const world   = host_world(host);
  LilvNode* const class    = lilv_new_uri(world, LV2_PRESETS__Preset);
  LilvNodes* const presets = lilv_plugin_get_related(plugin->lilv, class);
  char** const     labels  = (char**)xarray(lilv_nodes_size(presets), sizeof(char*));

  *n_labels = 0;
  LILV_FOREACH (nodes, i, presets) {
    labels[(*n_labels)++] = preset_label(world, lilv_nodes_get(presets, i));
  }
  qsort(labels, *n_labels, sizeof(char*), compare_strings);
  lilv_nodes_free(presets);
  lilv_node_free(class);
  return labels;
}
