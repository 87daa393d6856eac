#!/bin/sh
# Checks that the C sources are formatted as ./dev format does it.
# Usage: test-format.sh SOURCE-FOLDER
set -u

if ! command -v clang-format-14 >/dev/null; then
  echo "1..0 # SKIP there is no clang-format-14"
  exit 0
fi

cd "$1" || exit 1
echo 1..1
if find messaging tests docs -name '*.[ch]' -exec clang-format-14 --dry-run -Werror {} + 2>&1 |
    sed 's/^/# /' | grep .; then
  echo "not ok 1 - formatted"
  exit 1
fi
echo "ok 1 - formatted"
