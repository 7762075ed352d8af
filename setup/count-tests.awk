# Sums the JUnit reports it is given; prints why tests were skipped, then "N passed, N failed, N skipped".
function attribute(line, name,    rest) {
    if (!match(line, " " name "=\"[^\"]*\"")) return ""
    rest = substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    return rest
}
/<testsuite / {
    # The element's attributes may go over several lines.
    element = $0
    while (element !~ />/ && (getline line) > 0) element = element " " line
    tests += attribute(element, "tests")
    failed += attribute(element, "failures") + attribute(element, "errors")
    skipped += attribute(element, "skipped")
}
/<testcase / { test = attribute($0, "classname") "." attribute($0, "name") }
/<skipped/ { print "skipped: " test ": " attribute($0, "message") }
END { printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped }
