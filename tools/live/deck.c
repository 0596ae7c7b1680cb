// SPDX-License-Identifier: ISC

#include "live/deck.h"

#include "host/engine.h"
#include "host/engine_fade.h"
#include "host/engine_live.h"

#include <stddef.h>
#include <string.h>

// ---- Exchange

void
deck_begin(Deck* const deck, Rig* const rig, const DeckFetch fetch, const DeckSong song)
{
  memset(deck, 0, sizeof(*deck));
  deck->fetch       = fetch;
  deck->song        = song;
  deck->sample_rate = rig->patch.sample_rate;
  deck->n_fade      = (uint32_t)(ENGINE_FADE_S * deck->sample_rate) + 1U;
  deck->follows     = song == DECK_TRANSPORT;
  deck->is_stale    = true;
  deck->current     = rig;
  atomic_init(&deck->next, NULL);
  atomic_init(&deck->left, NULL);
}

void
deck_end(Deck* const deck)
{
  Rig* const rigs[] = {deck->current,
                       deck->leaving,
                       atomic_exchange(&deck->next, NULL),
                       atomic_exchange(&deck->left, NULL)};
  for (size_t r = 0; r < sizeof(rigs) / sizeof(rigs[0]); ++r) {
    if (rigs[r]) {
      rig_free(rigs[r]);
    }
  }
  deck->current = NULL;
  deck->leaving = NULL;
}

Rig*
deck_post(Deck* const deck, Rig* const rig)
{
  return atomic_exchange(&deck->next, rig);
}

Rig*
deck_collect(Deck* const deck)
{
  return atomic_exchange(&deck->left, NULL);
}

/// Have blocks be told where the song is, in a rig in which some do not know
static void
continue_song(Deck* const deck)
{
  const Patch* const patch = &deck->current->patch;
  deck->is_stale           = true;
  if (patch->tempo_bpm > 0.0) {
    const Position position =
      position_at(deck->n_frames, patch->tempo_bpm, patch->sample_rate);
    engine_locate(deck->current->engine, &position);
  }
}

/// Begin to cross over to a rig that was posted, if the one before has left
static void
take_over(Deck* const deck)
{
  if (deck->leaving || atomic_load(&deck->left)) {
    return;
  }

  Rig* const next = atomic_exchange(&deck->next, NULL);
  if (!next) {
    return;
  }

  deck->leaving = deck->current;
  deck->current = next;
  deck->n_left  = deck->n_fade;
  if (next->engine) {
    deck->sample_rate = next->patch.sample_rate;
    if (!rig_take_over(next, deck->leaving)) {
      continue_song(deck);
    }
  }
}

static void
retire(Deck* const deck)
{
  if (deck->leaving && !deck->n_left) {
    atomic_store(&deck->left, deck->leaving);
    deck->leaving = NULL;
  }
}

// ---- The transport

/// Return the position that blocks are told of
static Position
place(const Deck* const deck, const DeckTransport* const transport)
{
  if (transport->has_bars) {
    return transport->position;
  }

  const Patch* const patch = &deck->current->patch;
  const double       bpm = patch->tempo_bpm > 0.0 ? patch->tempo_bpm : DECK_DEFAULT_BPM;

  Position position = position_at(transport->position.frame, bpm, deck->sample_rate);
  position.speed    = transport->position.speed;
  return position;
}

/// Return whether a position is not what follows from the last that was told
static bool
is_news(const Deck* const deck, const Position* const position)
{
  const Position* const told = &deck->told;

  return deck->is_stale || position->speed != told->speed ||
         position->frame != deck->expected || position->beat_unit != told->beat_unit ||
         position->beats_per_bar != told->beats_per_bar ||
         position->beats_per_minute != told->beats_per_minute;
}

static void
follow(Deck* const deck, const DeckTransport* const transport, const uint32_t n_frames)
{
  const bool is_rolling = transport->position.speed > 0.0;
  deck->follows         = deck->follows || (deck->song == DECK_AUTO && is_rolling);
  if (!deck->follows || !deck->current->engine) {
    return;
  }

  const Position position = place(deck, transport);
  if (is_news(deck, &position)) {
    engine_locate(deck->current->engine, &position);
    deck->told     = position;
    deck->is_stale = false;
  }
  deck->expected = position.frame + (is_rolling ? (int64_t)n_frames : 0);
}

// ---- Sound

/// Find the buffers of all lines of a rig
static void
fetch_lines(const Deck* const deck, const Rig* const rig, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    Line* const line = rig->ports[p].line;
    if (line->n_cycle != deck->n_cycle) {
      line->n_cycle = deck->n_cycle;
      deck->fetch(line, n_frames);
      if (line->is_output) {
        memset(
          line->signal, 0, n_frames * sizeof(float)); // A rig that leaves ends early
      }
    }
  }
}

static void
follow_lines(const Rig* const rig)
{
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    Line* const line = rig->ports[p].line;
    for (uint32_t e = 0; e < line->n_events; ++e) {
      line_follow(line, &line->events[e]);
    }
  }
}

static void
copy_outputs(const Rig* const rig, const uint32_t start, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    if (rig->patch.ports[p].is_output) {
      memcpy(rig->ports[p].line->signal + start,
             engine_output(rig->engine, p),
             n_frames * sizeof(float));
    }
  }
}

/// Return what a rig puts out to a line, or silence
static const float*
output_at(const Rig* const rig, const Line* const line)
{
  static const float silence[RIG_MAX_FRAMES];
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    if (rig->ports[p].line == line) {
      return engine_output(rig->engine, p);
    }
  }

  return silence;
}

/// Cross over from one rig to the other at all lines that one of them puts out to
static void
cross_outputs(const Deck* const deck, const uint32_t start, const uint32_t n_frames)
{
  const Rig* const rigs[] = {deck->leaving, deck->current};
  for (uint32_t r = 0; r < 2U; ++r) {
    for (uint32_t p = 0; p < rigs[r]->patch.n_ports; ++p) {
      const Line* const line = rigs[r]->ports[p].line;
      if (line->is_output) {
        fade_mix(output_at(deck->leaving, line),
                 output_at(deck->current, line),
                 line->signal + start,
                 deck->n_left,
                 deck->n_fade,
                 n_frames);
      }
    }
  }
}

/// Play some frames of a crossfade
static void
run_both(Deck* const deck, const uint32_t start, const uint32_t n_frames)
{
  rig_run(deck->leaving, start, n_frames);
  rig_run(deck->current, start, n_frames);
  cross_outputs(deck, start, n_frames);
  deck->n_left -= n_frames;
}

static uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

void
deck_run(Deck* const                deck,
         const uint32_t             n_frames,
         const DeckTransport* const transport)
{
  ++deck->n_cycle;
  take_over(deck);
  if (deck->leaving) {
    fetch_lines(deck, deck->leaving, n_frames);
  }
  fetch_lines(deck, deck->current, n_frames);
  follow(deck, transport, n_frames);
  for (uint32_t start = 0; start < n_frames;) {
    const uint32_t most      = least(n_frames - start, RIG_MAX_FRAMES);
    const bool     is_fading = deck->leaving && deck->n_left;
    const uint32_t n         = is_fading ? least(most, deck->n_left) : most;
    if (is_fading) {
      run_both(deck, start, n);
    } else {
      rig_run(deck->current, start, n);
      copy_outputs(deck->current, start, n);
    }
    start += n;
  }
  follow_lines(deck->current);
  deck->n_frames += n_frames;
  retire(deck);
}
