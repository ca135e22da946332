package io.oncemq.torture;

import io.oncemq.DestinationSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The topic is deleted when all of it was handled, and created anew: its offsets begin again. */
record RecreateDestination() implements Nemesis {
    @Override
    public String name() {
        return "recreate-topic";
    }

    @Override
    public Against against() {
        return Against.DESTINATION;
    }

    @Override
    public Optional<String> obstacle(BrokerKind broker) {
        return KafkaTopic.obstacle(broker, "only Kafka gives a recreated topic an identity of its own");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        return new Attack(
                "topic",
                Duration.ZERO,
                () -> recreate(arena),
                () -> arena.producer().resume());
    }

    private static boolean recreate(Arena arena) {
        arena.producer().pause();
        if (!KafkaTopic.awaitCaughtUp(arena)) {
            return false;
        }
        arena.log().caughtUp();
        try (KafkaTopic topic = new KafkaTopic(arena)) {
            int partitions = topic.partitions();
            arena.log().destinationIsRecreated();
            topic.delete();
            arena.transport()
                    .ensure(DestinationSpec.builder(Terms.DESTINATION)
                            .partitions(partitions)
                            .group(Terms.GROUP)
                            .build());
        }
        return true;
    }
}
