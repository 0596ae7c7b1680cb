// SPDX-License-Identifier: ISC
/// The statements of the Turtle that is being read

#ifndef MODEL_H
#define MODEL_H

#include <sord/sord.h>

#include <stdbool.h>

#define NS_ATOM "http://lv2plug.in/ns/ext/atom#"
#define NS_DOAP "http://usefulinc.com/ns/doap#"
#define NS_LV2 "http://lv2plug.in/ns/lv2core#"
#define NS_MIDI "http://lv2plug.in/ns/ext/midi#"
#define NS_MOD "http://moddevices.com/ns/mod#"
#define NS_PATCH "http://lv2plug.in/ns/ext/patch#"
#define NS_PG "http://lv2plug.in/ns/ext/port-groups#"
#define NS_PPROPS "http://lv2plug.in/ns/ext/port-props#"
#define NS_PSET "http://lv2plug.in/ns/ext/presets#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_IDISP "http://harrisonconsoles.com/lv2/inlinedisplay#"
#define NS_STATE "http://lv2plug.in/ns/ext/state#"
#define NS_TIME "http://lv2plug.in/ns/ext/time#"
#define NS_UNITS "http://lv2plug.in/ns/extensions/units#"
#define NS_URID "http://lv2plug.in/ns/ext/urid#"
#define NS_WORKER "http://lv2plug.in/ns/ext/worker#"
#define NS_XSD "http://www.w3.org/2001/XMLSchema#"

/// Begin, before all other functions here
void
model_start(void);

/// End, when all models are freed
void
model_stop(void);

/// Return a new, empty model, which all functions here use from now on
SordModel*
model_new(void);

/// Read a file into the model
bool
model_load(const char* file);

/// Call `visit`, if any, with each subject of rdf:type `type`, and return their number
unsigned
model_for_each(const char* type, void (*visit)(const SordNode*, void*), void* data);

/// Return the text of a node, which may be NULL
const char*
node_string(const SordNode* node);

bool
node_has_datatype(const SordNode* node, const char* type);

bool
model_has(const SordNode* s, const char* predicate, const char* object);

/// Return what iterates over the objects of `predicate`, to be freed
SordIter*
model_objects(const SordNode* s, const char* predicate);

/// Return the first object of `predicate` that has no language, or NULL
const SordNode*
model_object(const SordNode* s, const char* predicate);

/// Return the text of the first object that has no language, or NULL
const char*
model_value(const SordNode* s, const char* predicate);

/// Return how many objects of `predicate` have no language
unsigned
model_count(const SordNode* s, const char* predicate);

/// Return the one object of `predicate`, which users know as `name`, or NULL after a
/// complaint
const SordNode*
need_object(const SordNode* s, const char* predicate, const char* name);

/// Return the text of `predicate`, or "" after a complaint
const char*
need(const SordNode* s, const char* predicate, const char* name);

/// Return the number that is `name` of something, or NaN, which passes all further
/// checks, after a complaint
double
need_number(const SordNode* s,
            const char*     predicate,
            const char*     name,
            bool            is_integer);

#endif // MODEL_H
