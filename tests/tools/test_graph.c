// SPDX-License-Identifier: ISC
/**
   A patch of thousands of blocks and cables loads and sounds as it must.

   Every block is a mixer, which adds its inputs bit by bit, so that what comes out
   follows from the graph alone: it is worked out here in another way.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/engine.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/patch.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define N_BLOCKS 5000U
#define N_INPUTS 4U ///< Of a mixer
#define N_CABLES (N_BLOCKS * N_INPUTS)
#define N_FRAMES 64U
#define NEAR 40U ///< How far back in the graph a cable comes from at most

static const char plugin[] = "urn:chronus:mixer";

/// Return a number without any order
static uint32_t
hash(const uint32_t i)
{
  const uint32_t mixed = (i + 1U) * 2654435761U;

  return (mixed ^ mixed >> 15U) * 2246822519U;
}

/// Return which block an input hears, or N_BLOCKS for the input of the patch
static uint32_t
source_of(const uint32_t block, const uint32_t input)
{
  const uint32_t back = 1U + (hash(N_INPUTS * block + input) >> 8U) % NEAR;

  return back > block ? N_BLOCKS : block - back;
}

static void
write_block(FILE* const file, const uint32_t block)
{
  fprintf(file, "<> ingen:block <m%u> .\n", block);
  fprintf(file, "<m%u> a ingen:Block ; lv2:prototype <%s> .\n", block, plugin);
  fprintf(file, "<m%u/level> ingen:value -12.0 .\n", block);
  for (uint32_t i = 0; i < N_INPUTS; ++i) {
    const uint32_t source = source_of(block, i);
    if (source == N_BLOCKS) {
      fputs("<> ingen:arc [ ingen:tail <in> ;", file);
    } else {
      fprintf(file, "<> ingen:arc [ ingen:tail <m%u/out> ;", source);
    }
    fprintf(file, " ingen:head <m%u/in_%u> ] .\n", block, i + 1U);
  }
}

/// Write the graph, closed to a circle by one cable more if it is to be
static void
write_graph(const char* const path, const bool is_circle)
{
  write_patch(path,
              "<> a ingen:Graph ; lv2:port <in> , <out> .\n"
              "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n");
  FILE* const file = fopen(path, "a");
  ck_assert_ptr_nonnull(file);
  for (uint32_t i = 0; i < N_BLOCKS; ++i) {
    write_block(file, i);
  }
  fprintf(file,
          "<> ingen:arc [ ingen:tail <m%u/out> ; ingen:head <out> ] .\n",
          N_BLOCKS - 1U);
  if (is_circle) {
    fputs("<> ingen:arc [ ingen:tail <m1/out> ; ingen:head <m0/in_1> ] .\n"
          "<> ingen:arc [ ingen:tail <m0/out> ; ingen:head <m1/in_1> ] .\n",
          file);
  }
  fclose(file);
}

/// Return what comes out when every input frame is `in`
static float
expected_output(const float in)
{
  static float outputs[N_BLOCKS];

  const float gain = 0.25118864315f; // -12 dB
  for (uint32_t b = 0; b < N_BLOCKS; ++b) {
    float sum = 0.0f;
    for (uint32_t i = 0; i < N_INPUTS; ++i) {
      const uint32_t source = source_of(b, i);
      sum += source == N_BLOCKS ? in : outputs[source];
    }
    outputs[b] = gain * sum;
  }
  return outputs[N_BLOCKS - 1U];
}

/// Check that every block runs after those that feed it
static void
check_order(const Patch* const patch)
{
  static uint32_t places[N_BLOCKS];
  for (uint32_t i = 0; i < N_BLOCKS; ++i) {
    places[patch->order[i]] = i;
  }

  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    if (cable->tail.block != PATCH_ITSELF && cable->head.block != PATCH_ITSELF) {
      ck_assert_uint_lt(places[cable->tail.block], places[cable->head.block]);
    }
  }
}

START_TEST(a_large_graph_loads_and_sounds_right)
{
  write_graph("graph.ttl", false);
  Host* const host = host_new(TEST_LV2_PATH);
  Patch       patch;
  patch_init(&patch, host, "graph.ttl", 48000.0);
  ck_assert(ingen_read(&patch, "graph.ttl"));
  ck_assert_uint_eq(patch.n_blocks, N_BLOCKS);
  ck_assert_uint_eq(patch.n_cables, N_CABLES + 1U);
  ck_assert(patch_order(&patch));
  check_order(&patch);

  static float input[N_FRAMES];
  void* const  inputs[] = {input, NULL};
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    input[i] = 0.5f;
  }
  Engine* const engine = engine_new(&patch, inputs, N_FRAMES);
  ck_assert_ptr_nonnull(engine);
  engine_run(engine, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(engine_output(engine, 1)[i], expected_output(0.5f), 0.01f);
  }
  // Beyond what is still to be read, the output of a block and what meets at its inputs
  ck_assert_uint_le(engine_n_signals(engine), NEAR + 1U + N_INPUTS);
  engine_free(engine);
  patch_free(&patch);
  host_free(host);
}
END_TEST

START_TEST(a_circle_in_a_large_graph_is_named)
{
  write_graph("graph.ttl", true);
  program_check_refused(BUILD_DIR "/bin/render",
                        "graph.ttl out.wav",
                        "in a circle, so none can run first: m0 -> m1 -> m0; take out");
}
END_TEST

static void
setup(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
}

int
main(void)
{
  Suite* const suite = suite_create("graph");
  TCase* const tests = tcase_create("graph");
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_large_graph_loads_and_sounds_right);
  tcase_add_test(tests, a_circle_in_a_large_graph_is_named);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
