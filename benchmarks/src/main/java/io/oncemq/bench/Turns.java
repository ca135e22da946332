package io.oncemq.bench;

/**
 * In which order contenders run in each round: over as many rounds as there are contenders, or twice as many if their number is odd, each runs
 * at each place equally often, and directly after each of the others equally often (E. J. Williams, 1949). Immutable.
 */
record Turns(int contenders) {
    /** The numbers of the contenders, the first one of the round first. */
    int[] of(int round) {
        int[] order = new int[contenders];
        boolean reversed = contenders % 2 == 1 && round / contenders % 2 == 1;
        for (int place = 0; place < contenders; place++) {
            int zigzag = place % 2 == 1 ? (place + 1) / 2 : contenders - place / 2;
            order[reversed ? contenders - 1 - place : place] = (zigzag + round) % contenders;
        }
        return order;
    }
}
