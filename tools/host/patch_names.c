// SPDX-License-Identifier: ISC

#include "host/patch_names.h"

#include "host/message.h"
#include "host/name_list.h"
#include "host/table.h"

#include <string.h>

const char* const patch_kind_names[] = {"a knob",
                                        "audio",
                                        "CV",
                                        "MIDI",
                                        "of an unknown kind"};

PatchPort*
patch_find_port(const Patch* const patch, const char* const name)
{
  const uint32_t p = table_find(&patch->port_names, name, strlen(name));

  return p == TABLE_NONE ? NULL : &patch->ports[p];
}

PatchBlock*
patch_find_block(const Patch* const patch, const char* const name, const size_t length)
{
  const uint32_t b = table_find(&patch->block_names, name, length);

  return b == TABLE_NONE ? NULL : &patch->blocks[b];
}

void
patch_report_unknown(const Patch* const patch,
                     const char* const  subject,
                     const char* const  name,
                     const size_t       length)
{
  NameList list = {"", 0};
  for (uint32_t p = 0; p < patch->n_ports && !name_list_is_full(&list); ++p) {
    name_list_add(&list, ", ", patch->ports[p].name);
  }
  for (uint32_t b = 0; b < patch->n_blocks && !name_list_is_full(&list); ++b) {
    name_list_add(&list, ", ", patch->blocks[b].name);
  }
  message_error(patch->path,
                subject,
                "there is no %.*s in the patch, but there is %s",
                (int)length,
                name,
                list.length ? list.text : "nothing else");
}

/// Report that a block has no such port, and which of that kind it has
static void
report_unknown_port(const Patch* const      patch,
                    const char* const       subject,
                    const PatchBlock* const block,
                    const char* const       symbol,
                    const bool              is_knob)
{
  NameList list = {"", 0};
  for (uint32_t p = 0; p < block->plugin->n_ports && !name_list_is_full(&list); ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    if (is_knob == (port->kind == HOST_CONTROL) && !(is_knob && port->is_output)) {
      name_list_add(&list, ", ", port->symbol);
    }
  }
  message_error(patch->path,
                subject,
                "%s has no %s %s, but it has %s",
                block->plugin->name,
                is_knob ? "knob" : "port",
                symbol,
                list.length ? list.text : "none");
}

const HostPort*
patch_find_block_port(const Patch* const patch,
                      const char* const  name,
                      const char* const  subject,
                      const bool         knob,
                      PatchBlock** const block)
{
  const size_t      length = strcspn(name, "/");
  const char* const symbol = name[length] ? name + length + 1U : "";

  *block = patch_find_block(patch, name, length);
  if (!*block) {
    patch_report_unknown(patch, subject, name, length);
    return NULL;
  }

  const HostPort* const port = host_port((*block)->plugin, symbol);
  if (!port || (knob && port->is_output && port->kind == HOST_CONTROL)) {
    report_unknown_port(patch, subject, *block, symbol, knob);
    return NULL;
  }

  return port;
}
