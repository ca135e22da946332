# Sourced by commands that build a program of this project when something has changed, and run it.
# shellcheck shell=bash
# They set root, and module, the program's folder below it; and failed_status, where it is not 1.
# shellcheck disable=SC2154
app=$root/$module
class_path_file=$app/target/class-path
. "$root/.ci/toolchain.sh"

# Who only runs a program gets nothing installed; the message of toolchain.sh says how to.
install_on_debian() {
  return 1
}

jars_are_there() {
  local jar
  while IFS= read -r -d : jar; do
    [ -e "$jar" ] || return 1
  done < <(tr '\n' : <"$class_path_file")
  [ -d "$app/target/classes" ]
}

is_built() {
  [ -s "$class_path_file" ] && jars_are_there &&
    [ -z "$(find "$root/pom.xml" "$root"/sdk-*/pom.xml "$root"/sdk-*/src/main "$app/pom.xml" "$app/src/main" \
      -newer "$class_path_file" -print -quit)" ]
}

build() {
  require_toolchain >/dev/null
  printf 'building; the first time, Maven also downloads what is needed\n' >&2
  rm -f "$class_path_file"
  if ! (cd "$root" && mvn -B -ntp -q -Dstyle.color=never -pl "$module" -am -Dmaven.test.skip=true package) >&2; then
    printf '%s: the build failed, see above\n' "${0##*/}" >&2
    exit "${failed_status:-1}"
  fi
}

# The JDK that JAVA_HOME names, as Maven does it, else the one on the PATH.
find_java() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/java}
  java=${java:-java}
  command -v "$java" >/dev/null || toolchain_fail "needs a JDK 17 or newer, and there is no ${JAVA_HOME:+$JAVA_HOME/bin/}java"
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9.]*\).*/\1/p')
  at_least "$version" 17 0 || toolchain_fail "needs a JDK 17 or newer, $java is $version"
}
