#!/bin/sh
# Runs a test that needs the npm packages of a folder, or says why it is skipped: a tarball has none.
# Usage: with-npm.sh FOLDER CMD…
if [ ! -e "$1/node_modules/.package-lock.json" ]; then
  echo "1..0 # SKIP ./dev test installs the npm packages of $(basename "$1")"
  exit
fi
shift
exec "$@"
