package io.oncemq.it.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.it.kit.RawRabbit;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** One server for the tests of this package; the test kit ends it with the JVM. */
public final class SharedRabbit {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final RawRabbit RAW = new RawRabbit(() -> server().uri());

    private static final class Holder {
        static final RabbitServer SERVER = RabbitServer.started();
    }

    private SharedRabbit() {}

    public static RabbitServer server() {
        return Holder.SERVER;
    }

    public static RawRabbit raw() {
        return RAW;
    }

    public static Rabbit rabbit() {
        return at(server().port());
    }

    /** Through whatever stands before the server. A JVM that stands still for a while must not lose its connections. */
    static Rabbit at(int port) {
        return Rabbit.at("127.0.0.1:" + port)
                .login(server().user(), server().password())
                .heartbeat(Duration.ofSeconds(10));
    }

    /** A new destination with a group {@code g}, whose queues outlive a kill. */
    static String destination(int shards) {
        String name = name();
        RAW.layout(name, shards, "g");
        server().settle();
        return name;
    }

    /** The same with one shard, by the adapter itself, with the dead letters of {@code g} and a group of that name to keep them. */
    public static String ensured() {
        String name = name();
        try (BrokerTransport transport = rabbit().open("ensure")) {
            transport.ensure(DestinationSpec.builder(DestinationSpec.deadLetterName(name, "g"))
                    .group("g")
                    .build());
            transport.ensure(DestinationSpec.builder(name).group("g").build());
        }
        server().settle();
        return name;
    }

    private static String name() {
        return "it-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }

    public static String queue(String destination, int shard) {
        return destination + ".g." + shard;
    }

    static SourceSpec spec(String destination) {
        return spec(destination, LostPositions.STOP, Duration.ofSeconds(1));
    }

    static SourceSpec spec(String destination, LostPositions onLost, Duration handlerTimeout) {
        return SourceSpec.builder(destination, "g")
                .onLost(onLost)
                .handlerTimeout(handlerTimeout)
                .drainDeadline(Duration.ofSeconds(1))
                .build();
    }

    static List<byte[]> numbers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> Integer.toString(n).getBytes(UTF_8))
                .toList();
    }

    static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
