// SPDX-License-Identifier: ISC
// The reader of patches, whatever they hold; plugins are those that LV2_PATH leads to

#include "fuzz/fuzz_file.h"

#include "host/host.h"
#include "host/ingen.h"
#include "host/patch.h"

#include <stdlib.h>

#define SAMPLE_RATE 48000.0

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static Host* host;

static void
end(void)
{
  host_free(host);
}

/// Knobs are within their ranges, and cables lead from and to what there is
static void
check(const Patch* const patch)
{
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchEnd ends[] = {patch->cables[c].tail, patch->cables[c].head};
    for (int e = 0; e < 2; ++e) {
      const uint32_t block = ends[e].block;
      const uint32_t n     = block == PATCH_ITSELF ? patch->n_ports
                             : block < patch->n_blocks
                               ? patch->blocks[block].plugin->n_ports
                               : 0U;
      if (ends[e].port >= n) {
        abort();
      }
    }
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (patch->order[b] >= patch->n_blocks) {
      abort();
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (!host) {
    host = host_new(NULL);
    atexit(end);
  }

  const char* const path = fuzz_file("patch.ttl", data, size);
  Patch             patch;
  patch_init(&patch, host, path, SAMPLE_RATE);
  if (ingen_read(&patch, path) && patch_order(&patch)) {
    check(&patch);
  }
  patch_free(&patch);
  return 0;
}
