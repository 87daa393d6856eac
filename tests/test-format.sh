#!/bin/sh
# Checks that the C sources are formatted as ./dev format does it.
# Usage: test-format.sh CLANG-FORMAT SOURCE-FOLDER
set -u

cd "$2" || exit 1
echo 1..1
if find messaging tests docs -name '*.[ch]' -exec "$1" --dry-run -Werror {} + 2>&1 | sed 's/^/# /' |
    grep .; then
  echo "not ok 1 - formatted"
  exit 1
fi
echo "ok 1 - formatted"
