package io.oncemq.torture;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;

/** The topic of a run on Kafka, as an administrator changes it. */
final class KafkaTopic implements AutoCloseable {
    /** In which what was published is handled, when nothing else is wrong. */
    private static final Duration CATCH_UP = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(250);
    private static final long ANSWER_SECONDS = 120;

    private final Admin admin;

    KafkaTopic(Arena arena) {
        admin = Admin.create(Map.of("bootstrap.servers", arena.bed().address(), "default.api.timeout.ms", (int)
                Duration.ofSeconds(ANSWER_SECONDS).toMillis()));
    }

    /** What stands in the way of this on a broker. */
    static Optional<String> obstacle(BrokerKind broker, String reason) {
        return broker == BrokerKind.KAFKA ? Optional.empty() : Optional.of(reason);
    }

    /** Waits until all that was published has its outcome and is handled, for which the producer must be paused. Whether it came to that. */
    static boolean awaitCaughtUp(Arena arena) {
        return arena.stop().await(CATCH_UP, POLL, () -> arena.producer().isQuiet() && arena.isAllHandled());
    }

    int partitions() {
        return ask(() -> admin
                .describeTopics(List.of(Terms.DESTINATION))
                .allTopicNames()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .values()
                .stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum());
    }

    void grow(int to) {
        ask(() -> admin.createPartitions(Map.of(Terms.DESTINATION, NewPartitions.increaseTo(to)))
                .all()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }

    void delete() {
        ask(() -> admin.deleteTopics(List.of(Terms.DESTINATION)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }

    /** A question to the broker. */
    private interface Question<T> {
        T ask() throws InterruptedException, ExecutionException, TimeoutException;
    }

    private static <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka does not do what the topic needs", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
