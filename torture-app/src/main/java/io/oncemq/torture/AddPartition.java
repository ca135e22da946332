package io.oncemq.torture;

import java.util.Optional;
import java.util.SplittableRandom;

/** The topic gets one more partition. Keyed sends are held until it is accepted, which is done when the consumers have caught up. */
record AddPartition() implements Nemesis {
    @Override
    public String name() {
        return "add-partition";
    }

    @Override
    public Against against() {
        return Against.DESTINATION;
    }

    @Override
    public Optional<String> obstacle(BrokerKind broker) {
        return KafkaTopic.obstacle(broker, "only on Kafka are partitions added to a destination that is in use");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        int[] count = new int[1];
        return new Attack(
                Terms.DESTINATION, Spans.between(random, 1_000, 5_000), () -> count[0] = addOne(arena), () -> {
                    // What is open is held, and ends as not attempted: then nothing is under way any more.
                    arena.stop().await(KafkaTopic.CATCH_UP, arena::isAllHandled);
                    arena.producer().acceptPartitions(count[0]);
                });
    }

    private static int addOne(Arena arena) {
        try (KafkaTopic topic = new KafkaTopic(arena)) {
            int more = topic.partitions() + 1;
            arena.log().shardsChange(more);
            topic.grow(more);
            return more;
        }
    }
}
