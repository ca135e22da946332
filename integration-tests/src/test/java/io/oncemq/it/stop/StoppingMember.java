package io.oncemq.it.stop;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * An application in plain Java, in a JVM of its own. It handles one message, writes the file {@code ready}, waits for the file {@code go},
 * publishes a few more messages, closes its client, and returns from its main method.
 */
final class StoppingMember {
    static final String HANG = "hang";
    static final String CLOSED = "closed, open futures: ";
    private static final int PUBLISHED_LAST = 5;

    private StoppingMember() {}

    /** Arguments: the broker, its address, user, password, the store's address, the deadline, the folder, the body of the first message. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[6]);
        MessagingClient client = MessagingClient.builder()
                .transport(transport(args[0], args[1], args[2], args[3]))
                .idempotency(args[4])
                .clusterName("stopping")
                .profile(Profile.DEV)
                .build();
        client.ensure(
                DestinationSpec.builder("orders").partitions(2).group("billing").build());
        Publisher<String> publisher = client.publisher("orders", Codecs.string());
        CountDownLatch handling = new CountDownLatch(1);
        client.subscription("orders", Codecs.string())
                .group("billing")
                .handler(delivery -> {
                    handling.countDown();
                    while (HANG.equals(delivery.body())) {
                        LockSupport.park();
                        Thread.interrupted();
                    }
                })
                .start();
        publisher.publish(OutboundMessage.of(args[7]).key("a")).join();
        handling.await();
        Files.createFile(folder.resolve("ready"));
        while (!Files.exists(folder.resolve("go"))) {
            LockSupport.parkNanos(5_000_000);
        }
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        for (int i = 0; i < PUBLISHED_LAST; i++) {
            outcomes.add(publisher.publish(OutboundMessage.of("last").key("b")));
        }
        client.close(Duration.parse(args[5]));
        System.err.println(
                CLOSED + outcomes.stream().filter(each -> !each.isDone()).count());
        System.err.println("threads that keep the process: "
                + Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                        .map(Thread::getName)
                        .toList());
        if (args[0].equals("rocket")) {
            System.exit(0); // RocketMQ's client has threads that keep the process while its servers do not answer
        }
    }

    private static TransportFactory transport(String broker, String at, String user, String password) {
        return switch (broker) {
            case "kafka" -> Kafka.at(at);
            case "rabbit" -> Rabbit.at(at).login(user, password);
            case "rocket" -> Rocket.at(at);
            case "artemis" -> Artemis.at(at);
            default -> ActiveMq.at(at);
        };
    }
}
