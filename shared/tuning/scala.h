// SPDX-License-Identifier: ISC
/**
   Tunings as texts in the formats of Scala: a scale (.scl) or a keyboard map (.kbm).

     ! just.scl                       ! white.kbm
     Five notes                       12      keys before the map repeats
      5           notes               0       first key
      9/8         a ratio             127     last key
      386.314     cents               60      the key of the first degree
      3/2         text is ignored     69      the key whose frequency follows
      -498.0                          440.0   Hz
      2/1         the period          7       the degree after which it repeats
                                      0       a degree for each key,
                                      x       or none

   Lines that begin with "!" are comments.  A number with a point is cents, and any
   other is a ratio.  Lines end as on any system; numbers are read in the same way in
   all countries.  What a text is follows from what it says, not from its name: it is a
   map if it begins with a whole number, and its third line is no pitch of a scale.

   See https://www.huygens-fokker.org/scala/scl_format.html and help.htm#mappings there.
*/

#ifndef SCALA_H
#define SCALA_H

#include "tuning/tuning.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Message about a text
typedef struct {
  uint32_t    line;   ///< From 1; 0 if there is nothing to say
  const char* reason; ///< Follows the name of the file, such as "has no notes"
} ScalaRemark;

/**
   Read a scale or a map into a tuning.

   A scale takes the place of all of it, with no map, and a map that of the map.  If
   something is wrong, returns false, and changes nothing.  If not, there may be a
   remark all the same, on what may not be meant so.
*/
bool
scala_read(Tuning* self, const char* text, size_t size, ScalaRemark* remark);

#endif // SCALA_H
