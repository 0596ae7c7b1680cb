// SPDX-License-Identifier: ISC
/// Numbers as text, without the C library's help, which plugins do not import

#ifndef NUMBER_H
#define NUMBER_H

enum { NUMBER_SIZE = 24 }; ///< Room for the longest, and the 0 behind it

/**
   Write a number with three digits or so, and its unit: "1.25kHz", "-6.0dB".

   No unit, and "x", stand for whole numbers.  Units of Hz and s get the prefix k or m
   where that makes the number shorter.  What is no finite number becomes "-".
*/
void
number_text(char text[NUMBER_SIZE], double value, const char* unit);

/// Write the note next to a pitch in octaves from C4: "C4", "F#-1"
void
number_note(char text[NUMBER_SIZE], double pitch_oct);

#endif // NUMBER_H
