# Sourced by the scripts in the root folder: require_toolchain ends the script with a message, unless a
# JDK 17 or newer and Maven 3.8 or newer are at hand. As root on Debian or Ubuntu it installs what is missing.

toolchain_fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  printf '  Debian, Ubuntu: apt-get install openjdk-17-jdk-headless maven\n' >&2
  printf '  macOS: brew install openjdk@17 maven\n' >&2
  printf '  With several JDKs, JAVA_HOME names the one to use.\n' >&2
  exit "${failed_status:-1}"
}

# The oldest JDK that is new enough: the one the build is written for.
debian_jdk() {
  local version
  for version in 17 21 25; do
    if apt-cache show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
      echo "openjdk-$version-jdk-headless"
      return
    fi
  done
}

install_on_debian() {
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq || return 1
  local packages=() jdk
  if ! command -v javac >/dev/null && [ ! -x "${JAVA_HOME:-}/bin/javac" ]; then
    jdk=$(debian_jdk)
    [ -n "$jdk" ] || return 1
    packages+=("$jdk")
  fi
  command -v mvn >/dev/null || packages+=(maven)
  printf 'installing %s\n' "${packages[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# at_least 3.8.7 3 8
at_least() {
  local major=${1%%.*} rest minor
  rest=${1#*.}
  minor=${rest%%[!0-9]*}
  [ "$major" -gt "$2" ] || { [ "$major" -eq "$2" ] && [ "${minor:-0}" -ge "$3" ]; }
}

is_jdk25() {
  [ -x "$1/bin/javac" ] && "$1/bin/javac" -version 2>&1 | grep -q '^javac 25\b'
}

# Prints the home of a JDK 25. Status 1 if there is none; 2, with a message, if a variable names something else.
find_jdk25() {
  local name home
  for name in JAVA_HOME_25 JDK25_HOME; do
    home=${!name:-}
    if [ -n "$home" ]; then
      is_jdk25 "$home" && { printf '%s\n' "$home"; return 0; }
      printf '%s: %s=%s is not a JDK 25\n' "$(basename "$0")" "$name" "$home" >&2
      return 2
    fi
  done
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    [ -n "$home" ] && is_jdk25 "$home" && { printf '%s\n' "$home"; return 0; }
  done
  home=$(command -v javac) && home=$(dirname "$(dirname "$(readlink -f "$home")")") && is_jdk25 "$home" \
    && { printf '%s\n' "$home"; return 0; }
  return 1
}

# From here on Maven and what it starts run on a JDK 25. Status as find_jdk25.
use_jdk25() {
  local home
  home=$(find_jdk25) || return
  export JAVA_HOME=$home PATH=$home/bin:$PATH
}

require_toolchain() {
  if ! command -v mvn >/dev/null || { ! command -v javac >/dev/null && [ ! -x "${JAVA_HOME:-}/bin/javac" ]; }; then
    install_on_debian || toolchain_fail "needs a JDK 17 or newer and Maven 3.8 or newer"
  fi

  # Maven decides which JDK it runs on. Asked outside of the project, whose .mvn/jvm.config an old JDK cannot read.
  local report maven java home
  report=$(cd / && mvn -v 2>&1) || toolchain_fail "mvn -v failed: $report"
  report=$(printf '%s\n' "$report" | sed 's/\x1b\[[0-9;]*m//g')
  maven=$(printf '%s\n' "$report" | sed -n 's/^Apache Maven \([0-9.]*\).*/\1/p')
  java=$(printf '%s\n' "$report" | sed -n 's/^Java version: \([0-9.]*\).*/\1/p')
  home=$(printf '%s\n' "$report" | sed -n 's/^Java version:.*runtime: \(.*\)$/\1/p')
  [ -n "$maven" ] && [ -n "$java" ] || toolchain_fail "cannot read the versions from mvn -v: $report"
  at_least "$maven" 3 8 || toolchain_fail "needs Maven 3.8 or newer, found $maven"
  at_least "$java" 17 0 || toolchain_fail "needs a JDK 17 or newer, Maven runs on $java"
  [ -z "$home" ] || [ -x "$home/bin/javac" ] || toolchain_fail "needs a JDK, Maven runs on a JRE without javac"
  printf 'Maven %s on JDK %s\n' "$maven" "$java"
}
