# Sourced by ./verify and .ci/run. containers_up gives this shell a Docker engine with images of Kafka, RabbitMQ and Redis, without a registry: where no
# engine answers it installs and starts one (root, Debian or Ubuntu), and it makes the images from Debian packages, Maven artifacts and
# the JDK at hand. What exists is kept, so a second run takes seconds. containers_down stops the engine again.
# On failure containers_up returns 1, and containers_problem says why.

containers_folder=${ONCEMQ_ENGINE_FOLDER:-/var/tmp/oncemq-engine}
containers_problem=
containers_started=
containers_suite=trixie
containers_redis=oncemq-ci/redis:8
containers_rabbit=oncemq-ci/rabbitmq:4
containers_kafka=

containers_say() {
  printf 'containers: %3d s: %s\n' "$((SECONDS - containers_begin))" "$1"
}

containers_fail() {
  # shellcheck disable=SC2034 # read by ./verify and .ci/run
  containers_problem=$1
  printf 'containers: %s\n' "$1" >&2
  return 1
}

# The docker client on the PATH may be a stub: the package's own goes first.
containers_docker() {
  local docker=/usr/bin/docker
  [ -x "$docker" ] || docker=docker
  "$docker" "$@"
}

containers_answer() {
  [ -n "$(containers_docker version --format '{{.Server.Version}}' 2>/dev/null </dev/null)" ]
}

pom_value() {
  sed -n "s/.*<$1>\(.*\)<\/$1>.*/\1/p" pom.xml | head -n 1
}

# Whether the fixtures would find an engine that has their images, or pulls them now.
containers_ready() {
  local image
  containers_answer || containers_fail "no Docker engine answers" 2>/dev/null || return 1
  for image in "${ONCEMQ_IMAGE_KAFKA:-apache/kafka:$(pom_value kafka.version)}" "${ONCEMQ_IMAGE_REDIS:-redis:8}" \
    "${ONCEMQ_IMAGE_RABBITMQ:-rabbitmq:4}"; do
    containers_docker image inspect "$image" >/dev/null 2>&1 </dev/null || containers_docker pull -q "$image" </dev/null ||
      containers_fail "the Docker engine neither has the image $image nor can pull it" || return 1
  done
}

containers_install() {
  local packages=(iptables nftables mmdebstrap debian-archive-keyring docker.io) log=$containers_folder/apt.log missing=() package
  [ "$(id -u)" = 0 ] || containers_fail "no Docker engine answers, and only root can install one" || return 1
  command -v apt-get >/dev/null || containers_fail "no Docker engine answers, and there is no apt-get to install one" || return 1
  for package in "${packages[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  apt-get update -qq >"$log" 2>&1
  # From Debian 13 on the client is a package of its own.
  [ -z "$(apt-cache madison docker-cli 2>/dev/null)" ] || missing+=(docker-cli)
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null ||
    containers_fail "apt-get cannot install ${missing[*]}: $(tail -n 3 "$log")" || return 1
  containers_say "installed ${missing[*]}"
}

containers_engine() {
  local log=$containers_folder/dockerd.log i
  export DOCKER_HOST=unix://$containers_folder/docker.sock
  containers_answer && return 0
  rm -f "$containers_folder/dockerd.pid"
  setsid dockerd --data-root "$containers_folder/data" --exec-root "$containers_folder/exec" \
    --pidfile "$containers_folder/dockerd.pid" --host "$DOCKER_HOST" >"$log" 2>&1 </dev/null &
  containers_started=yes
  for ((i = 0; i < 120; i++)); do
    containers_answer && containers_say "started dockerd" && return 0
    sleep 0.5
  done
  containers_fail "dockerd does not start here: $(grep -v level=info "$log" | tail -n 3)"
}

# containers_import ARCHIVE TAG CHANGE...: an image, labelled with the digest of what made it.
containers_import() {
  local archive=$1 tag=$2 changes=() change
  shift 2
  for change in "$@" "LABEL oncemq.recipe=$containers_recipe"; do
    changes+=(--change "$change")
  done
  containers_docker import "${changes[@]}" "$archive" "$tag" >/dev/null ||
    containers_fail "docker import of $tag failed" || return 1
  containers_say "made $tag"
}

containers_have() {
  [ "$(containers_docker image inspect --format '{{index .Config.Labels "oncemq.recipe"}}' "$1" 2>/dev/null)" = "$containers_recipe" ]
}

# A Debian that can run Redis, RabbitMQ and a JRE: packages are unpacked and not configured, which none of the three needs.
containers_base() {
  local base=$containers_folder/base.tar log=$containers_folder/mmdebstrap.log
  command -v mmdebstrap >/dev/null || containers_install || return 1
  mmdebstrap --variant=extract --include=base-files,dash,coreutils,libstdc++6,zlib1g,sed,redis-server,rabbitmq-server \
    --extract-hook='mkdir -p "$1/etc/rabbitmq"' \
    "$containers_suite" "$base" >"$log" 2>&1 </dev/null ||
    containers_fail "mmdebstrap cannot unpack Debian $containers_suite: $(tail -n 3 "$log")" || return 1
  containers_say "unpacked Debian $containers_suite"
}

containers_redis_image() {
  containers_import "$containers_folder/base.tar" "$containers_redis" \
    'WORKDIR /data' 'VOLUME /data' 'EXPOSE 6379' 'CMD ["redis-server"]'
}

# Its configuration is looked for where the official image has it.
containers_rabbit_image() {
  local home
  home=$(tar -tf "$containers_folder/base.tar" | sed -n 's|^\./\(usr/lib/rabbitmq/lib/rabbitmq_server-[^/]*\)/sbin/$|/\1|p')
  containers_import "$containers_folder/base.tar" "$containers_rabbit" \
    "ENV PATH=$home/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    'ENV HOME=/var/lib/rabbitmq' 'ENV RABBITMQ_LOGS=-' 'VOLUME /var/lib/rabbitmq' 'EXPOSE 5672' 'CMD ["rabbitmq-server"]'
}

# The paths, the user and the volumes are those of the official image.
containers_kafka_image() {
  local root=$containers_folder/kafka archive=$containers_folder/kafka.tar log=$containers_folder/kafka.log
  rm -rf "$root"
  mkdir -p "$root"/{opt/kafka/config,var/lib/kafka/data,mnt/shared/config,etc/kafka/docker,etc/kafka/secrets}
  mvn -q -B -ntp -f .ci/kafka-image/pom.xml "-Dkafka.version=$(pom_value kafka.version)" \
    "org.apache.maven.plugins:maven-dependency-plugin:$(pom_value dependency-plugin.version):copy-dependencies" \
    -DincludeScope=runtime "-DoutputDirectory=$root/opt/kafka/libs" >"$log" 2>&1 </dev/null ||
    containers_fail "Maven cannot fetch Kafka: $(tail -n 3 "$log")" || return 1
  containers_say "fetched Kafka"
  containers_jre "$root/opt/java" >>"$log" 2>&1 || containers_fail "cannot make a JRE: $(tail -n 3 "$log")" || return 1
  containers_say "made a JRE"
  cp .ci/kafka-image/run .ci/kafka-image/log4j2.properties "$root/etc/kafka/docker/"
  cp "$containers_folder/base.tar" "$archive"
  tar -rf "$archive" --owner=1000 --group=1000 -C "$root" \
    opt/kafka opt/java var/lib/kafka mnt/shared etc/kafka || containers_fail "tar failed" || return 1
  containers_import "$archive" "$containers_kafka" 'USER 1000' 'EXPOSE 9092' \
    'VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]' 'CMD ["/etc/kafka/docker/run"]' ||
    return 1
  rm -rf "$root" "$archive"
}

# The modules that a broker may ask for, from the JDK that Maven runs on; the whole JDK where it cannot be cut down.
containers_jre() {
  local home
  home=$(cd / && mvn -v 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/^Java version:.*runtime: \(.*\)$/\1/p')
  "$home/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.zipfs --output "$1" \
    --no-header-files --no-man-pages --generate-cds-archive ||
    { rm -rf "$1" && cp -aL "$home" "$1"; }
}

containers_images() {
  containers_kafka=oncemq-ci/kafka:$(pom_value kafka.version)
  containers_recipe=$(cat .ci/containers.sh .ci/kafka-image/* | sha256sum | cut -c 1-16)
  if ! containers_have "$containers_redis" || ! containers_have "$containers_rabbit" || ! containers_have "$containers_kafka"; then
    containers_base && containers_redis_image && containers_rabbit_image && containers_kafka_image || return 1
    rm -f "$containers_folder/base.tar"
  fi
  export ONCEMQ_IMAGE_KAFKA=$containers_kafka ONCEMQ_IMAGE_REDIS=$containers_redis ONCEMQ_IMAGE_RABBITMQ=$containers_rabbit
}

containers_up() {
  containers_begin=$SECONDS
  mkdir -p "$containers_folder" || containers_fail "cannot write $containers_folder" || return 1
  if ! containers_answer; then
    containers_install && containers_engine || return 1
    # The engine is this machine's, even where the machine looks like a container; its images come from no registry, Ryuk's neither.
    export TESTCONTAINERS_HOST_OVERRIDE=localhost TESTCONTAINERS_RYUK_DISABLED=true
  fi
  containers_images || return 1
  containers_say "ready: $ONCEMQ_IMAGE_KAFKA, $ONCEMQ_IMAGE_RABBITMQ, $ONCEMQ_IMAGE_REDIS"
}

containers_down() {
  local pid i
  [ -n "$containers_started" ] || return 0
  pid=$(cat "$containers_folder/dockerd.pid" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null
  for ((i = 0; i < 60; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.5
  done
  kill -9 "$pid" 2>/dev/null
}
