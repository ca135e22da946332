package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the documentation refer to files that exist, and the index of decisions is complete. */
class DocumentationTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#\\s]+)");
    private static final Pattern SYMPTOM = Pattern.compile("(?m)^\\| ([^|]*`[^|]*) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern DECISION = Pattern.compile("(?:docs/decisions/|[Dd]ecisions? \\[?)(\\d{4})\\b");

    @Test
    void everyLinkLeadsToAFile() {
        Set<String> broken = new TreeSet<>();
        for (Path page : pages()) {
            LINK.matcher(read(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !Files.exists(page.getParent().resolve(link)))
                    .forEach(link -> broken.add(ROOT.relativize(page) + ": " + link));
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void everyDecisionThatIsNamedExists() {
        Set<String> decisions = new TreeSet<>();
        decisions().forEach(file -> decisions.add(file.substring(0, 4)));
        assertFalse(decisions.isEmpty());
        Set<String> missing = new TreeSet<>();
        for (Path file : files(ROOT, "(java|md|xml|yml|sh)")) {
            DECISION.matcher(read(file))
                    .results()
                    .map(decision -> decision.group(1))
                    .filter(number -> !decisions.contains(number))
                    .forEach(number -> missing.add(ROOT.relativize(file) + ": " + number));
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void indexNamesEveryDecision() {
        String index = read(DOCS.resolve("decisions/README.md"));
        assertEquals(
                List.of(),
                decisions().filter(file -> !index.contains("](" + file + ")")).toList());
    }

    @Test
    void everyPageIsInTheIndex() {
        String index = read(DOCS.resolve("README.md"));
        assertEquals(
                List.of(),
                files(DOCS, "md").stream()
                        .filter(page -> page.getParent().equals(DOCS))
                        .map(page -> page.getFileName().toString())
                        .filter(page -> !page.equals("README.md") && !index.contains("](" + page + ")"))
                        .toList());
    }

    @Test
    void whatTheRunbookSearchesForStandsInTheCode() {
        StringBuilder code = new StringBuilder();
        files(ROOT, "java").stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .forEach(file -> code.append(read(file)));
        List<String> missing = SYMPTOM.matcher(read(DOCS.resolve("runbook.md")))
                .results()
                .flatMap(row -> QUOTED.matcher(row.group(1)).results())
                .map(quoted -> quoted.group(1))
                .filter(quoted -> code.indexOf(quoted) < 0)
                .toList();
        assertEquals(List.of(), missing);
    }

    private static Stream<String> decisions() {
        return files(DOCS.resolve("decisions"), "md").stream()
                .map(page -> page.getFileName().toString())
                .filter(name -> Character.isDigit(name.charAt(0)));
    }

    private static List<Path> pages() {
        return Stream.concat(
                        files(DOCS, "md").stream(),
                        Stream.of("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md")
                                .map(ROOT::resolve))
                .toList();
    }

    private static List<Path> files(Path folder, String endings) {
        Pattern name = Pattern.compile(".*\\." + endings);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
