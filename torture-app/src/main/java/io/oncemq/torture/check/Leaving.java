package io.oncemq.torture.check;

/** A shard that leaves a process, in order or because it is lost. Written by {@link Incarnation} only. */
final class Leaving {
    final Place place;
    final long from;
    final boolean lost;
    /** When it had been given back. */
    long to = Long.MAX_VALUE;

    Leaving(Place place, long from, boolean lost) {
        this.place = place;
        this.from = from;
        this.lost = lost;
    }

    /**
     * Whether a claim that came with the shard may have been left to lapse for this. In order, that is so only if its message was not brought to
     * its end in time: DONE had not been asked for, and the shard's leaving took longer than a moment, or the process has ended meanwhile.
     */
    boolean letsGo(Grant grant, boolean dead, long now, long moment) {
        return lost || grant.doneAskedAt > from && (dead || to > now || to - from >= moment);
    }
}
