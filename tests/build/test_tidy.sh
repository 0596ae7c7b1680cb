#!/bin/sh
# SPDX-License-Identifier: ISC
# Complaints of clang-tidy, by the rules in the files .clang-tidy, if there is a clang-tidy of
# the version that tools/tidy names
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

tidies() {
  status=0
  BUILD=$build tools/tidy "$@" >"$work/log" 2>&1 || status=$?
  case $status in
  0) return 0 ;;
  2) echo "note: $(cat "$work/log")" ;;
  *) grep -v ' warnings\{0,1\} generated' "$work/log" && return 1 ;;
  esac
}

# A file with what no compiler's warnings hold against it
refuses_a_fault() {
  fault=$build/fault-$$.c # Below the rules
  cat >"$fault" <<'EOF'
int
main(int argc, char** argv)
{
  int unset;
  return argc == argc ? 0 : 1;
}
EOF
  status=0
  tidies "$fault" >"$work/complaint" || status=$?
  rm "$fault"
  [ $status != 0 ] || grep -q 'there is no clang-tidy' "$work/log"
}

expect "clang-tidy refuses a fault" refuses_a_fault
expect "clang-tidy has no complaint" tidies
finish
