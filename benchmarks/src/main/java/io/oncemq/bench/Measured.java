package io.oncemq.bench;

/**
 * What one side needed and reached in its counted runs.
 *
 * @param rate messages per second
 * @param cpu microseconds of this JVM's processor time per message: connecting, compiling and collecting included, the
 *     servers not
 */
record Measured(Series rate, Series cpu) {
    String name() {
        return rate.name();
    }
}
