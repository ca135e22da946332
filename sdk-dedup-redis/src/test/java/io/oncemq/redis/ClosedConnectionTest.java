package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Two shards, each on a server of its own, and one connection to each. */
class ClosedConnectionTest {
    private static final String ACQUIRED = "A";
    private static final int REPEATED = 8;
    /** Longer than a thread may stand still, since answers must come before it. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void whatMetAClosedConnectionIsRepeatedOnceAsARepetition() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer left = server(answer -> calls.incrementAndGet() == 2 ? closing() : answer);
                ScriptedServer right = server(answer -> answer);
                TwoServers servers = new TwoServers(left, right)) {
            RedisClaims claims = claims(servers);
            assertThat(kinds(claims)).containsOnly(Kind.ACQUIRED);
            assertThat(kinds(claims)).containsOnly(Kind.ACQUIRED);
            assertThat(flags(left)).containsExactly(false, false, true);
            assertThat(flags(right)).containsExactly(false, false);
            assertThat(servers.doubts).hasValue(0);
        }
    }

    @Test
    void aSecondFailureIsAnOutage() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        UnaryOperator<String> once = answer -> calls.incrementAndGet() > 2 ? closing() : answer;
        try (ScriptedServer left = server(once);
                ScriptedServer right = server(once);
                TwoServers servers = new TwoServers(left, right)) {
            RedisClaims claims = claims(servers);
            assertThat(kinds(claims)).containsOnly(Kind.ACQUIRED);
            assertThatThrownBy(() -> kinds(claims)).isInstanceOf(StoreUnavailableException.class);
            assertThat(flags(left)).containsExactly(false, false, true);
        }
    }

    @Test
    void aServerThatNeverAnswersIsNotAskedTwice() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        UnaryOperator<String> silent = answer -> calls.incrementAndGet() > 2 ? "$9\r\nsh" : answer;
        try (ScriptedServer left = server(silent);
                ScriptedServer right = server(silent);
                TwoServers servers = new TwoServers(left, right, SOON)) {
            RedisClaims claims = claims(servers);
            assertThat(kinds(claims)).containsOnly(Kind.ACQUIRED);
            assertThatThrownBy(() -> kinds(claims)).isInstanceOf(StoreUnavailableException.class);
            assertThat(flags(left)).containsExactly(false, false);
        }
    }

    @Test
    void anAnswerThatCannotBeReadLeavesTheOtherConnectionsFree() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer left = server(answer -> calls.incrementAndGet() == 1 ? answer("?") : answer);
                ScriptedServer right = server(answer -> answer);
                TwoServers servers = new TwoServers(left, right)) {
            RedisClaims claims = claims(servers);
            assertThatThrownBy(() -> kinds(claims)).isInstanceOf(IllegalStateException.class);
            assertThat(kinds(claims)).containsOnly(Kind.ACQUIRED);
        }
    }

    private static String closing() {
        throw new IllegalStateException("closes the connection");
    }

    private static ScriptedServer server(UnaryOperator<String> calls) {
        return new ScriptedServer(words -> switch (words.get(0)) {
            case "HELLO" -> "*2\r\n$5\r\nproto\r\n:2";
            case "EVALSHA" -> calls.apply(answer(ACQUIRED));
            default -> "+OK";
        });
    }

    /** The first token, the marker, no loss. */
    private static String answer(String letters) {
        String text = "\0\0\0\0\0\0\0\7" + "\0\0\0\0\0\0\0\1" + "\0" + letters;
        return "$" + text.length() + "\r\n" + text;
    }

    private static List<Boolean> flags(ScriptedServer server) {
        return server.received("EVALSHA").stream()
                .map(words -> (words.get(4).charAt(ShardCall.HEADER_BYTES) & REPEATED) != 0)
                .toList();
    }

    private static RedisClaims claims(Topology topology) {
        GroupSettings settings = new GroupSettings(Duration.ofSeconds(30), Duration.ofDays(7), 244, false, false);
        RedisOptions.Draft options = RedisUri.draft("redis://localhost");
        options.keyPrefix = "app";
        options.shards = 2;
        GroupLayout unused = new GroupLayout(null, options.checked(), "g", false);
        return new RedisClaims(topology, settings, options.checked(), "g", false, unused, System::nanoTime);
    }

    /** A command of each shard. */
    private static List<Kind> kinds(RedisClaims claims) {
        List<StoreCommand> commands = IntStream.range(0, 2)
                .mapToObj(i -> StoreCommand.of(StoreCommand.Type.CLAIM, new RecordId(i, i, i), new Owner(1, i)))
                .toList();
        return claims.apply(commands).stream().map(StoreAnswer::kind).toList();
    }

    private static final class TwoServers implements Topology {
        private final int firstSlot = JedisClusterCRC16.getSlot(RedisKeys.meta("app", "g", 0));
        private final AtomicInteger doubts = new AtomicInteger();
        private final Connections left;
        private final Connections right;

        TwoServers(ScriptedServer left, ScriptedServer right) {
            this(left, right, Duration.ofMinutes(2));
        }

        TwoServers(ScriptedServer left, ScriptedServer right, Duration timeout) {
            RedisOptions.Draft options = RedisUri.draft(left.uri());
            options.timeout = timeout;
            Dialer dialer = new Dialer(options.checked());
            this.left = connections(left, dialer);
            this.right = connections(right, dialer);
        }

        private static Connections connections(ScriptedServer server, Dialer dialer) {
            return new Connections(new HostAndPort("127.0.0.1", server.port()), dialer, 1, connection -> {});
        }

        @Override
        public void refresh() {}

        @Override
        public Connections serving(int slot) {
            return slot == firstSlot ? left : right;
        }

        @Override
        public List<Connections> masters() {
            return List.of(left, right);
        }

        @Override
        public void doubt(Connections server) {
            doubts.incrementAndGet();
        }

        @Override
        public void moved(int slot, HostAndPort to, Connections teller) {}

        @Override
        public void close() {
            left.close();
            right.close();
        }
    }
}
