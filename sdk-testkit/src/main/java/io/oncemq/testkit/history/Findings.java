package io.oncemq.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check found.
 *
 * @param what the anomaly
 * @param count how many there are
 * @param samples the first of them, at most 20, in words
 */
public record Findings(String what, long count, List<String> samples) {
    private static final int SAMPLES = 20;

    public Findings {
        samples = List.copyOf(samples);
    }

    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public String toString() {
        return count + " " + what + (samples.isEmpty() ? "" : ": " + String.join("; ", samples));
    }

    /** Collects findings; not thread-safe. */
    static final class Collector {
        private final String what;
        private final List<String> samples = new ArrayList<>();
        private long count;

        Collector(String what) {
            this.what = what;
        }

        void add(String text) {
            if (count++ < SAMPLES) {
                samples.add(text);
            }
        }

        Findings done() {
            return new Findings(what, count, samples);
        }
    }
}
