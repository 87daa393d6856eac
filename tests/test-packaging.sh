#!/bin/sh
# Builds what packaging/ has, and uses it as somebody does who depends on the library.
# Usage: test-packaging.sh SOURCE-FOLDER PYTHON
set -u

source=$1
python=$2
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
n=0

unset GI_TYPELIB_PATH GJS_PATH LD_LIBRARY_PATH PKG_CONFIG_PATH PYTHONPATH XDG_DATA_DIRS DESTDIR
export PYTHONDONTWRITEBYTECODE=1

# check NAME CMD…
check ()
{
  name=$1
  shift
  n=$((n + 1))
  if "$@" >"$stage/log" 2>&1; then
    echo "ok $n - $name"
  else
    tail -n 60 "$stage/log" | sed 's/^/# /'
    echo "not ok $n - $name"
  fi
}

skip ()
{
  n=$((n + 1))
  echo "ok $n - $1 # SKIP $2"
}

# copy_source FOLDER: with what is not committed yet
copy_source ()
{
  mkdir -p "$1"
  tar -c -C "$source" --exclude=./build --exclude=./.git --exclude=node_modules --exclude=__pycache__ . |
    tar -x -C "$1"
}

# A project that has the wrap file, and the library where meson puts what a wrap file leads to.
use_subproject ()
{
  project=$stage/project
  copy_source "$project/subprojects/libwebmessaging"
  cp "$source/packaging/libwebmessaging.wrap" "$project/subprojects"
  cp "$source/docs/examples/channel-messaging.c" "$project"
  cat >"$project/meson.build" <<'MESON'
project('program', 'c')
webmessaging_dep = dependency('webmessaging-1', default_options: ['introspection=disabled'])
program = executable('program', 'channel-messaging.c', dependencies: webmessaging_dep)
test('program', program)
MESON
  meson setup "$project/build" "$project" --wrap-mode=forcefallback &&
    meson test -C "$project/build" --verbose &&
    # The program has one test, and the library brings none along.
    [ "$(meson introspect "$project/build" --tests | grep -o '"protocol"' | wc -l)" -eq 1 ]
}

build_debian_packages ()
{
  copy_source "$stage/debian/libwebmessaging"
  cp -r "$source/packaging/debian" "$stage/debian/libwebmessaging"
  # The check of what is needed asks for a compiler of C++ as well.
  (cd "$stage/debian/libwebmessaging" && dpkg-buildpackage -b -d -us -uc)
}

# installed CMD…: as if the packages were installed
installed ()
{
  library=$(dirname "$(find "$stage/root" -name 'libwebmessaging-1.so.0')")
  LD_LIBRARY_PATH=$library GI_TYPELIB_PATH=$library/girepository-1.0 \
    XDG_DATA_DIRS=$stage/root/usr/share:/usr/share PYTHONPATH=$stage/root/usr/lib/python3/dist-packages "$@"
}

unpack_debian_packages ()
{
  mkdir "$stage/root"
  for package in "$stage"/debian/*.deb; do
    dpkg-deb -x "$package" "$stage/root" || return 1
  done
}

# compile_and_run EXAMPLE LIBRARY PACKAGE: the package is what the library needs
compile_and_run ()
{
  library=$(dirname "$(find "$stage/root" -name 'libwebmessaging-1.so')")
  # shellcheck disable=SC2046
  ${CC:-cc} "$source/docs/examples/$1.c" -o "$stage/program" \
    -I"$stage/root/usr/include/webmessaging-1" -I"$stage/root/usr/include/webmessaging-jsc-1" -L"$library" \
    "-l$2" -lwebmessaging-1 $(pkg-config --cflags --libs "$3") && installed "$stage/program"
}

# depends PACKAGE TEXT: one of the dependencies
depends ()
{
  dpkg-deb -f "$stage"/debian/"$1"_*.deb Depends | tee /dev/stderr | grep -qF "$2"
}

# Which packages need the engine
needs_engine ()
{
  depends libwebmessaging-jsc-1-0 "libjavascriptcoregtk-6.0-1" &&
    depends libwebmessaging-jsc-1-0 "libwebmessaging-1-0 (= " &&
    depends gir1.2-webmessaging-jsc-1 "gir1.2-webmessaging-1" &&
    ! depends libwebmessaging-1-0 javascriptcore &&
    ! depends gir1.2-webmessaging-1 javascriptcore &&
    ! depends python3-webmessaging javascriptcore
}

# The manifest and each file that it leads to.
read_flatpak_manifest ()
{
  "$python" - "$source/packaging/flatpak" <<'PYTHON'
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])


def check(module):
    if isinstance(module, str):
        module = json.loads((folder / module).read_text())
    assert module["name"] and module["buildsystem"]
    for source in module["sources"]:
        if source["type"] in ("dir", "file"):
            assert (folder / source["path"]).exists(), source
        else:
            assert source["type"] == "git" and source["commit"], source
    for part in module.get("modules", []):
        check(part)


manifest = json.loads((folder / "org.example.Ports.json").read_text())
assert {"id", "runtime", "runtime-version", "sdk", "command"} <= manifest.keys()
for part in manifest["modules"]:
    check(part)
PYTHON
}

# Leaves a folder where it is run.
show_flatpak_manifest ()
{
  (cd "$stage" && flatpak-builder --show-manifest "$source/packaging/flatpak/org.example.Ports.json")
}

check "a subproject by a wrap file" use_subproject

# What takes time is left out: optimization, the documentation, the tests.
export DEB_BUILD_OPTIONS="nocheck noopt noautodbgsym" DEB_BUILD_PROFILES="nodoc nocheck"
if missing=$(cd "$source/packaging" && dpkg-checkbuilddeps -I debian/control 2>&1); then
  check "Debian packages" build_debian_packages
  check "… unpacked" unpack_debian_packages
  check "… with a program in C" compile_and_run channel-messaging webmessaging-1 gio-2.0
  check "… in Python" installed "$python" "$source/docs/examples/channel-messaging.py"
  check "… in GJS" installed gjs -m "$source/docs/examples/channel-messaging.js"
  check "… for JavaScriptCore, with a program in C" \
    compile_and_run plugin webmessaging-jsc-1 javascriptcoregtk-6.0
  check "… in Python, for JavaScriptCore" installed "$python" "$source/docs/examples/plugin.py"
  check "… in GJS, for JavaScriptCore" installed gjs -m "$source/tests/gjs/test-jsc.js"
  check "… of JavaScriptCore alone, which other programs do not need" needs_engine
  check "… of the bindings, which belong to one build of the library" \
    depends gir1.2-webmessaging-1 "libwebmessaging-1-0 (= "
  check "… of the library, which needs no more than a certain GLib" \
    depends libwebmessaging-1-0 "libglib2.0-0 (>= 2.74"
else
  skip "Debian packages" "${missing:-dpkg-dev is missing}"
fi

check "Flatpak manifest" read_flatpak_manifest
if command -v flatpak-builder >/dev/null; then
  check "… as Flatpak reads it" show_flatpak_manifest
else
  skip "… as Flatpak reads it" "flatpak-builder is missing"
fi
echo "1..$n"
