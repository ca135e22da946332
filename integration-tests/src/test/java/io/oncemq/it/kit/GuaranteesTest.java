package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.transport.TransportKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/guarantees.md, docs/evidence.md and the tests say the same; those that docs/verification.md names exist, too. */
class GuaranteesTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");

    private final Path root = root();

    @Test
    void namesTestsThatExist() {
        Map<String, String> sources = sources();
        List<String> tests = new ArrayList<>(TEST.matcher(read(root.resolve("docs/verification.md")))
                .results()
                .map(test -> test.group(1) + "." + test.group(2))
                .toList());
        assertThat(tests).isNotEmpty();
        EvidencePage.tests(root).values().forEach(tests::addAll);
        assertThat(tests).allSatisfy(test -> {
            String[] names = test.split("\\.");
            assertThat(sources.getOrDefault(names[0], "")).as(test).contains("void " + names[1] + "(");
        });
    }

    @Test
    void everyPromiseHasATestAndEveryTestAPromiseOrTrap() {
        Map<String, Set<String>> tests = EvidencePage.tests(root);
        assertThat(tests.values()).noneMatch(Set::isEmpty);
        assertThat(tests.keySet().stream().filter(name -> name.startsWith("G")))
                .containsExactlyInAnyOrderElementsOf(EvidencePage.promises(root).keySet());
    }

    @Test
    void callsEachPromiseAsTheKitDoes() {
        List<String> promises = EvidencePage.promises(root).entrySet().stream()
                .map(promise -> promise.getKey() + " " + promise.getValue())
                .toList();
        assertThat(Stream.of(TransportKit.class.getDeclaredClasses())
                        .map(type -> type.getAnnotation(DisplayName.class).value()))
                .isSubsetOf(promises);
    }

    @Test
    void numbersItsPromisesInOrderWithoutARepetition() {
        List<String> numbers = Pattern.compile("(?m)^### (G\\d+) ")
                .matcher(read(root.resolve("docs/guarantees.md")))
                .results()
                .map(promise -> promise.group(1))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size())
                        .mapToObj(number -> "G" + number)
                        .toList());
    }

    /** Run it with {@code -Doncemq.docs.write=true} to write the page again. */
    @Test
    void evidencePageIsUpToDate() throws IOException {
        Path page = root.resolve("docs/evidence.md");
        if (Boolean.getBoolean("oncemq.docs.write")) {
            Files.writeString(page, EvidencePage.text(root));
        }
        assertThat(read(page)).isEqualTo(EvidencePage.text(root));
    }

    /** Every Java source by its class. */
    private Map<String, String> sources() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            GuaranteesTest::read,
                            String::concat,
                            TreeMap::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("sdk-bom"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
