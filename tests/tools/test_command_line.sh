#!/bin/sh
# SPDX-License-Identifier: ISC
# The installed programs as a user meets them: names, versions, manual pages, completion,
# patches by name, pipes, and what patch2ingen makes
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

bin=$PWD/$build/bin
patches=$PWD/presets/patches
mkdir -p "$work/bin" "$work/share/chronus" "$work/empty"
ln -s "$patches" "$work/share/chronus/patches"
export HOME="$work/empty" XDG_DATA_DIRS="$work/share" XDG_DATA_HOME="$work/empty"

# The programs that are installed
programs() {
  for page in "$build"/man/chronus-*.1; do
    basename "$page" .1
  done
}

for name in $(programs); do ln -s "$bin/${name#chronus-}" "$work/bin/$name"; done
PATH="$work/bin:$PATH"

# The options that a program's --help has
options() {
  "$1" --help | sed -n 's/^  \(--.*\)/\1/p' | sed 's/   .*//' | grep -o -e '--[a-z-]*'
}

has_some() {
  [ "$(options "$1" | wc -l)" -ge 2 ]
}

tells_version() {
  [ "$("$1" --version)" = "$1 (Chronus) $(sed -n "s/^VERSION = '\(.*\)'/\1/p" wscript)" ]
}

tells_usage() {
  "$1" --help | head -n 1 | grep -q "^Usage: $1 "
}

# A mistake is reported under the name by which the program was called, with status 1
reports() {
  "$1" --no-such-option >"$work/out" 2>"$work/err"
  [ $? = 1 ] && [ ! -s "$work/out" ] && head -n 1 "$work/err" | grep -q "^[^ ]*$1: "
}

# Every option stands in a file, as its pattern with OPTION for its name
stands_in() {
  for option in $(options "$1"); do
    grep -q -e "$(printf '%s' "$3" | sed "s/OPTION/${option#--}/")" "$2" || {
      echo "$option is not in $2"
      return 1
    }
  done
}

# Check the syntax of a file with a program, if that is there
is_sound() {
  command -v "$1" >/dev/null || return 0
  "$@" >"$work/log" 2>&1 && [ ! -s "$work/log" ] && return
  cat "$work/log"
  return 1
}

page_is_sound() {
  command -v man >/dev/null || return 0
  LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$1" >"$work/page" 2>"$work/log"
  grep -q EXAMPLES "$work/page" && [ ! -s "$work/log" ] && return
  cat "$work/log"
  return 1
}

for name in $(programs); do
  expect "$name has options" has_some "$name"
  expect "$name tells its version" tells_version "$name"
  expect "$name tells its usage" tells_usage "$name"
  expect "$name reports under its name" reports "$name"
  expect "$name has a manual page" page_is_sound "$build/man/$name.1"
  expect "$name's page has all options" stands_in "$name" "$build/man/$name.1" '-OPTION.fR'
  expect "$name is completed in bash" is_sound bash -n "$build/bash/$name"
  expect "with all options" stands_in "$name" "$build/bash/$name" "[' ]--OPTION[' ]"
  expect "$name is completed in zsh" is_sound zsh -n "$build/zsh/_$name"
  expect "with all options" stands_in "$name" "$build/zsh/_$name" '--OPTION\['
  expect "$name is completed in fish" is_sound fish -n "$build/fish/$name.fish"
  expect "with all options" stands_in "$name" "$build/fish/$name.fish" '-l OPTION '
done

# Completions of a line in bash: the words of the line
completes() {
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); f=_${1//-/_}; $f
    printf "%s\n" "${COMPREPLY[@]}"' "$build/bash/$1" "$@"
}

# Whether that has a word: word, words of the line
offers() {
  word=$1
  shift
  completes "$@" | grep -qx -e "$word"
}

if command -v bash >/dev/null; then
  expect "bash completes options" offers --rate chronus-render --ra
  expect "bash completes choices" offers 24 chronus-render --bits 2
  expect "bash completes patches" offers first-voice chronus-render first
  expect "bash completes modules" offers biquad-track chronus-list biq
fi

# ---- Patches by name

refuses() {
  reason=$1
  shift
  ! "$@" >"$work/out" 2>"$work/err" && grep -q -e "$reason" "$work/err" && return
  cat "$work/err"
  return 1
}

renders() {
  chronus-render --seconds 0.5 "$@" >"$work/out" 2>"$work/err" && return
  cat "$work/err"
  return 1
}

expect "an installed patch goes by its name" renders drone "$work/named.wav"
expect "and by its file" renders "$patches/drone.ttl" "$work/file.wav"
expect "which is the same" cmp "$work/named.wav" "$work/file.wav"
expect "another name is refused with those that there are" \
  refuses 'nosuch: is neither a file nor an installed patch; there are .*drone, drum' \
  chronus-render nosuch "$work/none.wav"
expect "patches are listed" [ "$(chronus-list --patches | wc -l)" = "$(find "$patches" -name '*.ttl' | wc -l)" ]
expect "a patch of one's own comes first" [ "$(
  mkdir -p "$work/empty/chronus/patches"
  cp "$patches/fm-bell.ttl" "$work/empty/chronus/patches/drone.ttl"
  chronus-render --list drone | grep -c '^midi: input'
  rm -r "$work/empty/chronus"
)" = 1 ]

# ---- The standard output

expect "sound goes to the standard output" [ "$(chronus-render --seconds 0.5 drone - 2>"$work/err" | cmp - "$work/named.wav" && echo same)" = same ]
expect "with its facts on the other" grep -q '^-: 0.500 s, 2 channels' "$work/err"
expect "in the format that is asked for" [ "$(chronus-render --seconds 0.5 --format ogg drone - 2>"$work/err" | head -c 4)" = OggS ]
expect "an output that is full is reported" refuses "can't be written: No space" \
  sh -c 'chronus-render --seconds 0.5 drone - >/dev/full'
expect "pictures go there too" [ "$(chronus-patch2svg drone - | head -c 4)" = "<svg" ]

# A patch that would be overwritten by what is made of it: program
keeps_its_patch() {
  cp presets/patches/drone.ttl "$work/own.ttl" && ln -sf own.ttl "$work/link.ttl" || return 1
  for output in own.ttl link.ttl; do
    ! "$1" "$work/own.ttl" "$work/$output" 2>"$work/error" && [ -s "$work/error" ] &&
      cmp -s presets/patches/drone.ttl "$work/own.ttl" || return 1
  done
}

for program in chronus-patch2carla chronus-patch2ingen chronus-patch2lv2 chronus-patch2svg; do
  expect "$program does not overwrite its patch" keeps_its_patch "$program"
done
expect "Ogg goes by its ending" renders drone "$work/drone.ogg"
expect "and is read again" "$bin/listen" "$work/drone.ogg"
expect "Ogg has no bits" refuses 'leave --bits away' chronus-render --bits 24 drone "$work/x.ogg"
expect "no other format is known" refuses 'can only be wav, flac or ogg' \
  chronus-render --format mp3 drone "$work/x.wav"
cat >"$work/volts.ttl" <<'END'
@prefix ingen: <http://drobilla.net/ns/ingen#> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
<> a ingen:Graph ; lv2:port <out> ; ingen:block <lfo> ;
  ingen:arc [ ingen:tail <lfo/out> ; ingen:head <out> ] .
<out> a lv2:CVPort , lv2:OutputPort ; lv2:index 0 .
<lfo> a ingen:Block ; lv2:prototype <urn:chronus:lfo> .
END
expect "volts are not for Ogg" refuses 'takes a WAV of 32 bits' chronus-render "$work/volts.ttl" "$work/x.ogg"

# Render on a terminal until there is a bar
shows_a_bar() {
  timeout 60 python3 - <<'END'
import os, pty, re, signal

child, terminal = pty.fork()
if not child:
    os.execvp('chronus-render', ['chronus-render', '--seconds', '1e6', 'drone', '/dev/null'])
text = b''
while not re.search(rb'chronus-render \[#* *\] +\d+ % of 1000000 s, \d+ s left', text):
    text += os.read(terminal, 4096)
os.kill(child, signal.SIGTERM)
END
}

expect "a terminal shows a bar" shows_a_bar
expect "no sound goes to a terminal" refuses 'no sound can be shown on a terminal' \
  python3 -c 'import os, pty, sys
ends = pty.openpty()
os.set_inheritable(ends[0], True)
os.dup2(ends[1], 1)
os.execvp("chronus-render", ["chronus-render", "drone", "-"])'

# ---- Lists

expect "cables are listed" [ "$(chronus-render --list first-voice | grep -c ' -> ')" = 16 ]
expect "modules are listed" [ "$(chronus-list | wc -l)" = "$(plugins | wc -l)" ]
expect "a module's ports are listed" [ "$(chronus-list biquad | grep -c '^  .* knob, ')" -ge 9 ]
expect "by its URI too" [ "$(chronus-list urn:chronus:biquad)" = "$(chronus-list biquad)" ]
expect "with its presets" [ "$(chronus-list --presets biquad | grep -cx 'Vocal Peak')" = 1 ]
expect "a module that is none is refused" refuses 'nosuch: there is no plugin <urn:chronus:nosuch>' chronus-list nosuch
expect "no module at all is reported" refuses 'leads to no module' env LV2_PATH="$work/empty" chronus-list

# ---- Ingen

# A patch as Ingen has it gives the same sound, has ports from 2 on, and only numbers
is_same_in_ingen() {
  chronus-patch2ingen "$1" "$work/$1.ingen" 2>"$work/log" &&
    chronus-render --seconds 0.5 "$1" "$work/a.wav" >"$work/log" 2>&1 &&
    chronus-render --seconds 0.5 "$work/$1.ingen/main.ttl" "$work/b.wav" >"$work/log" 2>&1 &&
    cmp "$work/a.wav" "$work/b.wav" && return
  cat "$work/log"
  return 1
}

is_for_ingen() {
  serdi -q "$work/$1.ingen/main.ttl" >"$work/triples" &&
    serdi -q "$work/$1.ingen/manifest.ttl" >"$work/manifest" || return
  n_ports=$(grep -c 'lv2core#index>' "$work/triples")
  n_symbols=$(grep -c 'lv2core#symbol>' "$work/triples")
  n_numbers=$(grep -c 'ingen#value> "[-0-9.e+]*"^^<.*XMLSchema#float> \.$' "$work/triples")
  n_values=$(grep -c 'ingen#value>' "$work/triples")
  own=$(sed -n 's/.*\/\([a-z]*\)> <.*lv2core#index> "\([01]\)".*/\2\1/p' "$work/triples" | sort | tr '\n' ' ')
  [ "$own" = "0control 1notify " ] && [ "$n_numbers" = "$n_values" ] &&
    [ "$n_symbols" = $((n_ports + n_values)) ]
}

# ---- Plugins

# A patch that plays the plugin of another, with the other's ports, and with its song if there is a second argument
wrap() {
  ports=$(sed -n 's/^\t*lv2:port \(.*\) ;$/\1/p' "$patches/$1.ttl" | tr -d ',<>')
  inputs=$(sed -n '/^<[a-z_0-9]*>$/h; /lv2:InputPort/{g; s/[<>]//g; p}' "$patches/$1.ttl" | tr '\n' ' ')
  sed -n '/^@prefix/p' "$patches/$1.ttl"
  echo "<> a ingen:Graph ; ingen:block <p>"
  [ -z "${2-}" ] || sed -n 's/^\t\(time:beatsPerMinute .*\) ;$/; \1/p' "$patches/$1.ttl"
  for port in $ports; do
    case " $inputs" in
    *" $port "*) echo "; ingen:arc [ ingen:tail <$port> ; ingen:head <p/$port> ]" ;;
    *) echo "; ingen:arc [ ingen:tail <p/$port> ; ingen:head <$port> ]" ;;
    esac
    echo "; lv2:port <$port>"
  done
  echo ". <p> a ingen:Block ; lv2:prototype <urn:chronus-patch:$1> ."
  for port in $ports; do
    sed -n "/^<$port>$/,/\.$/p" "$patches/$1.ttl"
  done
}

# The plugin of a patch gives the same sound as the patch: name, song
is_same_in_plugin() {
  wrap "$@" >"$work/plugged.ttl"
  chronus-render --seconds 3 "$1" "$work/a.wav" >"$work/log" 2>&1 &&
    LV2_PATH=$plugin_path chronus-render --seconds 3 --block 1000 "$work/plugged.ttl" "$work/b.wav" >"$work/log" 2>&1 &&
    cmp "$work/a.wav" "$work/b.wav" && return
  cat "$work/log"
  return 1
}

are_valid_plugins() {
  command -v sord_validate >/dev/null || return 0
  # shellcheck disable=SC2046 # files without spaces
  sord_validate $(find "$work/spec/" -follow -name '*.ttl') "$plugins/manifest.ttl" \
    $(find "$plugins" -name plugin.ttl) >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

# As the modules are; lilv is what a host of plugins is made with, and the symbols are checked here
lints() {
  text=$(LV2_PATH=$plugin_path lv2lint -q -M nopack -t 'Plugin Is Live' -t 'Plugin Symbols' -l 'lib*' \
    -E warn -E note "$1" 2>&1) &&
    case $text in *"<$1>"*) return 0 ;; esac
  printf '%s\n' "$text"
  return 1
}

exports_one_symbol() {
  [ "$(nm -D --defined-only "$1" | grep -v ' __\(asan\|odr\|ubsan\)' | sed 's/.* //')" = lv2_lib_descriptor ]
}

plugins=$PWD/$build/patches/chronus-patches.lv2
plugin_path=$LV2_PATH:$PWD/$build/patches
cp "$patches"/*.mid "$work"
[ -n "${SANITIZE:-}" ] || expect "the library of patches has one symbol" exports_one_symbol "$plugins/rack.so"
expect "their Turtle is valid" are_valid_plugins
for patch in "$patches"/*.ttl; do
  name=$(basename "$patch" .ttl)
  expect "$name is the same as a plugin" is_same_in_plugin "$name"
  grep -q '^\ttime:beatsPerMinute' "$patch" &&
    expect "$name follows the song of its host" is_same_in_plugin "$name" song
  if [ -z "${SANITIZE:-}" ] && command -v lv2lint >/dev/null; then
    expect "it lints" lints "urn:chronus-patch:$name"
  fi
done

# A bundle of one plugin is called like it
is_called_like_its_bundle() {
  chronus-patch2lv2 first-voice "$work/plugins/my-voice.lv2" >"$work/log" 2>&1 &&
    LV2_PATH=$LV2_PATH:$work/plugins chronus-list urn:chronus-patch:my-voice >"$work/log" &&
    [ "$(grep -c ' knob, ' "$work/log")" = 18 ]
}

mkdir -p "$work/plugins"
expect "a plugin is called like its bundle, with the knobs that the patch has turned" is_called_like_its_bundle
expect "volts are not for a track" refuses 'out: is neither audio nor MIDI' chronus-patch2lv2 "$work/volts.ttl" "$work/volts.lv2"

for name in drone random-melody noise-percussion folded-drone; do
  expect "$name is the same in Ingen" is_same_in_ingen $name
  expect "$name is as Ingen takes it" is_for_ingen $name
done
finish
