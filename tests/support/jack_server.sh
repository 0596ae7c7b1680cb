# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# A JACK server of a test's own, and programs beside it; for scripts that have tests/support/test.sh

export JACK_DEFAULT_SERVER="chronus-$$" JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
running=''

# No program here reads anything, and some end when their input does: this one never does
# shellcheck disable=SC2154 # by tests/support/test.sh
mkfifo "$work/silence"
exec 9<>"$work/silence"

# Start something in the background until stop(): name, command
start() {
  name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 <&9 &
  running="$! $running"
}

run_server() {
  start server jackd -n "$JACK_DEFAULT_SERVER" --no-realtime -S -t 20000 -d dummy -r 48000 -p 256
  # shellcheck disable=SC2154 # by those who source this
  timeout -k 1 20 "$take"
}

# Start the server, and wait until it is there.  One that was killed may have left a lock
# on JACK's metadata, on which all others wait for ever: it goes, if there is no other.
start_server() {
  run_server && return
  echo "note: the first JACK server hung, and was started again"
  stop
  [ -n "$(pidof jackd)" ] || rm -rf "/dev/shm/jack_db-$(id -u)"
  run_server
}

# Whether a process still runs after five seconds
linger() {
  patience=50
  while [ $patience -gt 0 ] && kill -0 "$1" 2>/dev/null; do
    sleep 0.1
    patience=$((patience - 1))
  done
  [ $patience = 0 ]
}

# End what was started last first, so that the server ends alone
stop() {
  for pid in $running; do
    kill "$pid" 2>/dev/null && linger "$pid" && kill -KILL "$pid"
  done
  running=''
}
