// SPDX-License-Identifier: ISC
/**
   Reads a patch from Turtle in the vocabulary of Ingen.

   <> a ingen:Graph ; lv2:port <out> ; ingen:block <osc> ;
      ingen:arc [ ingen:tail <osc/out> ; ingen:head <out> ] .
   <out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .
   <osc> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .
   <osc/waveform> ingen:value "Saw" .

   - Names are relative to the patch file: <osc> is block osc, <osc/out> is a port.
   - ingen:value of a knob is a number, or a text as for value_parse().  That of an
     input of the patch is the file it plays, relative to the patch file.
   - pset:preset of a block is the URI or the label of a preset, which sets the knobs
     that have no ingen:value.
   - time:beatsPerMinute of the patch is the tempo of the song that blocks may follow.
   - MIDI outputs of the patch, which Ingen adds to every graph, are left out.
   - What is only of use to Ingen's own windows is ignored.
*/

#ifndef INGEN_H
#define INGEN_H

#include "host/patch.h"

#include <stdbool.h>

/// Add all that stands in the file to an empty patch; returns false after a report
bool
ingen_read(Patch* patch, const char* path);

#endif // INGEN_H
