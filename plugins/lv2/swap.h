// SPDX-License-Identifier: ISC
/**
   State as hosts have it: what is saved with a project, and what a new instance needs
   to go on where an old one stops.

   The second is for hosts that exchange a plugin while it plays, such as after its
   library was built anew.  They have the feature `urn:chronus:swap` in what they give
   save() and restore(), and the flag for a native state.  Then the states of all
   channels are saved as one chunk, behind a head that identifies them:

     | SwapHead | state of the first channel | state of the second |

   restore() takes it in a plugin of the same URI, layout, meaning, size and sample
   rate, from its first bit to its last.  Of another layout, but all else the same, it
   takes the parts that have names in both (Carried); a second property is where they
   are in the states.  Anything else it takes not at all.  Both are real-time safe, and
   called by the thread of run(), between two blocks.  Such a host gets the functions as
   extension data of that URI, too, by which it knows a plugin that may be asked.

   No other host gets this chunk: a project that was saved while a key is held must not
   sound when it is opened.
*/

#ifndef SWAP_H
#define SWAP_H

#include "lv2/instance.h"

#include <lv2/core/lv2.h>

#include <stdint.h>

#define SWAP_URI "urn:chronus:swap"           ///< The feature of hosts that swap
#define SWAP_BLOCK_URI SWAP_URI "#block"      ///< The property that is the chunk
#define SWAP_CARRY_URI SWAP_URI "#carry"      ///< And that of the parts with names
#define SWAP_MAGIC UINT64_C(0x70617773726863) ///< "chrswap", for bytes of this order

/**
   Fields of the module's state, as a hash of all types in its source and headers.

   The build makes it (see wscript).  No edit of a function or a comment changes it.
*/
extern const uint64_t swap_layout;

/// Layout of a type, as a hash of its fields
typedef struct {
  const char* name;
  uint64_t    layout;
} SwapType;

extern const SwapType swap_types[]; ///< Those that parts with names have; 0 ends them

/// Head before the states
struct SwapHeadImpl {
  uint64_t magic;
  uint64_t layout;
  uint64_t uri;         ///< Hash of the form's
  uint64_t checksum;    ///< Of the layout and the states
  double   sample_rate; ///< In Hz
  uint64_t size;        ///< Of the states, in bytes
  uint32_t meaning;     ///< Plugin.meaning
  uint32_t n_channels;
};

_Static_assert(sizeof(struct SwapHeadImpl) <= STATE_ALIGNMENT, "states are aligned");

/// Prepare for save() and restore(); the states are behind the head already
void
swap_open(Instance*                 self,
          const char*               uri,
          double                    sample_rate,
          const LV2_Feature* const* features);

/// Return what hosts ask for by URI, or NULL
const void*
swap_extension(const char* uri);

#endif // SWAP_H
