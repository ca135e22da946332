package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two shards; what the server answers to each call is written by the test. */
class RedisClaimsTest {
    private static final int COMMANDS_IN_A_CALL = 4;

    @ParameterizedTest
    @ValueSource(strings = {"-MOVED 7 10.0.0.1:6379", "-ASK 7 10.0.0.1:6379", "-TRYAGAIN slot is moving"})
    void leavesTheCommandsOfARedirectedCallUnknown(String error) throws Exception {
        try (ScriptedServer server = server(call -> shard(call) == 0 ? error : acquired(COMMANDS_IN_A_CALL))) {
            List<StoreAnswer> answers = claims(server).apply(commands(2 * COMMANDS_IN_A_CALL));
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).kind()).isEqualTo(i % 2 == 0 ? Kind.UNKNOWN : Kind.ACQUIRED);
            }
        }
    }

    @Test
    void sendsNoFurtherCallOfAnUncertainShard() throws Exception {
        int most = BatchPlan.MOST_PER_CALL;
        try (ScriptedServer server = server(call -> shard(call) == 0 ? "-MOVED 7 10.0.0.1:6379" : acquired(most))) {
            List<StoreAnswer> answers = claims(server).apply(commands(4 * most));
            assertThat(commandCalls(server)).hasSize(3);
            assertThat(answers)
                    .filteredOn(answer -> answer.kind() == Kind.UNKNOWN)
                    .hasSize(2 * most);
        }
    }

    @Test
    void sendsTheScriptItselfWithTheCallThatMissedIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = server(call ->
                calls.incrementAndGet() == 1 ? "-NOSCRIPT No matching script." : acquired(COMMANDS_IN_A_CALL))) {
            List<StoreAnswer> answers = claims(server).apply(commands(2 * COMMANDS_IN_A_CALL));
            assertThat(answers).extracting(StoreAnswer::kind).containsOnly(Kind.ACQUIRED);
            assertThat(commandCalls(server)).extracting(RedisClaimsTest::shard).containsExactly(0, 1);
            assertThat(server.received("EVAL"))
                    .singleElement()
                    .satisfies(call -> assertThat(call.get(1)).contains("claim table"))
                    .satisfies(call -> assertThat(shard(call)).isZero());
        }
    }

    @Test
    void leavesACallUnknownWhoseScriptIsForgottenAgainAndAgain() throws Exception {
        try (ScriptedServer server = server(call -> "-NOSCRIPT No matching script.")) {
            assertThat(claims(server).apply(commands(4)))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(Kind.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-LOADING Redis is loading",
                "-OOM command not allowed",
                "-READONLY replica",
                "-NOPERM no",
                "-BUSY script"
            })
    void isUnavailableWhenTheServerRefusesEveryCall(String error) throws Exception {
        try (ScriptedServer server = server(call -> error)) {
            assertThatThrownBy(() -> claims(server).apply(commands(4)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining(error.substring(1));
        }
    }

    @Test
    void countsTokensThroughTheAnswersThatCarryOne() throws Exception {
        try (ScriptedServer server = server(call -> answers("ADAK"))) {
            List<StoreAnswer> answers = claims(server).apply(commands(8));
            assertThat(answers)
                    .filteredOn(answer -> answer.kind() == Kind.ACQUIRED)
                    .extracting(StoreAnswer::token)
                    .containsExactly(7L, 7L, 8L, 8L);
        }
    }

    private static ScriptedServer server(Function<List<String>, String> calls) {
        return new ScriptedServer(words -> switch (words.get(0)) {
            case "INFO" -> bulk("redis_version:7.0.15\r\nmaxmemory:0\r\n");
            case "HELLO" -> "*2\r\n" + bulk("proto") + "\r\n:2";
            case "CONFIG" -> "*0";
            case "HGET" -> bulk("2");
            case "HSETNX" -> ":1";
            case "EVALSHA", "EVAL" ->
                words.get(4).length() == ShardCall.HEADER_BYTES ? answers("") : calls.apply(words);
            default -> "+OK";
        });
    }

    /** Without those by which the claims were opened. */
    private static List<List<String>> commandCalls(ScriptedServer server) {
        return server.received("EVALSHA").stream()
                .filter(words -> words.get(4).length() > ShardCall.HEADER_BYTES)
                .toList();
    }

    private static ClaimStore claims(ScriptedServer server) {
        return RedisIdempotency.at(server.uri())
                .shards(2)
                .timeout(Duration.ofSeconds(30))
                .open()
                .group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
    }

    private static List<StoreCommand> commands(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> StoreCommand.of(StoreCommand.Type.CLAIM, new RecordId(i, i, i), new Owner(1, i)))
                .toList();
    }

    private static int shard(List<String> call) {
        return call.get(3).contains(":0}") ? 0 : 1;
    }

    private static String acquired(int count) {
        return answers("A".repeat(count));
    }

    /** The first token, the marker, no loss. */
    private static String answers(String letters) {
        return bulk("\0\0\0\0\0\0\0\7" + "\0\0\0\0\0\0\0\1" + "\0" + letters);
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text;
    }
}
