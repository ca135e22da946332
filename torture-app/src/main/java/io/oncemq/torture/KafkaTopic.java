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
    static final Duration CATCH_UP = Duration.ofSeconds(60);

    private static final long ANSWER_SECONDS = 20;

    private final Admin admin;

    KafkaTopic(Arena arena) {
        admin = Admin.create(Map.of("bootstrap.servers", arena.bed().address()));
    }

    /** What stands in the way of this on a broker. */
    static Optional<String> obstacle(BrokerKind broker, String reason) {
        return broker == BrokerKind.KAFKA ? Optional.empty() : Optional.of(reason);
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
