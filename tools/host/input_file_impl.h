// SPDX-License-Identifier: ISC
// Types and functions that the parts of an input file share

#ifndef INPUT_FILE_IMPL_H
#define INPUT_FILE_IMPL_H

#include "host/host.h"
#include "host/input_file.h"
#include "host/midi_file.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct InputFileImpl {
  char*        path;
  HostPortKind kind;
  double       sample_rate;
  uint32_t     max_frames;
  uint64_t     position; ///< Frames read so far

  FILE*    file;         ///< Under the sound
  uint8_t  riff_size[4]; ///< Read in place of those in the file
  uint8_t  data_size[4];
  uint64_t data_at; ///< Where the size of the samples is, 0 if nothing is replaced
  uint64_t n_bytes; ///< Of the file
  uint64_t offset;  ///< Next byte to be read

  SNDFILE* sound;
  SF_INFO  info;
  int      channel;
  bool     is_cut; ///< Whether it turned out to be shorter than it should be
  float*   frames; ///< A block of all channels

  MidiFile midi;
  size_t   next_message;
  LV2_URID sequence_type;
  LV2_URID event_type;
};

#endif // INPUT_FILE_IMPL_H
