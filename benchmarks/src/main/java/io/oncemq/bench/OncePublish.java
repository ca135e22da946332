package io.oncemq.bench;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import java.time.Duration;

/** OnceMQ's publisher with its default bounds. */
final class OncePublish {
    /** What one key has half of goes message by message where a broker may store only some of several. */
    private static final PublisherOptions PATIENT =
            PublisherOptions.builder().deadline(Duration.ofMinutes(10)).build();

    private final OnceClients clients;

    OncePublish(OnceClients clients) {
        this.clients = clients;
    }

    /**
     * Publishes a workload; messages per second from the second call to the last completed future. The first
     * message connects.
     */
    double run(String topic, Workload workload, long run) throws InterruptedException {
        try (MessagingClient client = clients.forPublishing();
                Publisher<byte[]> publisher = client.publisher(topic, Codecs.bytes(), PATIENT)) {
            int timed = workload.messages() - 1;
            Countdown confirmed = new Countdown(timed);
            byte[] body = Workload.body();
            publisher.publish(message(workload, run, 0, body)).join();
            long start = System.nanoTime();
            for (int i = 1; i <= timed; i++) {
                publisher
                        .publish(message(workload, run, i, body))
                        .whenComplete((receipt, error) -> confirmed.outcome(error));
            }
            confirmed.await();
            return Rate.of(timed, System.nanoTime() - start);
        }
    }

    private static OutboundMessage<byte[]> message(Workload workload, long run, int message, byte[] body) {
        return OutboundMessage.of(body).id(Workload.id(run, message)).key(workload.key(message));
    }
}
