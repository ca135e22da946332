package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The workflows call scripts that exist, with options that these know, and get no more rights than they need. */
class WorkflowsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern RUN = Pattern.compile("(?m)^\\s*(?:- )?run:(.*)$");
    private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: (\\S+)");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@(v\\d+|[0-9a-f]{40})");
    private static final Pattern PERMISSION = Pattern.compile("(?m)^\\s+[\\w-]+: (?:write|write-all)\\b");

    @Test
    void everyCommandIsAScriptOfTheCheckoutWithOptionsThatItKnows() {
        Set<String> problems = new TreeSet<>();
        workflows().forEach(file -> commands(file).forEach(command -> check(file, command, problems)));
        assertEquals(Set.of(), problems);
    }

    @Test
    void verifyAndReleaseAreCalled() {
        List<String> scripts = workflows()
                .flatMap(WorkflowsTest::commands)
                .map(command -> command.split(" ", -1)[0])
                .toList();
        assertTrue(scripts.containsAll(List.of("./verify", "./release")), scripts::toString);
    }

    @Test
    void theBuildRunsOnEveryJdkThatIsSupported() {
        assertTrue(read(ROOT.resolve(".github/workflows/verify.yml")).contains("jdk: [17, 21, 25]"));
    }

    @Test
    void everyActionIsPinned() {
        List<String> actions = workflows()
                .flatMap(file -> USES.matcher(read(file)).results().map(use -> use.group(1)))
                .toList();
        assertFalse(actions.isEmpty());
        assertEquals(
                List.of(),
                actions.stream()
                        .filter(action -> !PINNED.matcher(action).matches())
                        .toList());
    }

    @Test
    void everyWorkflowMayOnlyRead() {
        Set<String> problems = new TreeSet<>();
        workflows().forEach(file -> {
            String text = read(file);
            if (!text.contains("\npermissions:\n  contents: read\n")) {
                problems.add(file.getFileName() + ": no permissions at the top, so it gets the repository's default");
            }
            PERMISSION
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .forEach(permission -> problems.add(file.getFileName() + ":" + permission));
        });
        assertEquals(Set.of(), problems);
    }

    private static void check(Path file, String command, Set<String> problems) {
        String place = file.getFileName() + ": " + command + ": ";
        String[] words = command.split(" ", -1);
        Path script = ROOT.resolve(words[0]).normalize();
        if (!words[0].startsWith("./") && !words[0].startsWith(".ci/")) {
            problems.add(place + "not a script of the checkout");
            return;
        }
        if (!Files.isExecutable(script)) {
            problems.add(place + "there is no such script");
            return;
        }
        if (command.contains("${{ inputs")) {
            problems.add(place + "an input becomes part of the command; hand it over by env");
        }
        Stream.of(words)
                .filter(word -> word.startsWith("--") && !read(script).contains("    " + word + ")"))
                .forEach(word -> problems.add(place + "the script does not know " + word));
    }

    private static Stream<String> commands(Path workflow) {
        return RUN.matcher(read(workflow)).results().map(run -> run.group(1).strip());
    }

    private static Stream<Path> workflows() {
        try (Stream<Path> files = Files.list(ROOT.resolve(".github/workflows"))) {
            List<Path> all = files.sorted().toList();
            assertFalse(all.isEmpty());
            return all.stream();
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
