#!/bin/sh
# Formats the C sources and lints the others.
# Usage: style.sh [--check | --tap]; without an option it mends what can be mended without thinking.
# The linters of JavaScript and Python are npm packages in this folder; ./dev format installs all of them.
set -u

mode=${1:-}
style=$(cd "$(dirname "$0")" && pwd)
cd "$style/../.." || exit 1
modules=$style/node_modules

# find_files PATTERN…: the files of the project with such a name
find_files ()
{
  for pattern in "$@"; do
    find . \( -name build -o -name node_modules -o -name report -o -name '.?*' \) -prune -o \
      -type f -name "$pattern" -print
  done | LC_ALL=C sort
}

# tools_for LANGUAGE: whether they are there
tools_for ()
{
  case $1 in
    C) command -v clang-format-14 ;;
    JavaScript) command -v node && command -v "$modules/@biomejs/cli-linux-x64/biome" ;;
    Python) command -v node && ls "$modules/@astral-sh/ruff-wasm-nodejs" ;;
    shell) command -v shellcheck ;;
  esac >/dev/null 2>&1
}

# look_at LANGUAGE: mends the files of a language, or checks them
look_at ()
{
  if [ -z "$mode" ]; then mend=yes; else mend=; fi
  case $1 in
    C) find_files '*.c' '*.h' | xargs clang-format-14 ${mend:+-i} ${mode:+--dry-run -Werror} ;;
    JavaScript) "$modules/@biomejs/cli-linux-x64/biome" lint --error-on-warnings --max-diagnostics=none --colors=off ${mend:+--write} ;;
    Python) find_files '*.py' | xargs node "$style/ruff.mjs" ${mend:+--fix} ;;
    shell) { find_files '*.sh'; echo dev; echo .ci/run; echo packaging/webmessaging-1-env.in; } | xargs shellcheck ;;
  esac
}

n=0
status=0
[ "$mode" != --tap ] || echo 1..4
for language in C JavaScript Python shell; do
  n=$((n + 1))
  title="$language files have the style of the project"
  if ! tools_for $language; then
    if [ "$mode" = --tap ]; then
      echo "ok $n - $title # SKIP ./dev format installs what checks them"
    else
      echo "style.sh: what checks $language files is missing; ./dev format installs it" >&2
      status=1
    fi
  elif [ "$mode" != --tap ]; then
    look_at $language || status=1
  elif output=$(look_at $language 2>&1); then
    echo "ok $n - $title"
  else
    printf '%s\n' "$output" | sed 's/^/# /'
    echo "not ok $n - $title"
    status=1
  fi
done
exit $status
