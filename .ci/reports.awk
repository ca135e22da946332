# Reads Surefire and Failsafe XML reports; prints one line per test: passed|failed|skipped, its name, and why it was skipped,
# separated by tabs. Output that a test printed sits in CDATA and may look like anything, so CDATA goes first.

function without_cdata(line,   text, at) {
  text = ""
  while (line != "") {
    if (in_cdata) {
      at = index(line, "]]>")
      if (at == 0) return text
      line = substr(line, at + 3)
      in_cdata = 0
    } else {
      at = index(line, "<![CDATA[")
      if (at == 0) return text line
      text = text substr(line, 1, at - 1)
      line = substr(line, at + 9)
      in_cdata = 1
    }
  }
  return text
}

function attribute(text, name) {
  if (!match(text, "[ \t]" name "=\"[^\"]*\"")) return ""
  text = substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&#10;|&#9;|&#13;/, " ", text)
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

FNR == 1 { in_cdata = 0; in_test = 0 }

{
  text = without_cdata($0)
  if (match(text, /<testcase[ \t]/)) {
    tag = substr(text, RSTART)
    simple = attribute(tag, "classname")
    sub(/^.*\./, "", simple)
    test = attribute(tag, "name")
    name = test == "" ? simple : simple "." test
    outcome = "passed"
    reason = ""
    in_test = 1
    if (tag ~ /^<testcase[^>]*\/>/) {
      print outcome "\t" name "\t" reason
      in_test = 0
    }
  }
  if (in_test && text ~ /<(failure|error)[ \t>\/]/) outcome = "failed"
  if (in_test && match(text, /<skipped[ \t>\/]/)) {
    outcome = "skipped"
    reason = attribute(substr(text, RSTART), "message")
    if (reason == "" && match($0, /<!\[CDATA\[[A-Za-z0-9_.]*: /)) reason = substr($0, RSTART + RLENGTH) # an assumption: its first line
  }
  if (in_test && text ~ /<\/testcase>/) {
    print outcome "\t" name "\t" reason
    in_test = 0
  }
}
