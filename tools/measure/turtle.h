// SPDX-License-Identifier: ISC
/// Reading data from Turtle files: the properties of one thing at a time

#ifndef TURTLE_H
#define TURTLE_H

#include <sord/sord.h>

#include <stdbool.h>
#include <stdint.h>

/// The statements of one file
typedef struct {
  SordWorld* world;
  SordModel* model;
} Turtle;

/// A visitor of a thing; returns false to have it counted as an error
typedef bool (*TurtleVisit)(void* data, Turtle* turtle, const SordNode* thing);

/**
   Read `path`.

   Returns false, and says why on stderr, if it can't be read or is no Turtle.
   turtle_free() it in either case.
*/
bool
turtle_read(Turtle* turtle, const char* path);

void
turtle_free(Turtle* turtle);

/// Visit everything of class `type`, and return true if every visit does
bool
turtle_visit_class(Turtle* turtle, const char* type, TurtleVisit visit, void* data);

/// Visit every value of a property, and return true if every visit does
bool
turtle_visit_values(Turtle*         turtle,
                    const SordNode* thing,
                    const char*     predicate,
                    TurtleVisit     visit,
                    void*           data);

/// Return the value of a property, or NULL if it has none; free it with sord
SordNode*
turtle_value(Turtle* turtle, const SordNode* thing, const char* predicate);

/// Return the string or URI that is the value, or NULL; it lives as long as `turtle`
const char*
turtle_string(Turtle* turtle, const SordNode* thing, const char* predicate);

/// Return the number that is the value, or `fallback`
double
turtle_number(Turtle*         turtle,
              const SordNode* thing,
              const char*     predicate,
              double          fallback);

/**
   Return which of `names` the value is, a URI that begins with `prefix`.

   Returns `fallback` if there is no value, and -1 if it is none of them.
*/
int
turtle_choice(Turtle*            turtle,
              const SordNode*    thing,
              const char*        predicate,
              const char*        prefix,
              const char* const* names,
              uint32_t           n_names,
              int                fallback);

#endif // TURTLE_H
