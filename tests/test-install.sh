#!/bin/sh
# Installs the build tree into an empty folder and uses what is there, as a user of the package
# would: a C program through pkg-config, Python and GJS through the typelib.
# Usage: test-install.sh BUILD-FOLDER SOURCE-FOLDER PYTHON
set -u

build=$1
source=$2
python=$3
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

prefix=$(meson introspect "$build" --buildoptions |
  "$python" -c 'import json, sys; print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
n=0

# check NAME CMD…
check ()
{
  name=$1
  shift
  n=$((n + 1))
  if "$@" >"$stage/log" 2>&1; then
    echo "ok $n - $name"
  else
    sed 's/^/# /' "$stage/log"
    echo "not ok $n - $name"
  fi
}

# exists PATTERN: a file below the prefix
exists ()
{
  # shellcheck disable=SC2086
  ls -d "$stage$prefix"/$1
}

absent ()
{
  for pattern; do
    ! exists "$pattern" || return 1
  done
}

compile_and_run ()
{
  # shellcheck disable=SC2046
  ${CC:-cc} "$source/docs/examples/channel-messaging.c" -o "$stage/example" \
    $(pkg-config --cflags --libs webmessaging-1) && "$stage/example"
}

# The headers must not need one another in a special order, nor anything private.
use_headers ()
{
  printf '#include <webmessaging/webmessaging.h>\nint main (void) { return !WEB_MESSAGING_CHECK_VERSION (0, 1, 0); }\n' \
    >"$stage/use.c"
  # shellcheck disable=SC2046
  ${CC:-cc} -Wall -Wextra -Werror -std=c99 -pedantic -Wno-error=pedantic "$stage/use.c" \
    -o "$stage/use" $(pkg-config --cflags --libs webmessaging-1) && "$stage/use"
}

# compile_for VERSION: a program that says that it is for a version of the library
compile_for ()
{
  printf '#include <webmessaging/webmessaging.h>\nWEB_AVAILABLE_IN_0_1 int used (void);\nint unused (void) { return used (); }\n' \
    >"$stage/for.c"
  # shellcheck disable=SC2046
  ${CC:-cc} -Wall -Werror -c "$stage/for.c" -o "$stage/for.o" $(pkg-config --cflags webmessaging-1) \
    "-DWEB_MESSAGING_VERSION_MIN_REQUIRED=$1" "-DWEB_MESSAGING_VERSION_MAX_ALLOWED=$1"
}

fails ()
{
  ! "$@"
}

check "meson install" env DESTDIR="$stage" meson install -C "$build" --no-rebuild

lib=$(dirname "$(find "$stage" -name libwebmessaging-1.so | head -n 1)")
mkdir "$stage/pkgconfig"
sed "s|^prefix=.*|prefix=$stage$prefix|" "$lib/pkgconfig/webmessaging-1.pc" \
  >"$stage/pkgconfig/webmessaging-1.pc"
export PKG_CONFIG_PATH="$stage/pkgconfig"
export LD_LIBRARY_PATH="$lib"
export GI_TYPELIB_PATH="$lib/girepository-1.0"
export GJS_PATH="$stage$prefix/share/gjs-1.0"
PYTHONPATH=$(dirname "$(dirname "$(dirname "$(find "$stage" -name _webmessaging)")")")
export PYTHONPATH
export XDG_DATA_DIRS="$stage$prefix/share:/usr/local/share:/usr/share"

check "library" exists "lib*/*/libwebmessaging-1.so.0"
check "headers" exists "include/webmessaging-1/webmessaging/webmessaging.h"
check "GIR" exists "share/gir-1.0/WebMessaging-1.gir"
check "typelib" exists "lib*/*/girepository-1.0/WebMessaging-1.typelib"
check "typelib for bindings" exists "lib*/*/girepository-1.0/WebMessagingPrivate-1.typelib"
check "vapi" exists "share/vala/vapi/webmessaging-1.vapi"
check "GJS overrides" exists "share/gjs-1.0/overrides/WebMessaging.js"
check "modules of the GJS overrides" exists "share/gjs-1.0/overrides/webmessaging/webidl.js"
check "Python overrides" exists "lib/python3*/*-packages/gi/overrides/WebMessaging.py"
check "nothing else for bindings" absent "share/gir-1.0/WebMessagingPrivate*" "include/webmessaging-1/webmessaging/bindings"
check "public headers alone" use_headers
check "public headers for a version" compile_for WEB_MESSAGING_VERSION_0_1
check "public headers for no version" fails compile_for WEB_MESSAGING_VERSION_0
check "example in C" compile_and_run
check "example in Python" "$python" "$source/docs/examples/channel-messaging.py"
check "example in GJS" gjs -m "$source/docs/examples/channel-messaging.js"
check "workers in GJS" gjs -m "$source/docs/examples/workers.js"
echo "1..$n"
