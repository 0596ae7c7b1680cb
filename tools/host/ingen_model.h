// SPDX-License-Identifier: ISC
// Searches in the Turtle of a patch

#ifndef INGEN_MODEL_H
#define INGEN_MODEL_H

#include "host/patch.h"

#include <serd/serd.h>
#include <sord/sord.h>

#include <stdbool.h>
#include <stdint.h>

#define NS_INGEN "http://drobilla.net/ns/ingen#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_XSD "http://www.w3.org/2001/XMLSchema#"

/// The Turtle of a patch
typedef struct {
  Patch*          patch;
  SordWorld*      world;
  SordModel*      model;
  char*           folder; ///< Path of the folder of the file, with a slash at its end
  SerdNode        folder_uri; ///< The same as a URI
  const SordNode* graph;
  bool            has_errors; ///< In its syntax, whatever the parser makes of them
} Reader;

/// Result of a search
typedef struct {
  const SordNode** nodes;
  uint32_t         n;
} Nodes;

/// Return the text of a node
const char*
ingen_string(const SordNode* node);

/// Return one side of all statements that fit, where NULL fits all; the array is to be
/// freed
Nodes
ingen_search(const Reader*   reader,
             const SordNode* subject,
             const char*     predicate,
             const SordNode* object,
             SordQuadIndex   side);

/// Return the objects of all such statements, whose array is to be freed
Nodes
ingen_objects(const Reader* reader, const SordNode* subject, const char* predicate);

/// Return all that are of a class, whose array is to be freed
Nodes
ingen_instances(const Reader* reader, const char* class);

/// Return true if there is such a statement
bool
ingen_states(const Reader*   reader,
             const SordNode* subject,
             const char*     predicate,
             const SordNode* object);

/// Return true if a subject is of a class
bool
ingen_is_a(const Reader* reader, const SordNode* subject, const char* class);

/// Return the name of a block or port: its URI from the folder of the patch on
const char*
ingen_name(const Reader* reader, const SordNode* node);

/// Report an error, of the subject if that is not NULL; returns false
bool
ingen_refuse(const Reader* reader, const SordNode* subject, const char* message);

/// Return the only object of `predicate`, which people call `term`, or NULL
const SordNode*
ingen_only_object(const Reader*   reader,
                  const SordNode* subject,
                  const char*     predicate,
                  const char*     term);

#endif // INGEN_MODEL_H
