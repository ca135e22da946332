package io.oncemq.rocket;

import java.util.OptionalLong;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * What it means that a pull did not go on where it was asked to. The broker's own proposal is never followed unseen: it would skip or repeat
 * silently (M6). Thread-safe; blocks.
 */
final class Examination {
    /** What became of a position. */
    enum Kind {
        /** The broker has it, and everything behind it that it ever will. */
        SOUND,
        /** An operator has set another one for the group. */
        MOVED,
        /** Messages are missing. */
        LOST
    }

    /** @param detail for people */
    record Verdict(Kind kind, String detail) {}

    private final Offsets offsets;
    private final String group;

    Examination(Offsets offsets, String group) {
        this.offsets = offsets;
        this.group = group;
    }

    Verdict of(OwnedQueue owned, Pulls.Answer answer) {
        MessageQueue queue = owned.queue;
        long first = offsets.first(queue);
        long end = offsets.end(queue);
        long asked = answer.asked();
        if (answer.status() == PullStatus.OFFSET_ILLEGAL) {
            OptionalLong stored = offsets.stored(group, queue);
            boolean moved = stored.isPresent()
                    && stored.getAsLong() == answer.next()
                    && stored.getAsLong() != owned.committed()
                    && first <= answer.next()
                    && answer.next() <= end;
            if (moved) {
                return new Verdict(Kind.MOVED, "it was set to " + answer.next());
            }
            return first <= asked && asked <= end
                    ? new Verdict(Kind.SOUND, "")
                    : new Verdict(Kind.LOST, asked + " is not between " + first + " and " + end);
        }
        long from = answer.gapFrom();
        return offsets.isCompacted(queue)
                ? new Verdict(Kind.SOUND, "")
                : new Verdict(Kind.LOST, "messages from " + from + " on are gone; the oldest left is " + first);
    }
}
