package io.oncemq.it.rocket;

import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.server.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A member of group {@code g} in a JVM of its own, so that it can be killed or frozen like a whole host. It settles what it gets. */
final class MemberProcess {
    private MemberProcess() {}

    static ChildProcess start(String nameServer, String destination, Duration lockExpiry, Path folder) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MemberProcess.class.getName(),
                nameServer,
                destination,
                lockExpiry.toString());
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("member.log"));
    }

    public static void main(String[] args) throws InterruptedException {
        try (BrokerTransport transport =
                Rocket.at(args[0]).lockExpiry(Duration.parse(args[2])).open("a-member-process")) {
            Received received = Received.settlingAll();
            try (MessageSource source = transport.openSource(RocketRig.source(args[1]), received)) {
                received.of(source);
                source.start();
                new CountDownLatch(1).await();
            }
        }
    }
}
