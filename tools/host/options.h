// SPDX-License-Identifier: ISC
/// Options that all programs share

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

typedef enum {
  OPTIONS_OK,
  OPTIONS_DONE, ///< --help or --version has been answered
  OPTIONS_BAD   ///< A report has been made
} OptionsStatus;

/// Have reports begin with the program's name, as in which it was called by `path`
void
options_begin(const char* path);

/// Answer --help: print a text in which every "%1$s" is the program's name
void
options_help(const char* help);

/// Answer --version
void
options_version(void);

/// Answer --help and --version if one of them is all that the command line asks for
OptionsStatus
options_answer(const char* help, int argc, char* const* argv);

/// Read an option's number from `least` to `most`, or report and return false
bool
options_read_number(const char* option,
                    const char* text,
                    double      least,
                    double      most,
                    double*     number);

/// Split an option's NAME=VALUE: end `text` behind NAME, and return VALUE within it;
/// returns NULL after a report if it is none
char*
options_split(const char* option, char* text);

#endif // OPTIONS_H
