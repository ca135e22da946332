package io.oncemq.torture;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link Options} from arguments: {@code --option value} or {@code --option=value}. */
final class CommandLine {
    private static final Set<String> KNOWN = Set.of("--broker", "--minutes", "--seed", "--nemesis");
    private static final BigDecimal MOST_MINUTES = BigDecimal.valueOf(24 * 60);
    private static final int SECONDS_A_MINUTE = 60;

    private final Map<String, String> values = new HashMap<>();

    private CommandLine() {}

    static boolean asksForHelp(String... arguments) {
        return List.of(arguments).contains("--help");
    }

    /** @throws UsageException if an option is unknown, lacks its value, or has a wrong one */
    static Options parse(String... arguments) {
        CommandLine line = new CommandLine();
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            line.option(rest.next(), rest);
        }
        return new Options(
                broker(line.required("--broker")),
                time(line.values.getOrDefault("--minutes", "1")),
                seed(line.values.getOrDefault("--seed", "1")),
                line.values.containsKey("--nemesis") ? nemeses(line.values.get("--nemesis")) : List.of());
    }

    private void option(String argument, Iterator<String> rest) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (!KNOWN.contains(name)) {
            throw new UsageException((name.startsWith("-") ? "unknown option " : "unexpected argument ") + name);
        }
        String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
        if (value.isBlank() || equals < 0 && value.startsWith("--")) {
            throw new UsageException(name + " needs a value");
        }
        if (values.put(name, value) != null) {
            throw new UsageException(name + " is given twice");
        }
    }

    private String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new UsageException(name + " is missing: give one of " + String.join(", ", BrokerKind.options()));
        }
        return value;
    }

    private static BrokerKind broker(String value) {
        return BrokerKind.of(value)
                .orElseThrow(() -> new UsageException("--broker " + value + ": unknown broker; there are "
                        + String.join(", ", BrokerKind.options())));
    }

    private static Duration time(String value) {
        try {
            BigDecimal minutes = new BigDecimal(value);
            if (minutes.signum() > 0 && minutes.compareTo(MOST_MINUTES) <= 0) {
                return Duration.ofSeconds(Math.max(
                        1,
                        minutes.multiply(BigDecimal.valueOf(SECONDS_A_MINUTE)).longValue()));
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        throw new UsageException("--minutes " + value + ": give a number above 0 and up to " + MOST_MINUTES);
    }

    private static long seed(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UsageException("--seed " + value + ": give a whole number");
        }
    }

    private static List<String> nemeses(String value) {
        List<String> names = Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            throw new UsageException("--nemesis needs a value");
        }
        return names;
    }
}
