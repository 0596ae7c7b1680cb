#!/bin/sh
# SPDX-License-Identifier: ISC
# Every plugin in jalv: its presets by name, and signals that are to JACK what they are
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_server.sh

take="$build/tests/hosts/jack_take"

# Name of a plugin here, and in the name of its file of presets: URI
name_of() {
  echo "${1##*:}"
}

# "URI (Label)" for each preset of a plugin, as jalv prints them: URI
presets() {
  awk '/^<urn:/ { uri = substr($1, 2, length($1) - 2) }
       /rdfs:label/ { split($0, part, "\""); print uri " (" part[2] ")" }' \
    "presets/$(name_of "$1").ttl"
}

# "SYMBOL VALUE" for each knob that a preset sets: its URI, that of the plugin
settings() {
  awk -v preset="<$1>" '/^<urn:/ { wanted = $1 == preset }
                        wanted && $2 == "lv2:symbol" { gsub(/"/, "", $3); print $3, $6 }' \
    "presets/$(name_of "$2").ttl"
}

lists_presets() {
  presets "$1" | while read -r preset; do
    grep -qF "$preset" "$work/$(name_of "$1").out" || echo "$1 lacks $preset"
  done | (! grep .)
}

# Whether knobs, as jalv prints them on the way, are in the end as a preset says, and
# whether any of them has moved: URI of the preset, and of the plugin
sets_preset() {
  settings "$1" "$2" >"$work/settings"
  sed 's/^[> ]*//' "$work/$(name_of "$2").out" | awk -v settings="$work/settings" '
    $2 == "=" { if (!($1 in first)) first[$1] = $3; last[$1] = $3 }
    END {
      while ((getline line <settings) > 0) {
        split(line, word)
        off = last[word[1]] - word[2]
        moved += last[word[1]] != first[word[1]]
        if (!(word[1] in last) || off < -1e-3 || off > 1e-3) { print line; ++wrong }
      }
      exit !(moved && !wrong)
    }'
}

# "CLIENT:SYMBOL TYPE" for each signal of a plugin: URI
signals() {
  lv2info "$1" | awk -v client="$(name_of "$1")" '
    /^\tPort [0-9]+:$/ { type = "" }
    /#AudioPort$/ { type = "audio" }
    /#CVPort$/ { type = "CV" }
    /^\t\tSymbol: / && type != "" { print client ":" $2, type }'
}

# Whether JACK soon has the signals of a plugin, and no others of its name: URI
shows_signals() {
  signals "$1" | sort >"$work/expected"
  patience=50
  until timeout -k 1 5 "$take" --signals | grep "^$(name_of "$1"):" | sort |
    diff "$work/expected" - >"$work/diff"; do
    patience=$((patience - 1))
    [ $patience -gt 0 ] || break
    sleep 0.1
  done
  cat "$work/diff"
  [ $patience -gt 0 ] && [ -s "$work/expected" ]
}

start_server
"$take" || echo "note: there is no server"

uris=$(plugins)
expect "there are plugins" [ -n "$uris" ]
for uri in $uris; do
  preset=$(presets "$uri" | sed -n '2s/ (.*//p')
  # Without "presets", jalv knows none of them
  # shellcheck disable=SC2086 # words
  printf '%s\n' presets "preset $preset" controls |
    $under timeout -k 1 20 jalv -x -n "$(name_of "$uri")" "$uri" >"$work/$(name_of "$uri").out" 2>&1
  expect "$uri shows its presets" lists_presets "$uri"
  expect "$preset is set" sets_preset "$preset" "$uri"
done

# One after the other, for the server can hang when many come at once
for uri in $uris; do
  # shellcheck disable=SC2086 # words
  start "$(name_of "$uri")" $under jalv -x -n "$(name_of "$uri")" "$uri"
  expect "the CV of $uri is CV to JACK, and its audio is not" shows_signals "$uri"
done
finish
