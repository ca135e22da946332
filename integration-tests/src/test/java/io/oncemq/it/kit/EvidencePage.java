package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The text of docs/evidence.md: which tests show which promise, from the kit and from evidence.txt. */
final class EvidencePage {
    private static final Pattern PROMISE = Pattern.compile("(?m)^### (G\\d+) (.*)$");
    private static final int WIDTH = 120;
    private static final String HEAD = """
            # Evidence: promise by promise, the tests that show it

            Generated from [guarantees.md](guarantees.md), the compatibility kit and
            [evidence.txt](../integration-tests/src/test/resources/evidence.txt); do not edit it by hand. `GuaranteesTest` fails
            when it is out of date, and writes it again with `-Doncemq.docs.write=true`.

            A class without the ending `Test` or `IT` belongs to the kit. The kit runs on Kafka (both group protocols), RabbitMQ,
            RocketMQ, Artemis, Classic and in memory (`KafkaTransportKitIT`, `RabbitTransportKitIT` and so on). Each of these classes
            lists the tests that its broker skips; any other skipped test fails. `IdempotencyStoreKit`, `StoreEnduranceKit` and
            `DataLossKit` run on Redis as one server, with Sentinel and as a cluster.
            """;

    private EvidencePage() {}

    static String text(Path root) {
        StringBuilder page = new StringBuilder(HEAD).append("\n## Promises\n");
        Map<String, Set<String>> tests = tests(root);
        promises(root).forEach((number, title) -> {
            page.append("\n### ").append(number).append(' ').append(title).append("\n\n");
            list(page, tests.get(number));
        });
        page.append(
                "\n## Traps\n\nKnown traps of brokers, clients and stores. Test names and comments use their short names.\n");
        traps(root).forEach((trap, text) -> {
            page.append("\n### ").append(trap).append("\n\n");
            wrap(page, List.of(text.split(" ")));
            page.append('\n');
            list(page, tests.get(trap));
        });
        return page.toString();
    }

    /** The promises' numbers and titles, as guarantees.md has them. */
    static Map<String, String> promises(Path root) {
        Map<String, String> promises = new LinkedHashMap<>();
        PROMISE.matcher(read(root.resolve("docs/guarantees.md")))
                .results()
                .forEach(promise -> promises.put(promise.group(1), promise.group(2)));
        return promises;
    }

    /** The tests, as {@code Class.method}, of each promise and trap. */
    static Map<String, Set<String>> tests(Path root) {
        Map<String, Set<String>> tests = new LinkedHashMap<>();
        String section = "";
        for (String line : lines(root)) {
            if (line.startsWith("# ")) {
                section = line.split(" ")[1];
                if (tests.put(section, new TreeSet<>()) != null) {
                    throw new AssertionError(section + " stands twice in evidence.txt");
                }
            } else {
                tests.get(section).add(line);
            }
        }
        kit().forEach((promise, names) ->
                tests.computeIfAbsent(promise, number -> new TreeSet<>()).addAll(names));
        return tests;
    }

    private static Map<String, String> traps(Path root) {
        Map<String, String> traps = new LinkedHashMap<>();
        for (String line : lines(root)) {
            String[] words = line.split(" ", 3);
            if (words.length == 3) {
                traps.put(words[1], words[2]);
            }
        }
        return traps;
    }

    private static List<String> lines(Path root) {
        return read(root.resolve("integration-tests/src/test/resources/evidence.txt"))
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("//"))
                .toList();
    }

    private static Map<String, Set<String>> kit() {
        Map<String, Set<String>> kit = new TreeMap<>();
        for (Class<?> nested : TransportKit.class.getDeclaredClasses()) {
            String promise = nested.getAnnotation(DisplayName.class).value().split(" ")[0];
            Class<?> scenario = nested.getSuperclass();
            kit.computeIfAbsent(promise, number -> new TreeSet<>())
                    .addAll(Stream.of(scenario.getDeclaredMethods())
                            .filter(method -> method.isAnnotationPresent(Test.class))
                            .map(method -> scenario.getSimpleName() + "." + method.getName())
                            .toList());
        }
        return kit;
    }

    private static void list(StringBuilder page, Set<String> tests) {
        Map<String, List<String>> methods = tests.stream()
                .map(test -> test.split("\\."))
                .collect(Collectors.groupingBy(
                        test -> test[0], TreeMap::new, Collectors.mapping(test -> test[1], Collectors.toList())));
        methods.forEach((type, names) -> {
            List<String> words = new ArrayList<>(List.of("- `" + type + "`:"));
            names.forEach(name -> words.add("`" + name + "`,"));
            words.set(words.size() - 1, words.get(words.size() - 1).replace(",", ""));
            wrap(page, words);
        });
    }

    private static void wrap(StringBuilder page, List<String> words) {
        int column = 0;
        for (String word : words) {
            if (column > 0 && column + word.length() > WIDTH) {
                page.append("\n  ");
                column = 2;
            } else if (column > 0) {
                page.append(' ');
                column++;
            }
            page.append(word);
            column += word.length();
        }
        page.append('\n');
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
