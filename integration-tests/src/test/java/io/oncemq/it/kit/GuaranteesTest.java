package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.transport.TransportKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/guarantees.md and the tests that it names say the same; those that docs/verification.md names exist, too. */
class GuaranteesTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");
    private static final Pattern PROMISE = Pattern.compile("(?m)^### (G\\d+ .*)$");
    private static final Pattern TAG = Pattern.compile("\\b([PKQMADOS]\\d{1,2})\\b");

    private final Path root = root();
    private final String page = read(root.resolve("docs/guarantees.md"));

    @Test
    void namesTestsThatExist() {
        Map<String, String> sources = sources();
        String verification = read(root.resolve("docs/verification.md"));
        assertThat(TEST.matcher(verification).results()).isNotEmpty();
        assertThat(TEST.matcher(page + verification).results())
                .isNotEmpty()
                .allSatisfy(test -> assertThat(sources.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .contains("void " + test.group(2) + "("));
    }

    @Test
    void namesEveryTestOfTheKit() {
        Set<String> named = TEST.matcher(page)
                .results()
                .map(test -> test.group(1) + "." + test.group(2))
                .collect(Collectors.toSet());
        Set<String> kit = Stream.of(TransportKit.class.getDeclaredClasses())
                .map(Class::getSuperclass)
                .flatMap(scenario -> Stream.of(scenario.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).containsAll(kit);
    }

    @Test
    void callsEachPromiseAsTheKitDoes() {
        List<String> promises = groups(PROMISE);
        assertThat(Stream.of(TransportKit.class.getDeclaredClasses())
                        .map(type -> type.getAnnotation(DisplayName.class).value()))
                .isSubsetOf(promises);
    }

    @Test
    void numbersItsPromisesInOrderWithoutARepetition() {
        List<String> numbers = groups(PROMISE).stream()
                .map(promise -> promise.substring(0, promise.indexOf(' ')))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size())
                        .mapToObj(number -> "G" + number)
                        .toList());
    }

    @Test
    void definesEveryTagThatItUsesOnce() {
        String table = page.substring(page.indexOf("## Tags"), page.indexOf("## Open"));
        List<String> defined = Pattern.compile("(?m)^\\| ([PKQMADOS]\\d{1,2}) \\|")
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(defined).doesNotHaveDuplicates();
        assertThat(groups(TAG)).hasSameElementsAs(defined);
    }

    private List<String> groups(Pattern pattern) {
        return pattern.matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
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
