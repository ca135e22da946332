package io.oncemq;

import java.time.Duration;

/** Times as brokers count them. */
final class WholeMillis {
    /** Milliseconds that fit into 32 bits, which every broker can count. */
    private static final Duration LONGEST = Duration.ofDays(49);

    private WholeMillis() {}

    /**
     * Rounds up to whole milliseconds.
     *
     * @throws ConfigurationException if it is not positive, or too long
     */
    static Duration of(String property, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new ConfigurationException(property, time, "is not positive", "Use a millisecond or more");
        }
        if (time.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    property,
                    time,
                    "is longer than every broker supports",
                    "Use at most " + LONGEST.toDays() + " days");
        }
        return Duration.ofMillis(time.plusNanos(999_999).toMillis());
    }
}
