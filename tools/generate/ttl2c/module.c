// SPDX-License-Identifier: ISC

#include "ttl2c/module.h"

#include <stddef.h>
#include <string.h>

const char*
kind_name(const Kind kind)
{
  return kind == CONTROL  ? "PORT_CONTROL"
         : kind == EVENTS ? "PORT_EVENTS"
                          : "PORT_SIGNAL";
}

const Port*
find_port(const Plugin* const plugin, const char* const symbol)
{
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    if (!strcmp(plugin->ports[p].symbol, symbol)) {
      return &plugin->ports[p];
    }
  }

  return NULL;
}
