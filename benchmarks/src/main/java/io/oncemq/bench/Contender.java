package io.oncemq.bench;

/**
 * One side of a comparison.
 *
 * @param messages how many one run handles
 * @param preparation done before each run and not counted
 */
record Contender(String name, int messages, Preparation preparation, Trial trial) {
    Contender(String name, int messages, Trial trial) {
        this(name, messages, () -> {}, trial);
    }

    /** What a run needs. */
    @FunctionalInterface
    interface Preparation {
        void run() throws Exception;
    }

    /** One run, warm-up or counted. */
    @FunctionalInterface
    interface Trial {
        /**
         * @return messages per second
         */
        double run() throws Exception;
    }
}
