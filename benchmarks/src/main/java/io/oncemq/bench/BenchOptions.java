package io.oncemq.bench;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The command line, checked.
 *
 * @param quick fewer messages: shows that everything runs, not how fast it is
 * @param runs counted runs of each side; one more warms up
 * @param virtualThreads also measure the lanes with handlers on virtual threads
 */
record BenchOptions(BrokerName broker, boolean quick, int runs, Set<Part> parts, boolean virtualThreads) {
    static final int FULL_RUNS = 5;
    static final int QUICK_RUNS = 3;
    private static final int MOST_RUNS = 99;
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    BenchOptions {
        parts = Set.copyOf(parts);
    }

    /**
     * @throws UsageException if a word is unknown or a value is missing or out of range
     */
    static BenchOptions parse(List<String> words) {
        Iterator<String> rest = words.iterator();
        BrokerName broker = BrokerName.of(rest.hasNext() ? rest.next() : "");
        boolean quick = false;
        boolean virtualThreads = false;
        int runs = 0;
        Set<Part> parts = EnumSet.allOf(Part.class);
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--quick" -> quick = true;
                case "--virtual-threads" -> virtualThreads = true;
                case "--runs" -> runs = runs(value(word, rest));
                case "--only" -> parts = parts(value(word, rest));
                default -> throw new UsageException("unknown option '" + word + "'");
            }
        }
        int counted = runs > 0 ? runs : quick ? QUICK_RUNS : FULL_RUNS;
        return new BenchOptions(broker, quick, counted, parts, requirePossible(virtualThreads));
    }

    private static boolean requirePossible(boolean virtualThreads) {
        int jdk = Runtime.version().feature();
        if (virtualThreads && jdk < FIRST_WITH_VIRTUAL_THREADS) {
            throw new UsageException("--virtual-threads needs JDK 21 or newer, this is " + jdk);
        }
        return virtualThreads;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static int runs(String value) {
        try {
            int runs = Integer.parseInt(value);
            if (runs >= 1 && runs <= MOST_RUNS) {
                return runs;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as any other value out of range.
        }
        throw new UsageException("--runs takes 1 to " + MOST_RUNS + ", not '" + value + "'");
    }

    private static Set<Part> parts(String value) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : value.split(",", -1)) {
            parts.add(Part.of(word.strip()));
        }
        return parts;
    }
}
