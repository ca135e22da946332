package io.oncemq.torture.history;

import java.util.Objects;

/**
 * One thing that happened. Fields that a kind has no use for are empty or 0, and stand in no line. Immutable.
 *
 * @param nanos the machine's monotonic clock ({@link System#nanoTime}), comparable among its processes
 * @param process the name of the incarnation that wrote it
 * @param kind what happened
 * @param id the message id
 * @param key the ordering key
 * @param sequence the message's place among those of its key, as published, from 1
 * @param shard the broker's name of a partition or queue
 * @param epoch of the shard
 * @param tag of a message within shard and epoch
 * @param owner the delivery that a claim belongs to: {@code Owner.delivery()}
 * @param token the fencing token
 * @param number a count or a time, by kind
 * @param text a name, a command, an answer or an outcome, by kind
 */
public record Event(
        long nanos,
        String process,
        Kind kind,
        String id,
        String key,
        long sequence,
        String shard,
        long epoch,
        long tag,
        long owner,
        long token,
        long number,
        String text) {

    public Event {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(shard, "shard");
        Objects.requireNonNull(text, "text");
    }

    static Event of(Kind kind) {
        return new Event(0, "", kind, "", "", 0, "", 0, 0, 0, 0, 0, "");
    }

    /** The same at a time and place. */
    Event at(long atNanos, String inProcess) {
        return new Event(atNanos, inProcess, kind, id, key, sequence, shard, epoch, tag, owner, token, number, text);
    }

    Event message(String itsId, String itsKey, long itsSequence) {
        return new Event(
                nanos, process, kind, itsId, itsKey, itsSequence, shard, epoch, tag, owner, token, number, text);
    }

    Event place(String itsShard, long itsEpoch, long itsTag) {
        return new Event(
                nanos, process, kind, id, key, sequence, itsShard, itsEpoch, itsTag, owner, token, number, text);
    }

    Event claim(long itsOwner, long itsToken) {
        return new Event(nanos, process, kind, id, key, sequence, shard, epoch, tag, itsOwner, itsToken, number, text);
    }

    Event saying(String words, long count) {
        return new Event(nanos, process, kind, id, key, sequence, shard, epoch, tag, owner, token, count, words);
    }

    @Override
    public String toString() {
        return EventLine.write(this);
    }
}
