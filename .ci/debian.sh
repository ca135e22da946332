# Sourced by the scripts that get servers from Debian's packages without installing them: each release is unpacked into a folder beside
# its own libraries, whatever release this machine runs. The caller sets folder, and says for whom say speaks.

debian_say() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; }

# The archive that this machine gets its own packages from; nothing if it gets none from Debian.
debian_archive() {
  command -v apt-get >/dev/null || return
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | sort -u | head -1
}

# debian_apt SUITE: aptly becomes an apt-get of its own that knows this suite alone.
debian_apt() {
  local apt=$folder/$1/apt
  mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/etc/sources.list.d" "$apt/state/lists/partial" \
    "$apt/cache/archives/partial"
  : >"$apt/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$1" >"$apt/etc/sources.list"
  aptly=(apt-get -qq -o "Dir::Etc=$apt/etc" -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
}

# debian_unpack SUITE PACKAGE…: into $folder/SUITE/root, unless it is there.
debian_unpack() {
  local suite=$1 aptly
  shift
  [ -e "$folder/$suite/done" ] && return
  debian_apt "$suite"
  (
    rm -rf "$folder/$suite/root" "$folder/$suite/packages"
    mkdir -p "$folder/$suite/root" "$folder/$suite/packages"
    cd "$folder/$suite/packages" || exit 1
    "${aptly[@]}" update >&2 && "${aptly[@]}" download "$@" >&2 || exit 1
    for package in *.deb; do
      dpkg -x "$package" "$folder/$suite/root" || exit 1
    done
    rm -rf "$folder/$suite/packages"
    touch "$folder/$suite/done"
  ) || { debian_say "nothing from $suite"; return 1; }
}

# debian_runner SUITE PROGRAM SCRIPT: SCRIPT becomes a program that runs PROGRAM with the libraries of its own release.
debian_runner() {
  local root=$folder/$1/root loader libraries
  loader=$(find "$root" -name 'ld-linux*.so.*' | sort | head -1)
  libraries=$(find "$root/lib" "$root/usr/lib" -name 'lib*.so.*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd:)
  printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$2" >"$3"
  chmod +x "$3"
}
