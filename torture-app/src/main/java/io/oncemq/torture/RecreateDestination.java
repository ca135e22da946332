package io.oncemq.torture;

import io.oncemq.DestinationSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** The topic is deleted when all of it was handled, and created anew: its offsets begin again. */
record RecreateDestination() implements Nemesis {
    private static final Duration CATCH_UP = Duration.ofSeconds(60);
    private static final long ANSWER_SECONDS = 20;

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
        return broker == BrokerKind.KAFKA
                ? Optional.empty()
                : Optional.of("only Kafka gives a topic that was made anew an identity of its own");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        return new Attack(
                Terms.DESTINATION,
                Duration.ZERO,
                () -> recreate(arena),
                () -> arena.producer().resume());
    }

    private static void recreate(Arena arena) {
        arena.producer().pause();
        boolean quiet = arena.stop().await(CATCH_UP, () -> arena.producer().isQuiet() && arena.isAllHandled());
        if (!quiet) {
            return;
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arena.bed().address()))) {
            int partitions = AddPartition.partitions(admin);
            arena.log().destinationIsRecreated();
            admin.deleteTopics(List.of(Terms.DESTINATION)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            arena.transport()
                    .ensure(DestinationSpec.of(Terms.DESTINATION)
                            .partitions(partitions)
                            .group(Terms.GROUP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topic could not be made anew", e);
        }
    }
}
