#!/bin/sh
# SPDX-License-Identifier: ISC
# Two machines, as docs/two-machines.md has them: two network namespaces, a JACK server in
# each, and NetJACK2 between them.  A voice is split, and compared with one that is not.
cd "$(dirname "$0")/../.." && . tests/support/test.sh

take="$PWD/$build/tests/hosts/jack_take"
export JACK_NO_AUDIO_RESERVATION=1 JACK_NO_START_SERVER=1
a="chronus-a-$$" b="chronus-b-$$"
period=256 latency=1
made='' running=''

mkfifo "$work/silence"
exec 9<>"$work/silence"

# Start a command on a machine until stop(): machine, name, command
start() {
  machine=$1
  log=$work/$2.log
  shift 2
  ip netns exec "$machine" env JACK_DEFAULT_SERVER="$machine" "$@" >"$log" 2>&1 <&9 &
  running="$! $running"
}

on() {
  machine=$1
  shift
  timeout -k 1 30 ip netns exec "$machine" env JACK_DEFAULT_SERVER="$machine" "$@"
}

# End what runs, last first, and whatever does not end by itself; without its other machine,
# netmanager would not
end_servers() {
  [ -z "$running" ] || on "$a" jack_unload netmanager >"$work/log" 2>&1 || :
  for pid in $running; do
    kill "$pid" 2>/dev/null || continue
    patience=30
    while [ $patience -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
      sleep 0.1
      patience=$((patience - 1))
    done
    kill -KILL "$pid" 2>/dev/null
  done
  running=''
}

stop() {
  end_servers
  for machine in $made; do
    ip netns delete "$machine"
    rm -f /dev/shm/jack_*"$machine"*
  done
  made=''
}

make_machines() {
  [ "$(id -u)" = 0 ] && command -v ip >/dev/null && unshare -n true 2>/dev/null || return
  for machine in $a $b; do
    ip netns add "$machine" 2>"$work/log" || return
    made="$made $machine"
  done
  ip link add va netns "$a" type veth peer name vb netns "$b" 2>"$work/log" &&
    wire "$a" va 10.9.8.1 && wire "$b" vb 10.9.8.2
}

# Give a machine its address: machine, device, address
wire() {
  ip -n "$1" addr add "$3/24" dev "$2" && ip -n "$1" link set lo up &&
    ip -n "$1" link set "$2" up multicast on && ip -n "$1" route add 224.0.0.0/4 dev "$2"
}

# Start both servers; A has the clock
start_servers() {
  start "$a" server_a jackd -n "$a" --no-realtime -S -d dummy -r 48000 -p $period
  on "$a" "$take" || return
  on "$a" jack_load netmanager -i "-a 225.3.19.154 -p 19000" >"$work/log" 2>&1
  start "$b" server_b jackd -n "$b" --no-realtime -d net -a 225.3.19.154 -p 19000 -C 2 -P 2 -i 1 -o 1 \
    -n boxB -l $latency
  on "$b" "$take"
}

# The oscillator on A; a filter on each: the one on A hears it, and that on B by wire
record() {
  start_servers || return
  start "$a" osc jalv -x -n osc -c waveform=2 urn:chronus:oscillator
  start "$a" filter_a jalv -x -n vcf -c frequency=800 urn:chronus:biquad
  start "$b" filter_b jalv -x -n vcf -c frequency=800 urn:chronus:biquad
  printf '%s\n' 'connect system:capture_1 vcf:in' 'connect vcf:out system:playback_1' \
    'record system:capture_1' live 'seconds 0.1' | on "$b" "$take" "$work/b.wav" >"$work/log" || return
  printf '%s\n' 'connect osc:out vcf:in' 'connect osc:out boxB:to_slave_1' \
    'record vcf:out' 'record boxB:from_slave_1' live 'seconds 4' | on "$a" "$take" "$work/take.wav" >"$work/log"
}

# Whether the last second of the second channel is the first, so many frames later
is_late_by() {
  python3 - "$work/take.wav" "$1" <<'END'
import struct, sys

with open(sys.argv[1], 'rb') as file:
    data = file.read()
start = data.index(b'data') + 8
words = struct.unpack('<%dI' % ((len(data) - start) // 4), data[start:start + (len(data) - start) // 4 * 4])
late, n = int(sys.argv[2]), 48000
direct, wired = words[0::2], words[1::2]
same = wired[-n:] == direct[-n - late:-late]
sys.exit(not (same and len(set(wired[-n:])) > 100))
END
}

# A machine without real-time priority may lose a period now and then, which moves nothing but its own second
plays_alike() {
  for _ in 1 2 3 4 5; do
    record && is_late_by $((period * (latency + 1))) && return
    end_servers
  done
  tail -n 5 "$work"/*.log
  return 1
}

expect "the page shows the flags that are tried here" grep -q -- '-d net -a 225.3.19.154 -p 19000' docs/two-machines.md
if make_machines; then
  expect "a voice that is split sounds the same, $((period * (latency + 1))) frames later" plays_alike
else
  echo "note: network namespaces cannot be made here, so that two machines were left out"
fi
finish
