package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.support.SameCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Whether all bootstrap addresses lead to one cluster: the client takes the cluster of whichever answers first, so that with two the publishers
 * of a destination may use one, and its consumers the other.
 */
final class Bootstrap {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Bootstrap() {}

    /**
     * Asks each address that is not a known broker of the connected cluster for its own cluster. An address that does not answer within 3 seconds
     * is not judged. Blocks for 12 seconds at most.
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
        SameCluster.check(
                "bootstrap.servers",
                addresses,
                PATIENCE,
                address -> brokers.contains(address) ? own : ask(settings.withServers(address), clientId));
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
