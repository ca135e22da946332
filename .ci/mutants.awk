# Reads .ci/mutants-accepted, then the reports of PIT, before each of them module=<its module>. See .ci/mutants.

FILENAME == ".ci/mutants-accepted" {
  if ($0 ~ /^#/ || $0 == "") next
  if (!match($0, / -- (equivalent|harmless)/)) { print "survived: a line of .ci/mutants-accepted without a reason: " $0; fresh++; next }
  name = substr($0, 1, RSTART - 1)
  accepted[name]++
  next
}
{
  split($0, part, ",")
  total++
  if (part[6] == "KILLED" || part[6] == "TIMED_OUT" || part[6] == "MEMORY_ERROR" || part[6] == "NON_VIABLE") { noticed++; next }
  kind = part[3]
  sub(/^.*\./, "", kind)
  sub(/Mutator$/, "", kind)
  name = part[2] "." part[4] " | " kind " | " line(part[1], part[2], part[5])
  if (part[6] != "SURVIVED" && part[6] != "NO_COVERAGE") name = name " | " part[6]
  if (accepted[name] > 0) {
    accepted[name]--
    argued++
  } else {
    print "survived: " name
    fresh++
  }
}
END {
  if (total == 0) { print "failed: mutants of " what ": the reports are empty"; exit 1 }
  printf "mutants of %s: %d, %d noticed, %d accepted, %d new\n", what, total, noticed, argued, fresh
  exit fresh > 0
}

# line FILE CLASS NUMBER: its text.
function line(file, class, number,    path, at, text) {
  path = class
  sub(/\.[^.]*$/, "", path)
  gsub(/\./, "/", path)
  path = module "/src/main/java/" path "/" file
  for (at = 1; at <= number && (getline text < path) > 0; at++) if (at == number) found = text
  close(path)
  gsub(/^[ \t]+|[ \t\r]+$/, "", found)
  return found
}
