// SPDX-License-Identifier: ISC
/**
   Print how good plugins are, as tables of figures.
*/

#include "host/host.h"
#include "host/number.h"
#include "measure/figures.h"
#include "measure/highlights.h"
#include "measure/quality.h"
#include "measure/recovery.h"
#include "measure/roles.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_RATE_HZ 48000.0
#define MIN_RATE_HZ 8000.0
#define MAX_RATE_HZ 768000.0

static const char usage[] =
  "Usage: measure [OPTION]... [URI]...\n"
  "Measure the quality of LV2 plugins, and print it as tables.\n"
  "Without a URI, all installed plugins of the role table are measured.\n\n"
  "  --lv2 PATH    Look for plugins here instead of in LV2_PATH\n"
  "  --markdown    Print a table of the main figures for documents\n"
  "  --match TEXT  Measure only subjects with TEXT in their label\n"
  "  --rate HZ     Run at this sample rate, default 48000\n"
  "  --roles FILE  Read this role table\n"
  "  --tsv         Print a line for every figure: subject, group, name, value\n";

typedef struct {
  bool               is_help;
  bool               is_markdown;
  bool               is_tsv;
  const char*        lv2_path;
  const char*        roles_path;
  const char*        match;
  double             rate_hz;
  const char* const* uris; ///< What is left of the command line
  int                n_uris;
} Options;

// ---- Command line

static bool
fail(const char* const problem, const char* const what)
{
  fprintf(stderr, "measure: %s %s\n", problem, what);
  return false;
}

/// Return the switch of that name, or NULL
static bool*
find_switch(Options* const options, const char* const name)
{
  return !strcmp(name, "--help") || !strcmp(name, "-h") ? &options->is_help
         : !strcmp(name, "--markdown")                  ? &options->is_markdown
         : !strcmp(name, "--tsv")                       ? &options->is_tsv
                                                        : NULL;
}

/// Take the option at argv[*i] with its value, if it has one
static bool
read_option(Options* const options, const int argc, char** const argv, int* const i)
{
  const char* const name   = argv[*i];
  bool* const       is_set = find_switch(options, name);
  if (is_set) {
    *is_set = true;
    return true;
  }

  const char* const value = *i + 1 < argc ? argv[++*i] : NULL;
  if (!value) {
    return fail("no value for, or no such option:", name);
  }

  if (!strcmp(name, "--lv2")) {
    options->lv2_path = value;
  } else if (!strcmp(name, "--match")) {
    options->match = value;
  } else if (!strcmp(name, "--roles")) {
    options->roles_path = value;
  } else if (!strcmp(name, "--rate")) {
    return number_read(value, MIN_RATE_HZ, MAX_RATE_HZ, &options->rate_hz) ||
           fail("a sample rate is a number from 8000 to 768000, not", value);
  } else {
    return fail("no such option:", name);
  }

  return true;
}

static bool
read_options(Options* const options, const int argc, char** const argv)
{
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; ++i) {
    if (!read_option(options, argc, argv, &i)) {
      return false;
    }
  }

  options->uris   = (const char* const*)argv + i;
  options->n_uris = argc - i;
  return true;
}

// ---- Choice of subjects

static bool
is_chosen(const Options* const options, const Subject* const subject)
{
  if (options->match && !strstr(subject->label, options->match)) {
    return false;
  }

  for (int i = 0; i < options->n_uris; ++i) {
    if (!strcmp(options->uris[i], subject->uri)) {
      return true;
    }
  }
  return options->n_uris == 0;
}

/// Check that every URI is one of an installed plugin with roles
static bool
check_uris(const Options* const options, Host* const host, const Roles* const roles)
{
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  for (int i = 0; i < options->n_uris; ++i) {
    bool has_roles = false;
    for (uint32_t s = 0; s < n_subjects; ++s) {
      has_roles = has_roles || !strcmp(subjects[s].uri, options->uris[i]);
    }
    if (!host_plugin(host, options->uris[i])) {
      return fail("no such plugin is installed:", options->uris[i]);
    }
    if (!has_roles) {
      return fail("the role table says nothing of", options->uris[i]);
    }
  }
  return true;
}

// ---- Measuring

static bool
measure(const Study* const study)
{
  if (!quality(study)) {
    return false;
  }

  recovery(study);
  return true;
}

static bool
measure_all(const Options* const options,
            Figures* const       figures,
            Host* const          host,
            const Roles* const   roles)
{
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);

  bool ok = true;
  for (uint32_t i = 0; i < n_subjects; ++i) {
    const Study study = {figures, host, &subjects[i], options->rate_hz};
    if (is_chosen(options, &subjects[i]) && host_plugin(host, subjects[i].uri)) {
      fprintf(stderr, "measuring %s\n", subjects[i].label);
      ok = measure(&study) && ok;
    }
  }
  return ok;
}

static bool
run(const Options* const options, Host* const host, const Roles* const roles)
{
  if (!check_uris(options, host, roles)) {
    return false;
  }

  Figures* const figures = figures_new();
  const bool     ok      = measure_all(options, figures, host, roles);
  if (options->is_tsv) {
    figures_print_tsv(figures, stdout);
  } else if (options->is_markdown) {
    highlights_print(figures, roles, stdout);
  } else {
    figures_print(figures, stdout);
  }
  figures_free(figures);
  return ok;
}

int
main(const int argc, char** const argv)
{
  Options options = {.roles_path = SOURCE_DIR "/tools/measure/roles.ttl",
                     .rate_hz    = DEFAULT_RATE_HZ};
  if (!read_options(&options, argc, argv)) {
    fputs(usage, stderr);
    return EXIT_FAILURE;
  }
  if (options.is_help) {
    fputs(usage, stdout);
    return EXIT_SUCCESS;
  }

  Roles* const roles = roles_new(options.roles_path);
  if (!roles) {
    return EXIT_FAILURE;
  }

  Host* const host = host_new(options.lv2_path);
  const bool  ok   = run(&options, host, roles);
  host_free(host);
  roles_free(roles);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
