package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers and two sentinels that say what a test wants them to. */
class SentinelMasterTest {
    private static final String HELLO = "*2\r\n$5\r\nproto\r\n:2";

    private final Server one = new Server();
    private final Server two = new Server();
    private final Watcher first = new Watcher();
    private final Watcher second = new Watcher();

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        first.close();
        second.close();
    }

    @Test
    void believesTheSentinelThatHasSeenTheLastFailover() {
        first.names(one, 3);
        second.names(two, 4);
        try (IdempotencyStore store = open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            claim(claims);
            assertThat(two.calls()).isEqualTo(1);
            assertThat(one.calls()).isZero();
        }
    }

    @Test
    void aSentinelThatWasCutOffDoesNotLeadBackToTheOldMaster() {
        first.names(one, 3);
        second.names(two, 4);
        try (IdempotencyStore store = open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            claim(claims);
            second.silent = true;
            two.reply = "-READONLY You can't write against a read only replica.";
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> claim(claims)).isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(one.calls()).isZero();
        }
    }

    @Test
    void takesNoServerForTheMasterThatCallsItselfAReplica() {
        first.names(one, 1);
        second.names(one, 1);
        one.role = "slave";
        assertThatThrownBy(this::open).isInstanceOf(ConnectionException.class).hasMessageContaining("no master");
        assertThat(one.calls()).isZero();
    }

    @Test
    void asksAgainAtOnceWhenTheMasterHasBecomeAReplica() {
        first.names(one, 1);
        second.names(one, 1);
        try (IdempotencyStore store = open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            claim(claims);
            // Named only then: the sentinels are asked each second as well, and would lead away before it refuses.
            one.reply = "-READONLY You can't write against a read only replica.";
            assertThatThrownBy(() -> claim(claims)).isInstanceOf(StoreUnavailableException.class);
            first.names(two, 2);
            second.names(two, 2);
            assertThat(claim(claims)).isEqualTo(Kind.ACQUIRED);
            assertThat(two.calls()).isEqualTo(1);
        }
    }

    @Test
    void writesToNobodyWhileTheNewMasterIsNotReady() {
        first.names(one, 1);
        second.names(one, 1);
        try (IdempotencyStore store = open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            claim(claims);
            first.names(two, 2);
            second.names(two, 2);
            two.role = "slave";
            one.reply = "-READONLY You can't write against a read only replica.";
            assertThatThrownBy(() -> claim(claims)).isInstanceOf(StoreUnavailableException.class);
            int before = one.calls();
            one.reply = one.acquired();
            assertThatThrownBy(() -> claim(claims)).isInstanceOf(StoreUnavailableException.class);
            assertThat(one.calls()).isEqualTo(before);
            assertThat(two.calls()).isZero();
        }
    }

    @Test
    void keepsTheMasterThroughTheSilenceOfAllSentinels() {
        first.names(one, 1);
        second.names(one, 1);
        try (IdempotencyStore store = open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            claim(claims);
            first.silent = true;
            second.silent = true;
            one.reply = "-LOADING Redis is loading";
            assertThatThrownBy(() -> claim(claims)).isInstanceOf(StoreUnavailableException.class);
            one.reply = one.acquired();
            assertThat(claim(claims)).isEqualTo(Kind.ACQUIRED);
        }
    }

    @Test
    void namesTheMasterThatNoSentinelKnows() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refusal -> assertThat(refusal.property()).isEqualTo("master"));
    }

    private IdempotencyStore open() {
        return RedisIdempotency.sentinel("m", first.address(), second.address())
                .timeout(Duration.ofSeconds(30))
                .open();
    }

    private static Kind claim(ClaimStore claims) {
        List<StoreAnswer> answers =
                claims.apply(List.of(StoreCommand.of(StoreCommand.Type.CLAIM, new RecordId(1, 1, 1), new Owner(1, 1))));
        return answers.get(0).kind();
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text;
    }

    private static final class Server implements AutoCloseable {
        private final ScriptedServer server = new ScriptedServer(this::answer);
        volatile String role = "master";
        volatile String reply = acquired();

        private String answer(List<String> words) {
            return switch (words.get(0)) {
                case "HELLO" -> HELLO;
                case "ROLE" -> "*1\r\n" + bulk(role);
                case "INFO" -> bulk("redis_version:7.0.15\r\nmaxmemory:0\r\n");
                case "CONFIG" -> "*0";
                case "HGET" -> bulk("4");
                case "HSETNX" -> ":1";
                case "EVALSHA" -> opens(words) ? answers("") : reply;
                default -> "+OK";
            };
        }

        String acquired() {
            return answers("A");
        }

        /** The first token, the marker, no loss. */
        private static String answers(String letters) {
            return bulk("\0\0\0\0\0\0\0\7" + "\0\0\0\0\0\0\0\1" + "\0" + letters);
        }

        private static boolean opens(List<String> call) {
            return call.get(4).length() == ShardCall.HEADER_BYTES;
        }

        /** Without those by which claims were opened. */
        int calls() {
            return (int) server.received("EVALSHA").stream()
                    .filter(call -> !opens(call))
                    .count();
        }

        int port() {
            return server.port();
        }

        @Override
        public void close() throws Exception {
            server.close();
        }
    }

    private static final class Watcher implements AutoCloseable {
        private final ScriptedServer server = new ScriptedServer(this::answer);
        private volatile int port;
        private volatile int epoch;
        volatile boolean silent;

        void names(Server master, int configEpoch) {
            epoch = configEpoch;
            port = master.port();
        }

        private String answer(List<String> words) {
            if (silent) {
                throw new IllegalStateException("silent");
            }
            if (words.get(0).equals("HELLO")) {
                return HELLO;
            }
            if (port == 0) {
                return words.get(1).equals("MASTER") ? "-ERR No such master with that name" : "*-1";
            }
            return words.get(1).equals("MASTER")
                    ? "*2\r\n" + bulk("config-epoch") + "\r\n" + bulk(Integer.toString(epoch))
                    : "*2\r\n" + bulk("127.0.0.1") + "\r\n" + bulk(Integer.toString(port));
        }

        String address() {
            return "127.0.0.1:" + server.port();
        }

        @Override
        public void close() throws Exception {
            server.close();
        }
    }
}
