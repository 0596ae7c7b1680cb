// SPDX-License-Identifier: ISC
/**
   Plays a patch live, as a client of JACK.

   play [OPTION]... PATCH, see play --help
*/

#include "host/clock.h"
#include "host/engine_handover.h"
#include "host/message.h"
#include "host/options.h"
#include "host/stop.h"
#include "live/deck.h"
#include "live/rig.h"
#include "play/client.h"
#include "play/connect.h"
#include "play/options.h"
#include "play/orders.h"
#include "play/watch.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LOOK_S 0.1   ///< Time between two looks at everything
#define FAREWELL_S 1 ///< Longest wait for the sound to fade

/// A patch that is played
typedef struct {
  PlayOptions* options;
  Client*      client;
  Rig*         rig; ///< The last that was posted
  Orders       orders;
  Watch        watch;
  double       status_at_s; ///< When to report next
  bool         awaits;      ///< A rig that was posted has not yet taken over
} Session;

// ---- Rigs

/// Free the rig that has left, and the ports that only it had
static bool
collect(Session* const session)
{
  Rig* const left = deck_collect(client_deck(session->client));
  if (left) {
    client_remove_ports(session->client, session->rig);
    rig_free(left);
    session->awaits = false;
  }
  return left;
}

/// Let the rig before leave, before another comes
static void
await_collection(Session* const session)
{
  const double end_s = clock_now_s() + FAREWELL_S;
  while (!collect(session) && clock_now_s() < end_s && !client_end(session->client)) {
    poll(NULL, 0, 1);
  }
}

static void
post(Session* const session, Rig* const rig)
{
  Rig* const dropped = deck_post(client_deck(session->client), rig);
  session->rig       = rig;
  session->awaits    = true;
  if (dropped) {
    rig_free(dropped);
  } else {
    await_collection(session);
  }
}

/// Report which blocks of a rig that has taken over do not go on from before
static void
report_taken(const Session* const session)
{
  const Rig* const rig      = session->rig;
  bool             is_first = true;
  printf("%s: taken over", session->options->patch);
  for (uint32_t b = 0; b < rig->patch.n_blocks && !session->awaits; ++b) {
    if (!engine_has_gone_on(rig->engine, b)) {
      printf("%s%s", is_first ? ", anew: " : " ", rig->patch.blocks[b].name);
      is_first = false;
    }
  }
  printf("\n");
  fflush(stdout);
}

/// Build the patch anew and have it take over, or say why not
static void
reload(Session* const session)
{
  const char* const path = session->options->patch;
  Rig* const        rig  = rig_new(&session->options->plan, session->rig);
  if (rig && connect_check(&rig->patch, session->options) &&
      client_add_ports(session->client, rig, session->options)) {
    watch_begin(&session->watch, path, rig);
    post(session, rig);
    report_taken(session);
  } else {
    if (rig) {
      rig_free(rig);
    }
    if (!session->awaits) {
      client_remove_ports(session->client, session->rig);
    }
    message_error(path, NULL, "is not taken over: the patch before plays on");
  }
}

// ---- While it plays

static void
report_state(Session* const session)
{
  const bool        is_terminal = isatty(STDERR_FILENO);
  const ClientState state       = client_state(session->client);
  fprintf(stderr,
          "%s%s: load %.1f %%, at most %.1f %%, %u gaps, %.0f Hz, %u frames%s",
          is_terminal ? "\r" : "",
          message_program_name(),
          100.0 * state.load,
          100.0 * state.peak,
          state.n_gaps,
          state.sample_rate,
          state.n_frames,
          is_terminal ? " \033[K" : "\n");
  fflush(stderr);
}

static void
look(Session* const session)
{
  RigPlan* const plan      = &session->options->plan;
  const bool     is_edited = session->options->watches && watch_look(&session->watch);
  const double   rate      = client_sample_rate(session->client);
  collect(session);
  if (is_edited || rate != plan->sample_rate) {
    plan->sample_rate = rate;
    reload(session);
  }

  const double period_s = session->options->status_s;
  if (period_s > 0.0 && clock_now_s() >= session->status_at_s) {
    report_state(session);
    session->status_at_s = clock_now_s() + period_s;
  }
}

/// Play until somebody ends it; returns false if that was the server
static bool
play(Session* const session)
{
  while (!stop_asked() && !session->orders.is_end && !client_end(session->client)) {
    orders_await(&session->orders, session->rig, LOOK_S);
    look(session);
  }
  if (session->options->status_s > 0.0 && isatty(STDERR_FILENO)) {
    fprintf(stderr, "\n");
  }

  const char* const reason = client_end(session->client);
  if (reason) {
    message_error(
      "JACK", NULL, "the server has ended%s%s", *reason ? ": " : "", reason);
  }
  return !reason;
}

// ---- The program

static bool
start(Session* const session)
{
  PlayOptions* const options = session->options;
  options->plan.sample_rate  = client_sample_rate(session->client);
  session->rig               = rig_new(&options->plan, NULL);
  if (session->rig && !connect_check(&session->rig->patch, options)) {
    rig_free(session->rig);
    return false;
  }
  if (!session->rig || !client_start(session->client, session->rig, options)) {
    return false;
  }

  watch_begin(&session->watch, options->patch, session->rig);
  printf("%s: plays as %s at %.0f Hz\n",
         options->patch,
         client_name(session->client),
         options->plan.sample_rate);
  fflush(stdout);
  return true;
}

static bool
work(PlayOptions* const options)
{
  Session session = {.options = options, .client = client_open(options)};
  if (!session.client) {
    return false;
  }

  const bool ok = start(&session) && play(&session);
  if (ok) {
    post(&session, rig_new_empty()); // The sound fades, so that the end does not click
  }
  watch_end(&session.watch);
  client_close(session.client);
  return ok;
}

int
main(const int argc, char** const argv)
{
  options_begin(argv[0]);
  stop_watch();

  PlayOptions         options;
  const OptionsStatus status = play_options_read(&options, argc, argv);
  const bool ok = status == OPTIONS_DONE || (status == OPTIONS_OK && work(&options));
  play_options_free(&options);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
