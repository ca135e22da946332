# Prints the full name of each class whose file has a test method that ought to run: not one of an abstract class, nor one that
# is tagged needs-engine, or slow unless excluded=none.

function print_last() {
  if (tests > left_out && !no_class) print package "." class
}

function tagged_out(line) {
  return line ~ /@Tag\("needs-engine"\)/ || excluded != "none" && line ~ /@Tag\("slow"\)/
}

FNR == 1 {
  if (class != "") print_last()
  class = FILENAME
  sub(/^.*\//, "", class)
  sub(/\.java$/, "", class)
  package = ""
  tests = left_out = no_class = inside = 0
}
/^package / { package = $2; sub(/;.*/, "", package) }
!inside && /^[a-z ]*(class|interface|enum|record) / { inside = 1; if ($0 ~ /abstract |interface /) no_class = 1 }
tagged_out($0) { if (inside) left_out++; else no_class = 1 }
/^[ \t]+@(Test|ParameterizedTest|RepeatedTest|TestFactory)([ \t(]|$)/ { tests++ }
END { if (class != "") print_last() }
