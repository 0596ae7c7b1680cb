# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# chronus-play in a JACK server of a test's own; for scripts that have tests/support/test.sh

# shellcheck disable=SC2154 # by tests/support/test.sh
play="$build/bin/play"
take="$build/tests/hosts/jack_take"
. tests/support/jack_server.sh
mkfifo "$work/orders"
exec 8<>"$work/orders"

# Wait for up to 20 seconds until a command works
await() {
  patience=200
  until "$@"; do
    patience=$((patience - 1))
    [ $patience -gt 0 ] || return 1
    sleep 0.1
  done
}

says() {
  grep -q -- "$2" "$work/$1.log"
}

# Play a patch, and wait until it does: name, options, patch
plays() {
  name=$1
  shift
  # shellcheck disable=SC2016 # for that shell
  start "$name" sh -c 'exec "$@" <"$0"' "$work/orders" "$play" --name "$name" "$@"
  # shellcheck disable=SC2034 # for those who source this
  pid=${running%% *}
  await says "$name" 'plays as'
}

# Record ports of the player for some seconds: name, orders on the standard input
record() {
  timeout 60 "$take" "$work/$1.wav" >"$work/$1.types" 2>"$work/$1.err" || {
    cat "$work/$1.err"
    return 1
  }
}

# Replace a file as installers do: new, old
replace() {
  cp "$1" "$2.new" && mv "$2.new" "$2"
}
