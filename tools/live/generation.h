// SPDX-License-Identifier: ISC
/**
   A generation of plugins: the folders of LV2_PATH under names that are new.

   A process that loads a library by a name which it has loaded already gets the old
   one, and so does lilv with descriptions.  By a new name, of a link to the folder, it
   gets the file that stands there now, if that is another file and not the same with
   other contents.
*/

#ifndef GENERATION_H
#define GENERATION_H

/// Folders in the place of LV2_PATH
typedef struct {
  char* folder; ///< With a link to every folder, NULL if it could not be made
  char* path;   ///< The links, between colons
} Generation;

/// Begin a generation, and report if that fails; it is then that of the environment
Generation
generation_begin(void);

/// End it after the plugins that were loaded of it
void
generation_end(const Generation* generation);

#endif // GENERATION_H
