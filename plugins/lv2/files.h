// SPDX-License-Identifier: ISC
/**
   Files that modules take, as hosts have them: a message sets the path, a thread that
   may wait reads the file, and what it holds is saved with the project.

     patch:Set --run()--> path --work()--> numbers --work_response()--> File.take()
                                              |                           ^  |
                                           save()                     restore()
                                                                             v
                                                              patch:Set to the host

   The host is sent the path whenever it asks (patch:Get), and when one was read or
   restored, or refused: then it is the old one.  It is empty before any file.

   A module has all this if its Turtle has a property whose range is atom:Path (see
   wscript), and others have none of it, nor what it imports.
*/

#ifndef FILES_H
#define FILES_H

#include "lv2/instance.h"

#include <lv2/core/lv2.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(HAVE_FILES)

/// Return how many bytes an instance has behind it for this
size_t
files_size(void);

/// Give all channels what there is before any file
void
files_open(Instance* self, const LV2_Feature* const* features);

/// Give all channels what was read last, after a reset
void
files_give(const Instance* self);

/// Begin what is sent to the host in a block
void
files_begin(const Instance* self, uint32_t n_frames);

/// Take an event of a frame in the block if it sets the path of the file, or asks for
/// it; returns false if it is another one
bool
files_take_event(const Instance* self,
                 uint32_t        frame,
                 LV2_Atom        atom,
                 const uint8_t*  bytes);

/// Return what hosts ask for by URI, or NULL
const void*
files_extension(const char* uri);

#else

static inline size_t
files_size(void)
{
  return 0;
}

static inline void
files_open(Instance* const self, const LV2_Feature* const* const features)
{
  (void)self;
  (void)features;
}

static inline void
files_give(const Instance* const self)
{
  (void)self;
}

static inline void
files_begin(const Instance* const self, const uint32_t n_frames)
{
  (void)self;
  (void)n_frames;
}

static inline bool
files_take_event(const Instance* const self,
                 const uint32_t        frame,
                 const LV2_Atom        atom,
                 const uint8_t* const  bytes)
{
  (void)self;
  (void)frame;
  (void)atom;
  (void)bytes;
  return false;
}

static inline const void*
files_extension(const char* const uri)
{
  (void)uri;
  return NULL;
}

#endif

#endif // FILES_H
