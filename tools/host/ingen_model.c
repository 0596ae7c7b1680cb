// SPDX-License-Identifier: ISC

#include "host/ingen_model.h"

#include "host/message.h"
#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

const char*
ingen_string(const SordNode* const node)
{
  return (const char*)sord_node_get_string(node);
}

static void
add_node(Nodes* const nodes, const SordNode* const node)
{
  const uint32_t n = nodes->n++;
  if (!(n & (n - 1U))) { // It is full: its room is the next power of 2
    const size_t n_room = n ? 2U * (size_t)n : 1U;

    nodes->nodes = (const SordNode**)xalloc(
      realloc((void*)nodes->nodes, n_room * sizeof(SordNode*)));
  }
  nodes->nodes[n] = node;
}

Nodes
ingen_search(const Reader* const   reader,
             const SordNode* const subject,
             const char* const     predicate,
             const SordNode* const object,
             const SordQuadIndex   side)
{
  Nodes           found = {NULL, 0};
  SordNode* const uri   = sord_new_uri(reader->world, (const uint8_t*)predicate);
  SordIter* const i     = sord_search(reader->model, subject, uri, object, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    add_node(&found, sord_iter_get_node(i, side));
  }
  sord_iter_free(i);
  sord_node_free(reader->world, uri);
  return found;
}

Nodes
ingen_objects(const Reader* const   reader,
              const SordNode* const subject,
              const char* const     predicate)
{
  return ingen_search(reader, subject, predicate, NULL, SORD_OBJECT);
}

Nodes
ingen_instances(const Reader* const reader, const char* const class)
{
  SordNode* const uri   = sord_new_uri(reader->world, (const uint8_t*)class);
  const Nodes     found = ingen_search(reader, NULL, NS_RDF "type", uri, SORD_SUBJECT);

  sord_node_free(reader->world, uri);
  return found;
}

bool
ingen_states(const Reader* const   reader,
             const SordNode* const subject,
             const char* const     predicate,
             const SordNode* const object)
{
  SordNode* const uri = sord_new_uri(reader->world, (const uint8_t*)predicate);
  const bool      is  = sord_ask(reader->model, subject, uri, object, NULL);

  sord_node_free(reader->world, uri);
  return is;
}

bool
ingen_is_a(const Reader* const   reader,
           const SordNode* const subject,
           const char* const class)
{
  SordNode* const uri = sord_new_uri(reader->world, (const uint8_t*)class);
  const bool      is  = ingen_states(reader, subject, NS_RDF "type", uri);

  sord_node_free(reader->world, uri);
  return is;
}

const char*
ingen_name(const Reader* const reader, const SordNode* const node)
{
  const char* const uri    = ingen_string(node);
  const char* const folder = (const char*)reader->folder_uri.buf;
  const size_t      length = reader->folder_uri.n_bytes;

  return length && !strncmp(uri, folder, length) ? uri + length : uri;
}

bool
ingen_refuse(const Reader* const   reader,
             const SordNode* const subject,
             const char* const     message)
{
  message_error(
    reader->patch->path, subject ? ingen_name(reader, subject) : NULL, "%s", message);
  return false;
}

const SordNode*
ingen_only_object(const Reader* const   reader,
                  const SordNode* const subject,
                  const char* const     predicate,
                  const char* const     term)
{
  const Nodes           found = ingen_objects(reader, subject, predicate);
  const SordNode* const first = found.n ? found.nodes[0] : NULL;
  if (found.n != 1) {
    message_error(reader->patch->path,
                  ingen_name(reader, subject),
                  found.n ? "has more than one %s" : "has no %s",
                  term);
  }

  free(found.nodes);
  return found.n == 1 ? first : NULL;
}
