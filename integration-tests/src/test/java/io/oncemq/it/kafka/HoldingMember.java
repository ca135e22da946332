package io.oncemq.it.kafka;

import io.oncemq.Codecs;
import io.oncemq.CrashPolicy;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A member in a JVM of its own with one handler, which begins its first message and never ends it, so that it can be killed in the middle of it. */
final class HoldingMember {
    private static final String BEGUN = "begun ";

    private HoldingMember() {}

    static ChildProcess start(
            String store, String destination, String group, CrashPolicy policy, Duration lease, Path folder) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HoldingMember.class.getName(),
                SharedKafka.bootstrap(),
                store,
                destination,
                group,
                policy.name(),
                lease.toString());
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("member.log"));
    }

    static boolean hasBegun(ChildProcess member, String id) {
        try {
            return Files.readAllLines(member.log()).contains(BEGUN + id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        try (MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(Kafka.at(args[0])
                        .consumerProperty("session.timeout.ms", 3_000)
                        .consumerProperty("heartbeat.interval.ms", 500))
                .idempotency(args[1])
                .build()) {
            client.subscription(args[2], Codecs.string())
                    .group(args[3])
                    .concurrency(1)
                    .crashPolicy(CrashPolicy.valueOf(args[4]))
                    .lease(Duration.parse(args[5]))
                    .handler(delivery -> {
                        System.out.println(BEGUN + delivery.id());
                        new CountDownLatch(1).await();
                    })
                    .start()
                    .awaitTermination();
        }
    }
}
