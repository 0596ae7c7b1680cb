// SPDX-License-Identifier: ISC

#include "measure/turtle.h"

#include <serd/serd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RDF_TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

bool
turtle_read(Turtle* const turtle, const char* const path)
{
  turtle->world = sord_world_new();
  turtle->model = sord_new(turtle->world, SORD_SPO | SORD_OPS, false);

  SerdNode       base = serd_node_new_file_uri((const uint8_t*)path, NULL, NULL, true);
  SerdEnv* const env  = serd_env_new(&base);
  SerdReader* const reader = sord_new_reader(turtle->model, env, SERD_TURTLE, NULL);
  const SerdStatus  status = serd_reader_read_file(reader, base.buf);
  if (status) {
    fprintf(stderr, "%s: %s\n", path, serd_strerror(status));
  }

  serd_reader_free(reader);
  serd_env_free(env);
  serd_node_free(&base);
  return !status;
}

void
turtle_free(Turtle* const turtle)
{
  sord_free(turtle->model);
  sord_world_free(turtle->world);
}

/// Visit one end of every statement that fits; NULL is anything
static bool
visit_matches(Turtle* const       turtle,
              const SordQuad      pattern,
              const SordQuadIndex end,
              const TurtleVisit   visit,
              void* const         data)
{
  bool            ok = true;
  SordIter* const i  = sord_find(turtle->model, pattern);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    ok = visit(data, turtle, sord_iter_get_node(i, end)) && ok;
  }
  sord_iter_free(i);
  return ok;
}

static SordNode*
uri_node(Turtle* const turtle, const char* const uri)
{
  return sord_new_uri(turtle->world, (const uint8_t*)uri);
}

bool
turtle_visit_class(Turtle* const     turtle,
                   const char* const type,
                   const TurtleVisit visit,
                   void* const       data)
{
  SordNode* const predicate = uri_node(turtle, RDF_TYPE);
  SordNode* const object    = uri_node(turtle, type);
  const SordQuad  pattern   = {NULL, predicate, object, NULL};
  const bool      ok        = visit_matches(turtle, pattern, SORD_SUBJECT, visit, data);

  sord_node_free(turtle->world, object);
  sord_node_free(turtle->world, predicate);
  return ok;
}

bool
turtle_visit_values(Turtle* const         turtle,
                    const SordNode* const thing,
                    const char* const     predicate,
                    const TurtleVisit     visit,
                    void* const           data)
{
  SordNode* const node    = uri_node(turtle, predicate);
  const SordQuad  pattern = {thing, node, NULL, NULL};
  const bool      ok      = visit_matches(turtle, pattern, SORD_OBJECT, visit, data);

  sord_node_free(turtle->world, node);
  return ok;
}

SordNode*
turtle_value(Turtle* const         turtle,
             const SordNode* const thing,
             const char* const     predicate)
{
  SordNode* const node  = uri_node(turtle, predicate);
  SordNode* const value = sord_get(turtle->model, thing, node, NULL, NULL);

  sord_node_free(turtle->world, node);
  return value;
}

const char*
turtle_string(Turtle* const         turtle,
              const SordNode* const thing,
              const char* const     predicate)
{
  SordNode* const value = turtle_value(turtle, thing, predicate);

  // The model holds the node for as long as it lives itself
  const char* const str = value ? (const char*)sord_node_get_string(value) : NULL;
  sord_node_free(turtle->world, value);
  return str;
}

double
turtle_number(Turtle* const         turtle,
              const SordNode* const thing,
              const char* const     predicate,
              const double          fallback)
{
  const char* const str = turtle_string(turtle, thing, predicate);

  return str ? serd_strtod(str, NULL) : fallback;
}

int
turtle_choice(Turtle* const            turtle,
              const SordNode* const    thing,
              const char* const        predicate,
              const char* const        prefix,
              const char* const* const names,
              const uint32_t           n_names,
              const int                fallback)
{
  const char* const uri = turtle_string(turtle, thing, predicate);
  if (!uri) {
    return fallback;
  }

  const size_t length = strlen(prefix);
  for (uint32_t i = 0; i < n_names; ++i) {
    if (!strncmp(uri, prefix, length) && !strcmp(uri + length, names[i])) {
      return (int)i;
    }
  }
  return -1;
}
