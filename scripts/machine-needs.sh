#!/usr/bin/env bash
# Installs Debian's packages that the end-to-end tests need and that are absent; as an ordinary user it only says which.
set -euo pipefail
command -v dpkg >/dev/null || exit 0
need=(chromium xvfb xauth gnome-keyring dbus dbus-daemon libsecret-1-0 libvulkan1 libgtk-3-0 libnss3 libasound2 libgbm1 git)
missing=()
for package in "${need[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "Installing: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "Missing packages. Install them once: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
