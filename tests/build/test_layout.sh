#!/bin/sh
# SPDX-License-Identifier: ISC
# The layout of a state changes with its types, and with nothing else
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

# Print the types of preprocessed C, as the build hashes them
types() {
  python3 -c '
import ast, re, sys
tree = ast.parse(open("wscript").read())
names = ["types", "declarations", "carried_types", "digest"]
tree.body = [part for part in tree.body if getattr(part, "name", "") in names]
exec("import hashlib")
exec(compile(tree, "wscript", "exec"))
print(eval(sys.argv[2])(sys.argv[1]))' "$1" "${2-types}"
}

original='typedef struct { float level; } Env;
extern int puts(const char* text);
static inline double twice(const double x) { return 2.0 * x; }
enum { N_STAGES = 4 };
static const char* const names[] = {"{", "}"};
struct State { Env env[N_STAGES]; double phase; };
static void run(struct State* self) { if (self) { self->phase = twice(1.0); } }
typedef union { float f; int i; } Word;
const int last = 1;'
known=$(types "$original")

# Whether an edit, a command for sed, leaves the layout as it is
keeps() {
  edited=$(printf '%s\n' "$original" | sed "$1")
  [ "$edited" != "$original" ] && [ "$(types "$edited")" = "$known" ]
}

changes() {
  edited=$(printf '%s\n' "$original" | sed "$1")
  [ "$edited" != "$original" ] && [ "$(types "$edited")" != "$known" ]
}

expect "there is a layout" [ -n "$known" ]
expect "functions are left out" keeps 's/2\.0 \* x/x + x/'
expect "functions after strings are left out" keeps 's/twice(1.0)/0.5/'
expect "prototypes are left out" keeps '/puts/d'
# shellcheck disable=SC2016 # the last line, to sed
expect "new functions are left out" keeps '$s/$/ static void g(void) { }/'
expect "data is left out" keeps 's/last = 1/last = 2/'
expect "spaces are left out" keeps 's/{ float level/{   float  level/'
expect "a field's type counts" changes 's/float level/double level/'
expect "a field's name counts" changes 's/float level/float gain/'
expect "a field after functions counts" changes 's/double phase/float phase/'
expect "a new field counts" changes 's/double phase;/double phase; int n;/'
expect "a number of fields counts" changes 's/N_STAGES = 4/N_STAGES = 5/'
expect "a union behind a function counts" changes 's/int i;/short i;/'

# Whether the type of a part with a name is the same after an edit, a command for sed
carried='typedef enum { ON, OFF } Stage;
typedef struct { float level; Stage stage; } Env;
typedef struct { Env env; double phase; } State;
static const char* const names[] = {"Env", "State", "double", "Unknown"};'
known_types=$(types "$carried" carried_types)

keeps_type() {
  edited=$(types "$(printf '%s\n' "$carried" | sed "$1")" carried_types)
  [ "$edited" != "$known_types" ] && [ "$(type_in "$edited" "$2")" = "$(type_in "$known_types" "$2")" ]
}

type_in() {
  printf '%s' "$1" | grep -o "'$2': '[0-9a-f]*'"
}

changes_type() {
  edited=$(types "$(printf '%s\n' "$carried" | sed "$1")" carried_types)
  [ "$(type_in "$edited" "$2")" != "$(type_in "$known_types" "$2")" ]
}

expect "types with names are known" [ "$(echo "$known_types" | grep -o ': ' | wc -l)" = 2 ]
expect "a field around it leaves a type" keeps_type 's/double phase/float phase/' Env
expect "a field in it does not" changes_type 's/float level/double level/' Env
expect "nor does one of its fields'" changes_type 's/ON, OFF/OFF, ON/' Env
expect "nor one within what is around" changes_type 's/ON, OFF/OFF, ON/' State

for source in plugins/*.c; do
  name=$(basename "$source" .c)
  expect "$name has a layout" grep -q 'UINT64_C(0x[0-9a-f]\{16\})' \
    "$build/layout/${name}_layout.c"
done
finish
