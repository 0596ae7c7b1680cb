// SPDX-License-Identifier: ISC

#include "manual/modules.h"

#include "host/xalloc.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char*
symbol_of(const HostPlugin* const plugin)
{
  return plugin->uri + strlen(CHRONUS_URI);
}

const char*
plain_name(const HostPlugin* const plugin)
{
  static const char brand[] = "Chronus ";

  return plugin->name +
         (strncmp(plugin->name, brand, strlen(brand)) ? 0 : strlen(brand));
}

/// Return true for a form of a module, named after it: "biquad-track"
static bool
is_form(const HostPlugin* const plugin)
{
  return strchr(symbol_of(plugin), '-');
}

bool
is_form_of(const HostPlugin* const form, const HostPlugin* const module)
{
  const size_t length = strlen(module->uri);

  return !strncmp(form->uri, module->uri, length) && form->uri[length] == '-';
}

const char*
trade_of(const HostPlugin* const plugin)
{
  const LilvPluginClass* const class = lilv_plugin_get_class(plugin->lilv);

  return lilv_node_as_string(lilv_plugin_class_get_label(class));
}

void
print_trade(FILE* const out, const HostPlugin* const plugin)
{
  const char* const trade  = trade_of(plugin);
  const char* const ending = strstr(trade, "Plugin"); // A comb's is spelt in one word
  size_t            length = ending ? (size_t)(ending - trade) : strlen(trade);
  while (length > 0U && trade[length - 1U] == ' ') {
    --length;
  }

  fprintf(out, "%.*s", (int)length, trade);
}

static int
compare_modules(const void* const a, const void* const b)
{
  const HostPlugin* const left  = *(const HostPlugin* const*)a;
  const HostPlugin* const right = *(const HostPlugin* const*)b;
  const int               order = strcmp(trade_of(left), trade_of(right));

  return order ? order : strcmp(left->name, right->name);
}

const HostPlugin**
list_modules(Host* const host)
{
  const HostPlugin* const* const plugins = host_plugins(host, CHRONUS_URI);

  size_t n_plugins = 0;
  while (plugins[n_plugins]) {
    ++n_plugins;
  }

  const HostPlugin** const modules =
    (const HostPlugin**)xalloc(calloc(n_plugins + 1U, sizeof(HostPlugin*)));
  size_t n_modules = 0;
  for (size_t p = 0; p < n_plugins; ++p) {
    if (!is_form(plugins[p])) {
      modules[n_modules++] = plugins[p];
    }
  }
  qsort(modules, n_modules, sizeof(HostPlugin*), compare_modules);
  return modules;
}
