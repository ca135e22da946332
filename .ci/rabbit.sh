# Sourced by the scripts in the root folder that can run RabbitMQ; root names this project's folder.
# shellcheck shell=bash

rabbit_say() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; }

# Where sdk-testkit looks, too: the variable, a package, the PATH.
rabbit_is_here() {
  local package
  [ -n "${ONCEMQ_RABBIT_HOME:-}" ] && return
  for package in "${ONCEMQ_RABBIT_PACKAGES:-/usr/lib/rabbitmq/lib}"/rabbitmq_server-*/sbin/rabbitmq-server; do
    [ -x "$package" ] && return
  done
  command -v rabbitmq-server >/dev/null
}

# find_rabbit: where no RabbitMQ is installed, unpacks the one that Debian packages and lets ONCEMQ_RABBIT_HOME name it. Says in one line
# what it did, or why there is none. Status 1 if there is none.
find_rabbit() {
  rabbit_is_here && return
  local folder found reason log
  folder=/var/tmp/oncemq-rabbitmq
  # Another user's folder cannot be added to.
  { mkdir -p "$folder" && [ -w "$folder" ]; } 2>/dev/null || folder=${XDG_CACHE_HOME:-$HOME/.cache}/oncemq/rabbitmq
  log=$(mktemp) || return 1
  found=$("$root/.ci/rabbit-versions" --newest "$folder" 2>"$log" | sed -n 's/^ONCEMQ_RABBIT_HOME=//p')
  reason=$(sed -n 's/^rabbit-versions: //p' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$found" ]; then
    rabbit_say "no RabbitMQ is installed, and none could be unpacked from Debian's packages (${reason:-no answer}): nothing is shown on RabbitMQ"
    return 1
  fi
  export ONCEMQ_RABBIT_HOME=$found
  rabbit_say "no RabbitMQ is installed; using ${found##*/}, unpacked from Debian's packages into $folder (nothing is installed)"
}

# rabbit_if_asked WORD…: find_rabbit if one of the words names it. The program says what is missing.
rabbit_if_asked() {
  local word
  for word in "$@"; do
    case $word in
      rabbit | rabbitmq | --broker=rabbit | --broker=rabbitmq)
        find_rabbit || true
        return 0
        ;;
    esac
  done
}
