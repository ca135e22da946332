package io.oncemq.core.consume;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;

/** Messages without an engine, for tests of what keeps them in order. */
final class Works {
    private Works() {}

    @SuppressWarnings("NullAway")
    static Work waiting(long tag) {
        InboundMessage message = InboundMessage.builder(tag, tag).build();
        return new Work(null, message, null, new Identity("m" + tag, "scope", 0, null), new Owner(1, tag), 0);
    }

    /** One that needs a claim; all such have the key "k". */
    @SuppressWarnings("NullAway") // No engine: nothing comes back from a worker.
    static Work unclaimed(long tag, ShardState shard) {
        InboundMessage message = InboundMessage.builder(tag, tag).key("k").build();
        Identity identity = new Identity("m" + tag, "scope", 0, new RecordId(tag, tag, 0));
        return new Work(null, message, shard, identity, new Owner(1, tag), 0);
    }

    static Work ready(long tag) {
        Work work = waiting(tag);
        work.move(WorkEvent.NO_CLAIM_NEEDED);
        return work;
    }
}
