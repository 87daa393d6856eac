#!/bin/sh
# Makes a tarball, builds and tests what is in there, installs it into a prefix of its own, and uses it
# from C, Vala, Python and GJS, as a user of the package would; and the library for scripts in JavaScriptCore, if that
# was built. In the end, uninstalls it.
# Usage: test-install.sh BUILD-FOLDER SOURCE-FOLDER PYTHON
set -u

build=$1
source=$2
python=$3
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
prefix=$stage/prefix
examples=$source/docs/examples
n=0

# What is installed must not depend on what the tests of a build tree are told.
unset GI_TYPELIB_PATH GJS_PATH LD_LIBRARY_PATH PKG_CONFIG_PATH PYTHONPATH XDG_DATA_DIRS DESTDIR
# Python would write beside the modules, and meson would not know of it.
export PYTHONPYCACHEPREFIX="$stage/pycache"

# check NAME CMD…
check ()
{
  name=$1
  shift
  n=$((n + 1))
  if "$@" >"$stage/log" 2>&1; then
    echo "ok $n - $name"
  else
    tail -n 40 "$stage/log" | sed 's/^/# /'
    echo "not ok $n - $name"
  fi
}

skip ()
{
  n=$((n + 1))
  echo "ok $n - $1 # SKIP $2"
}

# exists PATTERN: a file below the prefix
exists ()
{
  # shellcheck disable=SC2086
  ls -d "$prefix"/$1
}

absent ()
{
  for pattern; do
    ! exists "$pattern" || return 1
  done
}

fails ()
{
  ! "$@"
}

# within CMD…: with the environment that the prefix needs
within ()
{
  "$prefix/bin/webmessaging-1-env" "$@"
}

# What was not committed is not in the tarball.
make_tarball ()
{
  meson dist -C "$build" --no-tests --allow-dirty --formats gztar &&
    mkdir "$stage/source" &&
    tar -xzf "$build"/meson-dist/libwebmessaging-*.tar.gz -C "$stage/source" --strip-components=1
}

# As distributions build: the tests must also pass without what a debug build checks.
configure ()
{
  meson setup "$stage/build" "$tree" --prefix="$prefix" --buildtype=plain -Dwerror=true
}

# compile_and_run PACKAGE NAME ARGUMENT…: an example
compile_and_run ()
{
  package=$1
  example=$2
  shift 2
  # shellcheck disable=SC2046
  ${CC:-cc} "$examples/$example.c" -o "$stage/$example" \
    $(within pkg-config --cflags --libs "$package") && within "$stage/$example" "$@"
}

# use_headers PACKAGE HEADER: it must not need others before it, nor anything private.
use_headers ()
{
  printf '#include <%s>\nint main (void) { return !WEB_MESSAGING_CHECK_VERSION (0, 1, 0); }\n' "$2" >"$stage/use.c"
  # shellcheck disable=SC2046
  ${CC:-cc} -Wall -Wextra -Werror -std=c99 -pedantic -Wno-error=pedantic "$stage/use.c" \
    -o "$stage/use" $(within pkg-config --cflags --libs "$1") && within "$stage/use"
}

# compile_for VERSION: a program that says that it is for a version of the library
compile_for ()
{
  printf '#include <webmessaging/webmessaging.h>\nWEB_AVAILABLE_IN_0_1 int used (void);\nint unused (void) { return used (); }\n' \
    >"$stage/for.c"
  # shellcheck disable=SC2046
  ${CC:-cc} -Wall -Werror -c "$stage/for.c" -o "$stage/for.o" \
    $(within pkg-config --cflags webmessaging-1) \
    "-DWEB_MESSAGING_VERSION_MIN_REQUIRED=$1" "-DWEB_MESSAGING_VERSION_MAX_ALLOWED=$1"
}

# use_vala PACKAGE FILE
use_vala ()
{
  # valac's own C has warnings.
  within valac --pkg "$1" -X -w -o "$stage/vala" "$source/tests/vala/$2" && within "$stage/vala"
}

# evaluate PREFIX
evaluate ()
{
  # shellcheck disable=SC2016
  sh -eu -c 'eval "$("$1/bin/webmessaging-1-env")"; "$2" -c "
import gi
gi.require_version(\"WebMessaging\", \"1\")
from gi.repository import WebMessaging
assert WebMessaging.structured_clone({1, 2}) == {1, 2}"' - "$1" "$python"
}

# variable NAME: of the pkg-config file
variable ()
{
  within pkg-config --variable="$1" webmessaging-1
}

# worker_in_gjs CMD…: starts a worker that starts another one. With arguments, the program tells GIRepository
# and GJS where the library is, as one does that brings the library along, and the environment does not say it.
worker_in_gjs ()
{
  cat >"$stage/owner.js" <<'JS'
import GIRepository from 'gi://GIRepository';

if (ARGV.length > 0) {
    const repository = GIRepository.Repository.dup_default?.() ?? GIRepository.Repository;

    repository.prepend_search_path(ARGV[0]);
    repository.prepend_library_path(ARGV[1]);
    imports.overrides.searchPath.unshift(ARGV[2]);
}
const {default: WebMessaging} = await import('gi://WebMessaging?version=1');

const inner = "new Worker('data:,postMessage(6*7)').onmessage=({data})=>postMessage(data)";
const worker = new WebMessaging.Worker(`data:text/javascript,${encodeURIComponent(inner)}`);
worker.onerror = ({message}) => printerr(message);
const {data} = await worker.receive();
print(data);
imports.system.exit(data === 42 ? 0 : 1);
JS
  "$@"
}

# worker_in_python CMD…: the same
worker_in_python ()
{
  cat >"$stage/owner.py" <<'PYTHON'
import os
import sys

if len(sys.argv) > 1:
    sys.path.insert(0, os.path.dirname(os.path.dirname(sys.argv[3])))

import gi

if len(sys.argv) > 1:
    gi.require_version("GIRepository", "2.0")
    from gi.repository import GIRepository

    GIRepository.Repository.prepend_search_path(sys.argv[1])
    GIRepository.Repository.prepend_library_path(sys.argv[2])

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging


def answer(scope):
    scope.post_message(42)


def forward(scope):
    with WebMessaging.Worker(answer) as worker:
        scope.post_message(next(worker.messages()).data)


if __name__ == "__main__":
    with WebMessaging.Worker(forward) as worker:
        assert next(worker.messages()).data == 42
PYTHON
  "$@"
}

# The environment of a program does not know the prefix of packages that are being built.
install_for_package ()
{
  DESTDIR=$stage/package meson install -C "$stage/build" --quiet &&
    evaluate "$stage/package$prefix"
}

uninstall ()
{
  ninja -C "$stage/build" uninstall
  ! find "$prefix" ! -type d | grep .
}

tree=$source
if git -C "$source" rev-parse HEAD >/dev/null 2>&1; then
  check "meson dist" make_tarball
  tree=$stage/source
  examples=$tree/docs/examples
else
  skip "meson dist" "this is not a clone of the repository"
fi
check "configured for a prefix of its own" configure
check "unit tests" meson test -C "$stage/build" --suite unit
check "installed for a package" install_for_package
check "meson install" meson install -C "$stage/build" --quiet

check "library" exists "lib*/*/libwebmessaging-1.so.0"
check "headers" exists "include/webmessaging-1/webmessaging/webmessaging.h"
check "GIR" exists "share/gir-1.0/WebMessaging-1.gir"
check "typelib" exists "lib*/*/girepository-1.0/WebMessaging-1.typelib"
check "typelib for bindings" exists "lib*/*/girepository-1.0/WebMessagingPrivate-1.typelib"
check "vapi" exists "share/vala/vapi/webmessaging-1.vapi"
check "GJS overrides" exists "share/gjs-1.0/overrides/WebMessaging.js"
check "modules of the GJS overrides" exists "share/gjs-1.0/overrides/webmessaging/webidl.js"
check "Python overrides" exists "lib/python3*/*-packages/gi/overrides/WebMessaging.py"
check "types for Python" exists "lib/python3*/*-packages/gi-stubs/repository/WebMessaging.pyi"
check "types for GJS" exists "share/webmessaging-1/types/WebMessaging-1.d.ts"
check "nothing else for bindings" absent "share/gir-1.0/WebMessagingPrivate*" \
  "include/webmessaging-1/webmessaging/bindings"
check "public headers alone" use_headers webmessaging-1 webmessaging/webmessaging.h
check "public headers for a version" compile_for WEB_MESSAGING_VERSION_0_1
check "public headers for no version" fails compile_for WEB_MESSAGING_VERSION_0
check "example in C" compile_and_run webmessaging-1 channel-messaging
check "tests in Vala" use_vala webmessaging-1 test-vala.vala
check "example in Python" within "$python" "$examples/channel-messaging.py"
check "example in GJS" within gjs -m "$examples/channel-messaging.js"
check "a child process of C in Python" compile_and_run webmessaging-1 parent "$python" "$examples/child.py"
check "a worker of a worker in Python" worker_in_python within "$python" "$stage/owner.py"
check "a worker of a worker in GJS" worker_in_gjs within gjs -m "$stage/owner.js"
if exists "lib*/*/libwebmessaging-jsc-1.so.0" >/dev/null 2>&1; then
  check "headers for JavaScriptCore alone" use_headers webmessaging-jsc-1 webmessaging-jsc/webmessaging-jsc.h
  check "no private headers for JavaScriptCore" absent "include/webmessaging-jsc-1/webmessaging-jsc/*private*"
  check "GIR for JavaScriptCore" exists "share/gir-1.0/WebMessagingJsc-1.gir"
  check "types for JavaScriptCore, for Python" \
    exists "lib/python3*/*-packages/gi-stubs/repository/WebMessagingJsc.pyi"
  check "types for JavaScriptCore, for GJS" exists "share/webmessaging-1/types/WebMessagingJsc-1.d.ts"
  check "a plug-in in JavaScriptCore, of a program in C" compile_and_run webmessaging-jsc-1 plugin
  check "… in Vala" use_vala webmessaging-jsc-1 test-jsc.vala
  check "… in Python" within "$python" "$examples/plugin.py"
  check "… in GJS" within gjs -m "$source/tests/gjs/test-jsc.js"
else
  skip "a plug-in in JavaScriptCore" "javascriptcoregtk-6.0 is not installed"
fi
libdir=$(variable libdir)
typelibs=$(variable typelibdir)
check "a program in Python that names the folders, and its workers" worker_in_python \
  "$python" "$stage/owner.py" "$typelibs" "$libdir" "$(variable pyoverridesdir)"
check "a program in GJS that names the folders, and its workers" worker_in_gjs \
  gjs -m "$stage/owner.js" "$typelibs" "$libdir" "$(variable gjsoverridesdir)"
check "environment for a shell" evaluate "$prefix"
check "meson devenv" meson devenv -C "$stage/build" gjs -m "$examples/channel-messaging.js"
check "meson devenv for Python" meson devenv -C "$stage/build" "$python" "$examples/channel-messaging.py"
check "uninstalled" uninstall
echo "1..$n"
