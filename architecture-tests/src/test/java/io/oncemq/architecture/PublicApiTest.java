package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is what sdk-api/api.txt says: one line for each public type and member, as the JDK's javap prints it, so that each change is a
 * line in a review. japicmp and revapi compare with a published jar, and there is none before 0.1.0; after it, japicmp can say which changes break
 * a binary, which this record does not.
 */
class PublicApiTest {
    private static final Path MODULE =
            Path.of("..").toAbsolutePath().normalize().resolve("sdk-api");
    private static final Path CLASSES = MODULE.resolve("target/classes");
    private static final Pattern TYPE = Pattern.compile("(?ms)^(public [^\\n]*) \\{\\n(.*?)^\\}");
    private static final Pattern NAME = Pattern.compile("\\b(?:class|interface) ([\\w.$]+)");

    @Test
    void isTheRecordedOne() throws IOException {
        Path record = MODULE.resolve("api.txt");
        Path found = MODULE.resolve("target/api.txt");
        List<String> recorded = Files.exists(record) ? Files.readAllLines(record) : List.of();
        List<String> current = describe();
        assertTrue(current.size() > 100, "sdk-api is not built");
        Files.write(found, current);
        List<String> changes = new ArrayList<>();
        difference(recorded, current).forEach(line -> changes.add("removed: " + line));
        difference(current, recorded).forEach(line -> changes.add("added: " + line));
        assertEquals(
                List.of(),
                changes,
                () -> "The public API is not the recorded one:\n  " + String.join("\n  ", changes)
                        + "\nIf that is meant, accept it: cp sdk-api/target/api.txt sdk-api/api.txt\n");
    }

    private static Set<String> difference(List<String> lines, List<String> others) {
        Set<String> difference = new TreeSet<>(lines);
        others.forEach(difference::remove);
        return difference;
    }

    /** One line per public type and per public or protected member, each member after the name of its type. */
    private static List<String> describe() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-protected", "-constants"));
        try (Stream<Path> files = Files.walk(CLASSES)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.endsWith(File.separator + "package-info.class"))
                    .sorted()
                    .forEach(arguments::add);
        }
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int status = ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertEquals(0, status, text::toString);

        Set<String> visible = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        Matcher types = TYPE.matcher(text.toString().replace("\r\n", "\n"));
        while (types.find()) {
            Matcher name = NAME.matcher(types.group(1));
            assertTrue(name.find(), types.group(1));
            String type = name.group(1);
            visible.add(type);
            lines.add(type + ": " + types.group(1));
            types.group(2)
                    .lines()
                    .map(String::strip)
                    .filter(member -> !member.isEmpty())
                    .forEach(member -> lines.add(type + ": " + member));
        }
        lines.removeIf(line -> isInside(line.substring(0, line.indexOf(':')), visible));
        Collections.sort(lines);
        assertFalse(lines.isEmpty());
        return lines;
    }

    /** Whether the type lies in one that code outside cannot name. */
    private static boolean isInside(String type, Set<String> visible) {
        int dollar = type.lastIndexOf('$');
        if (dollar < 0) {
            return false;
        }
        String outer = type.substring(0, dollar);
        return !visible.contains(outer) || isInside(outer, visible);
    }
}
