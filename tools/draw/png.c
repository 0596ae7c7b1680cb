// SPDX-License-Identifier: ISC
// PNG as RFC 2083 has it, with runs of equal bytes compressed by RFC 1951's fixed codes

#include "draw/png.h"

#include <stdlib.h>
#include <string.h>

#define CRC_POLYNOMIAL 0xedb88320U
#define ADLER_BASE 65521U

enum {
  COLOURS     = 3,   ///< Bytes of a pixel
  FILTER_UP   = 2,   ///< Each byte as its difference from the one above
  MIN_RUN     = 3,   ///< Shortest copy that a code stands for
  MAX_RUN     = 258, ///< And longest
  END_OF_DATA = 256
};

/// Bits that are put together, the first lowest, into memory that has room
typedef struct {
  uint8_t* bytes;
  size_t   size;
  uint32_t bits;
  unsigned n_bits;
} BitWriter;

static void
put_bits(BitWriter* const self, const uint32_t bits, const unsigned n_bits)
{
  self->bits |= bits << self->n_bits;
  self->n_bits += n_bits;
  for (; self->n_bits >= 8U; self->n_bits -= 8U, self->bits >>= 8U) {
    self->bytes[self->size++] = (uint8_t)self->bits;
  }
}

/// Put a code of Huffman's, whose first bit is the highest
static void
put_code(BitWriter* const self, const uint32_t code, const unsigned n_bits)
{
  uint32_t reversed = 0;
  for (unsigned b = 0; b < n_bits; ++b) {
    reversed |= (code >> b & 1U) << (n_bits - 1U - b);
  }
  put_bits(self, reversed, n_bits);
}

/// Put a byte, the end, or a length, by the fixed codes
static void
put_symbol(BitWriter* const self, const uint32_t symbol)
{
  if (symbol < 144U) {
    put_code(self, 0x30U + symbol, 8);
  } else if (symbol < 256U) {
    put_code(self, 0x190U + symbol - 144U, 9);
  } else if (symbol < 280U) {
    put_code(self, symbol - 256U, 7);
  } else {
    put_code(self, 0xc0U + symbol - 280U, 8);
  }
}

/// Put a copy of the pixels before, `length` bytes of them, MIN_RUN to MAX_RUN
static void
put_copy(BitWriter* const self, const uint32_t length)
{
  static const uint32_t distance_code = 2; // 3 bytes back

  if (length == MAX_RUN) {
    put_symbol(self, 285);
  } else if (length <= 10U) {
    put_symbol(self, 254U + length);
  } else {
    unsigned n_extra = 1;
    while (length - MIN_RUN >= 8U << n_extra) {
      ++n_extra;
    }
    const uint32_t over = length - MIN_RUN - (4U << n_extra);
    put_symbol(self, 261U + 4U * n_extra + (over >> n_extra));
    put_bits(self, over & ((1U << n_extra) - 1U), n_extra);
  }
  put_code(self, distance_code, 5);
}

/// Return how many bytes from `at` on are as COLOURS bytes before
static size_t
run_at(const uint8_t* const data, const size_t at, const size_t size)
{
  size_t n = 0;
  while (at >= COLOURS && n < MAX_RUN && at + n < size &&
         data[at + n] == data[at + n - COLOURS]) {
    ++n;
  }
  return n;
}

static void
deflate(BitWriter* const self, const uint8_t* const data, const size_t size)
{
  put_bits(self, 1, 1); // The last block
  put_bits(self, 1, 2); // By fixed codes
  for (size_t at = 0; at < size;) {
    const size_t run = run_at(data, at, size);
    if (run >= MIN_RUN) {
      put_copy(self, (uint32_t)run);
      at += run;
    } else {
      put_symbol(self, data[at++]);
    }
  }
  put_symbol(self, END_OF_DATA);
  put_bits(self, 0, 7); // Whatever is left of a byte
}

static uint32_t
adler(const uint8_t* const data, const size_t size)
{
  uint32_t a = 1;
  uint32_t b = 0;
  for (size_t i = 0; i < size; ++i) {
    a = (a + data[i]) % ADLER_BASE;
    b = (b + a) % ADLER_BASE;
  }
  return b << 16U | a;
}

static uint32_t
crc(uint32_t sum, const uint8_t* const data, const size_t size)
{
  for (size_t i = 0; i < size; ++i) {
    sum ^= data[i];
    for (int b = 0; b < 8; ++b) {
      sum = sum >> 1U ^ (sum & 1U ? CRC_POLYNOMIAL : 0U);
    }
  }
  return sum;
}

static void
write_word(uint8_t bytes[4], const uint32_t word)
{
  for (unsigned i = 0; i < 4U; ++i) {
    bytes[i] = (uint8_t)(word >> (24U - 8U * i));
  }
}

static bool
write_chunk(FILE* const          out,
            const char* const    type,
            const uint8_t* const data,
            const size_t         size)
{
  uint8_t        head[8];
  uint8_t        tail[4];
  const uint32_t sum = crc(UINT32_MAX, (const uint8_t*)type, 4);
  write_word(head, (uint32_t)size);
  memcpy(head + 4, type, 4);
  write_word(tail, ~crc(sum, data, size));
  return fwrite(head, 1, 8, out) == 8 && fwrite(data, 1, size, out) == size &&
         fwrite(tail, 1, 4, out) == 4;
}

/// Write how far a row of colours is from the one above, which is NULL for the first
static void
make_row(const uint32_t* const pixels,
         const uint32_t* const above,
         const uint32_t        width,
         uint8_t*              row)
{
  *row++ = FILTER_UP;
  for (uint32_t x = 0; x < width; ++x) {
    for (unsigned shift = 24U; shift > 0U; shift -= 8U) {
      const uint32_t over = above ? above[x] >> (shift - 8U) : 0U;
      *row++              = (uint8_t)((pixels[x] >> (shift - 8U)) - over);
    }
  }
}

/// Return all rows, or NULL if there is no memory
static uint8_t*
make_rows(const uint32_t* const pixels,
          const uint32_t        width,
          const uint32_t        height,
          const uint32_t        stride)
{
  const size_t   size = 1U + (size_t)COLOURS * width;
  uint8_t* const rows = (uint8_t*)calloc(height, size);
  for (uint32_t y = 0; rows && y < height; ++y) {
    const uint32_t* const row = pixels + (size_t)y * stride;
    make_row(row, y ? row - stride : NULL, width, rows + y * size);
  }
  return rows;
}

static bool
write_data(FILE* const out, const uint8_t* const rows, const size_t size)
{
  // No code is longer than 9 bits, beside those of head and tail
  BitWriter writer = {(uint8_t*)calloc(1, size + size / 8U + 64U), 0, 0, 0};
  if (!writer.bytes) {
    return false;
  }

  uint8_t sum[4];
  put_bits(&writer, 0x0178, 16);
  deflate(&writer, rows, size);
  write_word(sum, adler(rows, size));
  memcpy(writer.bytes + writer.size, sum, 4);
  const bool is_written = write_chunk(out, "IDAT", writer.bytes, writer.size + 4U);
  free(writer.bytes);
  return is_written;
}

bool
png_write(FILE* const           out,
          const uint32_t* const pixels,
          const uint32_t        width,
          const uint32_t        height,
          const uint32_t        stride)
{
  static const uint8_t mark[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  uint8_t head[13] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0}; // 8 bits, RGB
  write_word(head, width);
  write_word(head + 4, height);
  uint8_t* const rows = make_rows(pixels, width, height, stride);
  const size_t   size = (1U + (size_t)COLOURS * width) * height;
  const bool     is_written =
    rows && fwrite(mark, 1, 8, out) == 8 && write_chunk(out, "IHDR", head, 13) &&
    write_data(out, rows, size) && write_chunk(out, "IEND", head, 0);
  free(rows);
  return is_written;
}
