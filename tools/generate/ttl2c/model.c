// SPDX-License-Identifier: ISC

#include "ttl2c/model.h"

#include "ttl2c/complaint.h"

#include <serd/serd.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SordWorld* world;
static SordModel* model; ///< What the present file says

// ---- Queries

static SordNode*
uri_node(const char* const uri)
{
  return sord_new_uri(world, (const uint8_t*)uri);
}

const char*
node_string(const SordNode* const node)
{
  return node ? (const char*)sord_node_get_string(node) : NULL;
}

bool
node_has_datatype(const SordNode* const node, const char* const type)
{
  const char* const datatype = node_string(sord_node_get_datatype(node));
  return datatype && !strcmp(datatype, type);
}

bool
model_has(const SordNode* const s,
          const char* const     predicate,
          const char* const     object)
{
  return sord_ask(model, s, uri_node(predicate), uri_node(object), NULL);
}

SordIter*
model_objects(const SordNode* const s, const char* const predicate)
{
  return sord_search(model, s, uri_node(predicate), NULL, NULL);
}

const SordNode*
model_object(const SordNode* const s, const char* const predicate)
{
  const SordNode* found = NULL;
  SordIter*       i     = model_objects(s, predicate);
  for (; !found && !sord_iter_end(i); sord_iter_next(i)) {
    const SordNode* const node = sord_iter_get_node(i, SORD_OBJECT);
    if (!sord_node_get_language(node)) {
      found = node;
    }
  }
  sord_iter_free(i);
  return found;
}

const char*
model_value(const SordNode* const s, const char* const predicate)
{
  return node_string(model_object(s, predicate));
}

unsigned
model_count(const SordNode* const s, const char* const predicate)
{
  unsigned  n = 0;
  SordIter* i = model_objects(s, predicate);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    n += !sord_node_get_language(sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);
  return n;
}

const SordNode*
need_object(const SordNode* const s,
            const char* const     predicate,
            const char* const     name)
{
  const unsigned n = model_count(s, predicate);
  if (n != 1) {
    complain(n ? "has more than one %s" : "has no %s", name);
    return NULL;
  }

  return model_object(s, predicate);
}

const char*
need(const SordNode* const s, const char* const predicate, const char* const name)
{
  const SordNode* const node = need_object(s, predicate, name);
  if (node && !*node_string(node)) {
    complain("has an empty %s", name);
  }

  return node ? node_string(node) : "";
}

double
need_number(const SordNode* const s,
            const char* const     predicate,
            const char* const     name,
            const bool            is_integer)
{
  const SordNode* const node = need_object(s, predicate, name);
  if (!node) {
    return NAN;
  }

  if (!node_has_datatype(node, is_integer ? NS_XSD "integer" : NS_XSD "decimal")) {
    complain("has \"%s\" as %s, which must be %s",
             node_string(node),
             name,
             is_integer ? "an integer" : "a number with a decimal point");
    return NAN;
  }

  return serd_strtod(node_string(node), NULL);
}

// ---- Files

void
model_start(void)
{
  world = sord_world_new();
}

void
model_stop(void)
{
  sord_world_free(world);
}

SordModel*
model_new(void)
{
  model = sord_new(world, SORD_SPO | SORD_OPS, false);
  return model;
}

/// Return what a file holds up to a zero, to be freed, or NULL if it can't be read
static char*
read_text(const char* const file)
{
  FILE* const in     = fopen(file, "rb");
  const int   failed = !in || fseek(in, 0, SEEK_END);
  const long  length = failed ? -1 : ftell(in);
  char* const text   = length < 0 ? NULL : (char*)calloc(1, (size_t)length + 1U);
  if (text) {
    rewind(in);
    text[fread(text, 1, (size_t)length, in)] = '\0';
  }
  if (in) {
    fclose(in);
  }
  return text;
}

bool
model_load(const char* const file)
{
  static unsigned n_files = 0;

  complaint_enter(file);

  SerdURI  base      = SERD_URI_NULL;
  SerdNode base_uri  = serd_node_new_file_uri((const uint8_t*)file, NULL, &base, true);
  SerdEnv* env       = serd_env_new(&base_uri);
  SerdReader* reader = sord_new_reader(model, env, SERD_TURTLE, NULL);

  char prefix[16];
  snprintf(prefix, sizeof(prefix), "f%u", n_files++);
  serd_reader_add_blank_prefix(reader, (const uint8_t*)prefix);

  char* const      text = read_text(file);
  const SerdStatus st   = !text   ? SERD_ERR_UNKNOWN
                          : *text ? serd_reader_read_string(reader, (const uint8_t*)text)
                                  : SERD_FAILURE;
  free(text);
  if (st) {
    complain("cannot be read as Turtle: %s",
             st == SERD_FAILURE ? "It is empty" : (const char*)serd_strerror(st));
  }

  serd_reader_free(reader);
  serd_env_free(env);
  serd_node_free(&base_uri);
  return !st;
}

unsigned
model_for_each(const char* const type,
               void (*const visit)(const SordNode*, void*),
               void* const data)
{
  unsigned  n = 0;
  SordIter* i = sord_search(model, NULL, uri_node(NS_RDF "type"), uri_node(type), NULL);
  for (; !sord_iter_end(i); sord_iter_next(i), ++n) {
    if (visit) {
      visit(sord_iter_get_node(i, SORD_SUBJECT), data);
    }
  }
  sord_iter_free(i);
  return n;
}
