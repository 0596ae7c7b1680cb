// SPDX-License-Identifier: ISC

#include "bench/cases.h"

#include "measure/turtle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_LV2 "http://lv2plug.in/ns/lv2core#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

#define MAX_CASES 256U ///< Most of them in one table

struct CasesImpl {
  Turtle   turtle; ///< Owns every string
  Case     cases[MAX_CASES];
  uint32_t n_cases;
};

static const char* const feed_names[N_FEED_KINDS] = {[FEED_STILL]    = "Still",
                                                     [FEED_SINE]     = "Sine",
                                                     [FEED_NOISE]    = "Noise",
                                                     [FEED_GATES]    = "Gates",
                                                     [FEED_DENORMAL] = "Denormal",
                                                     [FEED_NOTHING]  = "Nothing"};

static bool
complain(const Case* const of, const char* const problem)
{
  fprintf(stderr, "cases: %s: %s\n", of->name, problem);
  return false;
}

static bool
read_setting(void* const data, Turtle* const turtle, const SordNode* const setting)
{
  Case* const       of     = (Case*)data;
  const char* const symbol = turtle_string(turtle, setting, NS_LV2 "symbol");
  const double      value  = turtle_number(turtle, setting, NS_RDF "value", NAN);
  if (!symbol || isnan(value) || of->n_settings == MAX_SETTINGS) {
    return complain(of, "a setting without symbol or value, or too many of them");
  }

  of->settings[of->n_settings++] = (Setting){symbol, value};
  return true;
}

static bool
read_feed(void* const data, Turtle* const turtle, const SordNode* const feed)
{
  Case* const       of     = (Case*)data;
  const char* const symbol = turtle_string(turtle, feed, NS_LV2 "symbol");
  const double      level  = turtle_number(turtle, feed, CASES_URI "level", 0.0);
  const int         kind   = turtle_choice(
    turtle, feed, CASES_URI "signal", CASES_URI, feed_names, N_FEED_KINDS, FEED_STILL);
  if (!symbol || kind < 0 || of->n_feeds == MAX_FEEDS) {
    return complain(of, "a feed without symbol or known signal, or too many of them");
  }

  of->feeds[of->n_feeds++] = (Feed){symbol, (FeedKind)kind, level};
  return true;
}

/// Return the end of a URI, after its #
static const char*
fragment(const char* const uri)
{
  const char* const hash = uri ? strrchr(uri, '#') : NULL;

  return hash ? hash + 1 : uri;
}

/// Take what `thing` says, after what those say that it is like
static bool
read_case(void* const data, Turtle* const turtle, const SordNode* const thing)
{
  Case* const of = (Case*)data;
  if (!turtle_visit_values(turtle, thing, CASES_URI "like", read_case, of)) {
    return false;
  }

  const char* const label   = turtle_string(turtle, thing, NS_RDFS "label");
  const char* const uri     = turtle_string(turtle, thing, CASES_URI "plugin");
  const char* const against = turtle_string(turtle, thing, CASES_URI "against");
  of->name                  = fragment((const char*)sord_node_get_string(thing));
  of->label                 = label ? label : of->label;
  of->uri                   = uri ? uri : of->uri;
  of->against               = against ? fragment(against) : of->against;
  of->order = turtle_number(turtle, thing, CASES_URI "order", of->order);
  of->is_patched =
    turtle_number(turtle, thing, CASES_URI "patched", of->is_patched) > 0.0;
  return turtle_visit_values(turtle, thing, CASES_URI "set", read_setting, of) &&
         turtle_visit_values(turtle, thing, CASES_URI "feed", read_feed, of);
}

static bool
add_case(void* const data, Turtle* const turtle, const SordNode* const thing)
{
  Cases* const cases = (Cases*)data;
  if (cases->n_cases == MAX_CASES) {
    fprintf(stderr, "cases: more than %u\n", MAX_CASES);
    return false;
  }

  Case* const of = &cases->cases[cases->n_cases++];
  if (!read_case(of, turtle, thing)) {
    return false;
  }

  // Not inherited: what is like a case does more than it
  of->at_most          = turtle_number(turtle, thing, CASES_URI "atMost", NAN);
  of->at_most_plain    = turtle_number(turtle, thing, CASES_URI "atMostPlain", NAN);
  of->at_most_per_port = turtle_number(turtle, thing, CASES_URI "atMostPerPort", NAN);

  return (of->label && of->uri) || complain(of, "a case needs a label and a plugin");
}

static int
compare_cases(const void* const a, const void* const b)
{
  const double x = ((const Case*)a)->order;
  const double y = ((const Case*)b)->order;

  return (x > y) - (x < y);
}

Cases*
cases_new(const char* const path)
{
  Cases* const cases = (Cases*)calloc(1, sizeof(Cases));
  if (!cases) {
    return NULL;
  }

  if (!turtle_read(&cases->turtle, path) ||
      !turtle_visit_class(&cases->turtle, CASES_URI "Case", add_case, cases)) {
    cases_free(cases);
    return NULL;
  }

  qsort(cases->cases, cases->n_cases, sizeof(Case), compare_cases);
  return cases;
}

void
cases_free(Cases* const cases)
{
  turtle_free(&cases->turtle);
  free(cases);
}

void
cases_connect_anew(Cases* const cases)
{
  for (uint32_t i = 0; i < cases->n_cases; ++i) {
    cases->cases[i].is_patched        = true;
    cases->cases[i].is_connected_anew = true;
  }
}

const Case*
cases_all(const Cases* const cases, uint32_t* const n_cases)
{
  *n_cases = cases->n_cases;
  return cases->cases;
}

const Case*
cases_find(const Cases* const cases, const char* const name)
{
  for (uint32_t i = 0; i < cases->n_cases; ++i) {
    if (!strcmp(cases->cases[i].name, name)) {
      return &cases->cases[i];
    }
  }

  return NULL;
}

bool
case_is_ours(const Case* const of)
{
  static const char ours[] = "urn:chronus:";

  return !strncmp(of->uri, ours, strlen(ours));
}

bool
case_has_denormals(const Case* const of)
{
  for (uint32_t i = 0; i < of->n_feeds; ++i) {
    if (of->feeds[i].kind == FEED_DENORMAL) {
      return true;
    }
  }

  return false;
}
