package io.oncemq.testkit.fault;

/** How many bytes all connections together may still forward one way, and how a connection ends that has more. Thread-safe. */
final class Budget {
    private long left = Long.MAX_VALUE;
    private boolean inOrder;

    /** @param endsInOrder whether the connection that has more ends with FIN; else with RST */
    synchronized void set(long bytes, boolean endsInOrder) {
        left = bytes;
        inOrder = endsInOrder;
    }

    synchronized void lift() {
        left = Long.MAX_VALUE;
    }

    /** Takes up to {@code wanted} bytes. */
    synchronized int take(int wanted) {
        if (left == Long.MAX_VALUE) {
            return wanted;
        }
        int granted = (int) Math.min(wanted, left);
        left -= granted;
        return granted;
    }

    synchronized boolean endsInOrder() {
        return inOrder;
    }
}
