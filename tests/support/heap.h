// SPDX-License-Identifier: ISC
/**
   Functions of the heap that stand before those of the C library, for libraries that a
   test loads as well as for itself.

   Before it includes this, the one file of a test defines

     static void heap_call(int n_pieces);

   which each call comes by, with how many more pieces of memory there are after it.
   With the address sanitizer, whose heap has to stay, none does: HAS_HEAP is not
   defined then.
*/

#ifndef HEAP_H
#define HEAP_H

#if defined(__SANITIZE_ADDRESS__)
#  define IS_SANITIZED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define IS_SANITIZED 1
#  endif
#endif

#if defined(__GLIBC__) && !defined(IS_SANITIZED)
#  define HAS_HEAP 1

#  include <errno.h>
#  include <stddef.h>

#  pragma GCC visibility push(default)

void*
__libc_malloc(size_t size);

void*
__libc_calloc(size_t n, size_t size);

void*
__libc_realloc(void* block, size_t size);

void*
__libc_memalign(size_t alignment, size_t size);

void
__libc_free(void* block);

void*
malloc(const size_t size)
{
  void* const block = __libc_malloc(size);
  heap_call(block != NULL);
  return block;
}

void*
calloc(const size_t n, const size_t size)
{
  void* const block = __libc_calloc(n, size);
  heap_call(block != NULL);
  return block;
}

void*
realloc(void* const block, const size_t size)
{
  const int   n_before = block != NULL;
  void* const moved    = __libc_realloc(block, size);
  heap_call(moved ? 1 - n_before : size ? 0 : -n_before);
  return moved;
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  void* const block = __libc_memalign(alignment, size);
  heap_call(block != NULL);
  return block;
}

int
posix_memalign(void** const block, const size_t alignment, const size_t size)
{
  *block = __libc_memalign(alignment, size);
  heap_call(*block != NULL);
  return *block ? 0 : ENOMEM;
}

void
free(void* const block)
{
  heap_call(-(block != NULL));
  __libc_free(block);
}

#  pragma GCC visibility pop

#endif

#endif // HEAP_H
