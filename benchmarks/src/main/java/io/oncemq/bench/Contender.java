package io.oncemq.bench;

/**
 * One side of a comparison.
 *
 * @param messages how many one run handles
 */
record Contender(String name, int messages, Trial trial) {
    /** One run, warm-up or counted. */
    @FunctionalInterface
    interface Trial {
        /**
         * @return messages per second
         */
        double run() throws Exception;
    }
}
