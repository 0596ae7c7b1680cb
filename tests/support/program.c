// SPDX-License-Identifier: ISC

#include "support/program.h"

#include "support/test.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char prefixes[] = "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
                               "@prefix ingen: <http://drobilla.net/ns/ingen#> .\n"
                               "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                               "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n";

// ---- Files

void
write_text(const char* const path, const char* const text)
{
  FILE* const file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

void
write_patch(const char* const path, const char* const text)
{
  FILE* const file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fprintf(file, "%s%s", prefixes, text);
  fclose(file);
}

void
read_text(const char* const path, char* const text, const size_t size)
{
  FILE* const file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  text[fread(text, 1, size - 1, file)] = '\0';
  fclose(file);
}

bool
exists(const char* const pattern)
{
  glob_t     found;
  const bool any = !glob(pattern, 0, NULL, &found);
  globfree(&found);
  return any;
}

// ---- Running

Result
program_run(const char* const program, const char* const arguments)
{
  char command[2048];
  snprintf(
    command, sizeof(command), "'%s' %s >stdout.txt 2>stderr.txt", program, arguments);

  Result result = {.status = system(command)};
  read_text("stdout.txt", result.out, sizeof(result.out));
  read_text("stderr.txt", result.err, sizeof(result.err));
  return result;
}

Result
program_check_works(const char* const program, const char* const arguments)
{
  const Result result = program_run(program, arguments);
  ck_assert_msg(!result.status, "%s: %s", arguments, result.err);
  ck_assert_str_eq(result.err, "");
  return result;
}

void
program_check_refused(const char* const program,
                      const char* const arguments,
                      const char* const message)
{
  const Result result = program_run(program, arguments);
  ck_assert_msg(strstr(result.err, message),
                "%s: says \"%s\" instead of \"%s\"",
                arguments,
                result.err,
                message);
  ck_assert_msg(WIFEXITED(result.status) && WEXITSTATUS(result.status) == 1,
                "%s: ends with %d",
                arguments,
                result.status);
  ck_assert_str_eq(result.out, "");
  ck_assert_msg(!exists("out*"), "%s: leaves a file", arguments);
}

void
program_check_bad_patch(const char* const program,
                        const char* const name,
                        const char* const out)
{
  char path[512];
  char expected[512] = "";
  char arguments[1024];
  snprintf(path, sizeof(path), BAD_PATCHES "/%s", name);
  read_text(path, expected, sizeof(expected));
  expected[strcspn(expected, "\n")] = '\0';
  ck_assert_msg(!strncmp(expected, "# ", 2), "%s says not what to expect", name);

  snprintf(arguments, sizeof(arguments), "'%s' %s", path, out);
  program_check_refused(program, arguments, expected + 2);
}
