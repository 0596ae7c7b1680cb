#!/bin/sh
# SPDX-License-Identifier: ISC
# Renderings under GNU parallel, as docs/farm.md has them: one is killed half way, and the
# same line again makes what is missing and nothing else
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

render=$PWD/$build/bin/render
patch=$PWD/presets/patches/drone.ttl
mkdir "$work/out"

# One job of the farm: the third is killed the first time, when it has begun its file
cat >"$work/job" <<END
#!/bin/sh
cd '$work' || exit
echo "\$1" >>ran
if [ "\$1" = 3 ] && [ ! -e killed ]; then
  '$render' --seconds 80000 '$patch' out/3.wav 2>log &
  until [ -s "\$(ls out/3.wav.?????? 2>log)" ]; do sleep 0.05; done
  touch killed
  kill -KILL \$!
  wait \$!
  exit
fi
exec '$render' --seconds 0.5 --set vcf_left/frequency=\${1}00 '$patch' "out/\$1.wav" 2>log
END
chmod +x "$work/job"

farm() {
  parallel --will-cite --jobs 2 --joblog "$work/farm.log" --resume-failed "$work/job" ::: 1 2 3 4 5 6 \
    >"$work/log" 2>&1 </dev/null
}

one_fails() {
  farm
  [ $? = 1 ] && awk 'NR > 1 && $7 != 0 { print $7 }' "$work/farm.log" | grep -qx 137
}

# Which files have their names
finished() {
  (cd "$work/out" && echo *.wav)
}

# The numbers that the file system has for those that were made at first
numbers() {
  (cd "$work/out" && ls -i 1.wav 2.wav 4.wav 5.wav 6.wav)
}

are_right() {
  for i in 1 2 3 4 5 6; do
    "$render" --seconds 0.5 --set "vcf_left/frequency=${i}00" "$patch" "$work/direct.wav" >"$work/log" 2>&1 &&
      cmp "$work/direct.wav" "$work/out/$i.wav" || return
  done
}

if command -v parallel >/dev/null; then
  expect "a job that is killed is known by its status" one_fails
  expect "the others are done" [ "$(finished)" = "1.wav 2.wav 4.wav 5.wav 6.wav" ]
  before=$(numbers)
  rm "$work/ran"
  expect "the same line again succeeds" farm
  expect "and runs what failed only" [ "$(cat "$work/ran")" = 3 ]
  expect "it leaves alone what was there" [ "$(numbers)" = "$before" ]
  expect "all files are what they would be without a farm" are_right
else
  echo "note: GNU parallel is not on PATH and was left out"
fi
expect "a patch that is missing fails with status 1" [ "$("$render" "$work/none.ttl" "$work/x.wav" 2>"$work/log" || echo $?)" = 1 ]
finish
