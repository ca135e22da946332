# Prints each class or method under @Tag("<tag>") as Class or Class.method; run with -v tag=slow.

FNR == 1 {
  class = FILENAME
  sub(/^.*\//, "", class)
  sub(/\.java$/, "", class)
  pending = 0
}
$0 ~ "^[ \\t]*@Tag\\(\"" tag "\"\\)" { pending = 1 }
pending && match($0, /(^|[ \t])class[ \t]+[A-Za-z0-9_]+/) {
  word = substr($0, RSTART, RLENGTH)
  sub(/^.*[ \t]/, "", word)
  print word == class ? class : class "." word
  pending = 0
}
pending && match($0, /[A-Za-z0-9_]+\(.*\)[^;]*\{/) && $0 !~ /^[ \t]*@/ {
  word = substr($0, RSTART, RLENGTH)
  sub(/\(.*/, "", word)
  print class "." word
  pending = 0
}
