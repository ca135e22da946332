package io.oncemq.torture;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The topic gets one more partition. Keyed sends are held until it is accepted, which is done when the consumers have caught up, so that no
 * later message overtakes an earlier one.
 */
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
        return Attack.sure(
                "topic",
                Spans.between(random, 1_000, 5_000),
                () -> count[0] = addOne(arena),
                () -> accept(arena, count[0]));
    }

    /** @throws IllegalStateException if the consumers do not catch up: nothing with a key could be published any more */
    private static void accept(Arena arena, int partitions) {
        arena.producer().pause();
        if (!KafkaTopic.awaitCaughtUp(arena)) {
            throw new IllegalStateException(
                    "the consumers have not caught up, so the new partition cannot be accepted");
        }
        arena.producer().acceptPartitions(partitions);
        arena.producer().resume();
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
