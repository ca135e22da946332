package io.oncemq.torture.check;

/** A time from one instant to another, both on the machine's monotonic clock. */
record Span(long from, long to) {
    boolean overlaps(long itsFrom, long itsTo) {
        return from <= itsTo && to >= itsFrom;
    }
}
