// SPDX-License-Identifier: ISC
// The reader of MIDI files, whatever they hold

#include "fuzz/fuzz_file.h"

#include "host/midi_file.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Messages have their bytes in the file, and come by time
static void
check(const MidiFile* const midi)
{
  double   last_s = 0.0;
  unsigned sum    = 0;
  for (size_t m = 0; m < midi->n_messages; ++m) {
    const MidiMessage* const message = &midi->messages[m];
    if (message->status < 0x80U || !(message->time_s >= last_s) ||
        !(message->time_s <= midi->length_s)) {
      abort();
    }
    last_s = message->time_s;
    for (uint32_t i = 0; i < message->n_data; ++i) {
      sum += message->data[i];
    }
  }

  static volatile unsigned sink;
  sink = sum;
  (void)sink;
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  MidiFile midi;
  if (midi_file_read(&midi, fuzz_file("song.mid", data, size))) {
    check(&midi);
    midi_file_free(&midi);
  }
  return 0;
}
