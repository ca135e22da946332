package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.support.SameCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Whether all bootstrap addresses lead to one cluster: the client takes the cluster of whichever answers first, so that with two the publishers
 * of a destination may use one, and its consumers the other.
 */
final class Bootstrap {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Bootstrap() {}

    /**
     * Asks each address for its cluster that is not known as a broker of the connected one. What does not answer within a few seconds is not
     * judged. Blocks for that long at most.
     *
     * @throws ConfigurationException if they lead to different clusters
     * @throws KafkaException if the connected cluster does not answer
     */
    static void check(KafkaSettings settings, String clientId, Topics connected) {
        List<String> addresses = List.of(settings.servers().trim().split("\\s*,\\s*"));
        if (addresses.size() < 2) {
            return;
        }
        String own = connected.cluster(PATIENCE);
        Set<String> brokers = connected.brokers(PATIENCE);
        ExecutorService askers = Executors.newFixedThreadPool(addresses.size(), KafkaTransport::daemon);
        try {
            Map<String, CompletableFuture<String>> asked = new LinkedHashMap<>();
            for (String each : addresses) {
                asked.put(
                        each,
                        brokers.contains(each)
                                ? CompletableFuture.completedFuture(own)
                                : CompletableFuture.supplyAsync(
                                        () -> ask(settings.withServers(each), clientId), askers));
            }
            SameCluster.check("bootstrap.servers", answers(asked));
        } finally {
            askers.shutdownNow();
        }
    }

    private static Map<String, String> answers(Map<String, CompletableFuture<String>> asked) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<String, String> answers = new LinkedHashMap<>();
        asked.forEach((address, answer) -> answers.put(address, within(deadline - System.nanoTime(), answer)));
        return answers;
    }

    private static String within(long nanos, CompletableFuture<String> answer) {
        try {
            return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }

    /** Empty if it cannot be told. */
    private static String ask(KafkaSettings alone, String clientId) {
        if (!alone.hasTls() && !ListenerProbe.answersInTheClear(alone)) {
            return "";
        }
        try (Admin admin = Admin.create(alone.admin(clientId + "-bootstrap"))) {
            return new Topics(admin).cluster(PATIENCE);
        } catch (KafkaException e) {
            return "";
        }
    }
}
