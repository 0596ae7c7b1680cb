// SPDX-License-Identifier: ISC

#include "lv2/file_notices.h"

#include "lv2/files.h"

#if defined(HAVE_FILES)

#  include "lv2/events.h"
#  include "lv2/files_impl.h"
#  include "plugin.h"

#  include <stdbool.h>
#  include <stddef.h>
#  include <stdint.h>
#  include <string.h>

/// An event that sets the property, up to the path
typedef struct {
  LV2_Atom_Event         event;
  LV2_Atom_Object_Body   object;
  LV2_Atom_Property_Body property;
  LV2_URID               which;
  uint32_t               pad;
  LV2_Atom_Property_Body value;
} Notice;

_Static_assert(sizeof(Notice) == 64, "an event has no gaps");

/// Return the event that is to be sent at a frame
static Notice
make_notice(const EventTypes* const types, const uint32_t frame, const uint32_t size)
{
  const uint32_t all =
    (uint32_t)(sizeof(Notice) - sizeof(LV2_Atom_Event) + padded_size(size));

  return (Notice){
    .event    = {{.frames = frame}, {all, types->object}},
    .object   = {0, types->set},
    .property = {types->property, 0, {sizeof(LV2_URID), types->urid}},
    .which    = types->properties[plugin.file->property],
    .value    = {types->value, 0, {size, types->path}},
  };
}

/// Send the path at a frame if there is room for it; returns false if not
static bool
send(const Instance* const self, const uint32_t frame)
{
  static const uint8_t zeros[8] = {0};

  LV2_Atom           head;
  const Files* const files = self->files;
  uint8_t* const     out   = (uint8_t*)self->notices;
  memcpy(&head, out, sizeof(head));

  const uint32_t size   = (uint32_t)strlen(files->playing_path) + 1U;
  const uint32_t padded = (uint32_t)padded_size(size);
  const Notice   notice = make_notice(&self->types, frame, size);
  const uint32_t adds   = (uint32_t)sizeof(notice) + padded;
  if (files->room < head.size || files->room - head.size < adds) {
    return false;
  }

  uint8_t* const end = out + sizeof(head) + head.size;
  memcpy(end, &notice, sizeof(notice));
  memcpy(end + sizeof(notice), files->playing_path, size);
  memcpy(end + sizeof(notice) + size, zeros, padded - size);
  head.size += adds;
  memcpy(out, &head, sizeof(head));
  return true;
}

/// Begin an empty sequence; returns false if there is no room for one
static bool
begin(const Instance* const self)
{
  static const LV2_Atom_Sequence_Body body = {0, 0};

  uint8_t* const out   = (uint8_t*)self->notices;
  Files* const   files = self->files;
  LV2_Atom       head;
  memcpy(&head, out, sizeof(head));
  files->room = head.size;

  const bool fits = self->types.sequence && files->room >= sizeof(body);
  head            = (LV2_Atom){fits ? sizeof(body) : 0U, self->types.sequence};
  memcpy(out, &head, sizeof(head));
  if (fits) {
    memcpy(out + sizeof(head), &body, sizeof(body));
  } else {
    files->room = 0;
  }
  return fits;
}

void
files_begin(const Instance* const self, const uint32_t n_frames)
{
  Files* const files = self->files;
  files->n_frames    = n_frames;
  if (self->notices && begin(self) && files->is_due && n_frames) {
    files->is_due = !send(self, 0);
  }
}

void
file_notices_answer(const Instance* const self,
                    const uint32_t        frame,
                    const LV2_Atom        atom,
                    const uint8_t* const  bytes)
{
  const uint32_t asked = read_question(&self->types, atom, bytes);
  if (asked == plugin.file->property || asked == ALL_PROPERTIES) {
    const bool is_within = frame < self->files->n_frames;
    self->files->is_due  = !self->notices || !is_within || !send(self, frame);
  }
}

#endif
