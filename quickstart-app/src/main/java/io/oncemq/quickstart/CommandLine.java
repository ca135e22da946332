package io.oncemq.quickstart;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Reads {@link Options} from arguments: {@code --option value} or {@code --option=value}. */
final class CommandLine {
    private static final int MOST_MESSAGES = 2_000_000;
    private static final Set<String> FLAGS = Set.of("--no-faults");
    private static final Set<String> VALUED = Set.of("--messages", "--input", "--id", "--key", "--broker");

    private final Set<String> seen = new HashSet<>();
    private Options options = Options.defaults();

    private CommandLine() {}

    static boolean asksForHelp(String... arguments) {
        return List.of(arguments).contains("--help");
    }

    /** @throws UsageException if an option is unknown, lacks its value, has a wrong one or contradicts another */
    static Options parse(String... arguments) {
        CommandLine line = new CommandLine();
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            line.option(rest.next(), rest);
        }
        return line.checked();
    }

    private void option(String argument, Iterator<String> rest) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (!FLAGS.contains(name) && !VALUED.contains(name)) {
            throw new UsageException((name.startsWith("-") ? "unknown option " : "unexpected argument ") + name);
        }
        if (!seen.add(name)) {
            throw new UsageException(name + " is given twice");
        }
        if (FLAGS.contains(name)) {
            if (equals >= 0) {
                throw new UsageException(name + " takes no value");
            }
            options = options.withoutFaults();
            return;
        }
        String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
        if (value.isBlank() || equals < 0 && value.startsWith("--")) {
            throw new UsageException(name + " needs a value");
        }
        options = with(name, value);
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--messages" -> options.messages(count(value));
            case "--input" -> options.input(file(value));
            case "--id" -> options.idField(value);
            case "--key" -> options.keyField(value);
            default -> options.broker(broker(value));
        };
    }

    private Options checked() {
        if (seen.contains("--input") && seen.contains("--messages")) {
            throw new UsageException("--messages generates messages and --input reads them: give one of the two");
        }
        for (String name : List.of("--id", "--key")) {
            if (seen.contains(name) && !seen.contains("--input")) {
                throw new UsageException(name + " names a field of an input line: it needs --input");
            }
        }
        return options;
    }

    private static int count(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 1 && count <= MOST_MESSAGES) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        throw new UsageException("--messages " + value + ": give a whole number from 1 to " + MOST_MESSAGES);
    }

    private static Path file(String value) {
        try {
            Path path = Path.of(value);
            if (Files.isRegularFile(path) && Files.isReadable(path)) {
                return path;
            }
            String problem = !Files.exists(path)
                    ? "there is no such file"
                    : Files.isDirectory(path) ? "this is a folder" : "the file cannot be read";
            throw new UsageException("--input " + value + ": " + problem);
        } catch (InvalidPathException e) {
            throw new UsageException("--input " + value + ": not the name of a file");
        }
    }

    private static BrokerKind broker(String value) {
        String known = String.join(", ", BrokerKind.options());
        return BrokerKind.of(value)
                .orElseThrow(() ->
                        new UsageException("--broker " + value + ": unknown broker; this version runs on " + known));
    }
}
