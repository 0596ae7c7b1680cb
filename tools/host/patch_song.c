// SPDX-License-Identifier: ISC

#include "host/patch_song.h"

uint32_t
patch_events_input(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].kind == HOST_EVENTS && !patch->ports[p].is_output) {
      return p;
    }
  }

  return patch->n_ports;
}

bool
patch_follows_song(const Patch* const patch)
{
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const HostPlugin* const plugin = patch->blocks[b].plugin;
    for (uint32_t p = 0; p < plugin->n_ports; ++p) {
      if (plugin->ports[p].has_transport) {
        return true;
      }
    }
  }

  return false;
}
