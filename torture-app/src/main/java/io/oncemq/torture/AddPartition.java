package io.oncemq.torture;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;

/** The topic gets one more partition. Keyed sends are held until it is accepted, which is done when the consumers have caught up. */
record AddPartition() implements Nemesis {
    private static final Duration CATCH_UP = Duration.ofSeconds(60);
    private static final long ANSWER_SECONDS = 20;

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
        return broker == BrokerKind.KAFKA
                ? Optional.empty()
                : Optional.of("only on Kafka are partitions added to a destination that is in use");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        int[] count = new int[1];
        return new Attack(
                Terms.DESTINATION, Spans.between(random, 1_000, 5_000), () -> count[0] = addOne(arena), () -> {
                    // What is open is held, and ends as not attempted: then nothing is under way any more.
                    arena.stop().await(CATCH_UP, arena::isAllHandled);
                    arena.producer().acceptPartitions(count[0]);
                });
    }

    private static int addOne(Arena arena) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arena.bed().address()))) {
            int more = partitions(admin) + 1;
            arena.log().shardsChange(more);
            admin.createPartitions(Map.of(Terms.DESTINATION, NewPartitions.increaseTo(more)))
                    .all()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return more;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no partition could be added", e);
        }
    }

    /** How many there are. */
    static int partitions(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        return admin
                .describeTopics(List.of(Terms.DESTINATION))
                .allTopicNames()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .values()
                .stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
    }
}
