package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** S9: a proxy in front of Redis accepts and closes, ends connections with FIN, or speaks HTTP. */
class RedisProxyIT {
    private final RedisServer redis = RedisServer.builder().build();
    private TcpProxy proxy;

    @BeforeEach
    void start() {
        redis.start();
        proxy = TcpProxy.to(redis.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        redis.close();
    }

    @Test
    void aProxyThatClosesIsNamedAtTheStart() {
        proxy.acceptAndClose();
        assertThatThrownBy(() -> store().open())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("127.0.0.1:" + proxy.port())
                .hasMessageContaining("closed the connection");
    }

    @Test
    void aProxyThatSpeaksHttpIsNamedAtTheStart() {
        proxy.answerHttp();
        assertThatThrownBy(() -> store().open())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("127.0.0.1:" + proxy.port())
                .hasMessageContaining("is not Redis");
    }

    @Test
    void aPortThatAcceptsAndSaysNothingEndsTheStartWithinTheDocumentedTime() {
        proxy.acceptSilently();
        long began = System.nanoTime();
        assertThatThrownBy(() ->
                        RedisIdempotency.at("redis://127.0.0.1:" + proxy.port()).open())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("127.0.0.1:" + proxy.port());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("accepts and closes", (Consumer<TcpProxy>) TcpProxy::acceptAndClose),
                Arguments.of("speaks HTTP", (Consumer<TcpProxy>) TcpProxy::answerHttp));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void whatAProxyDoesToNewConnectionsIsAnOutageAndNoVerdict(String name, Consumer<TcpProxy> fault) {
        try (IdempotencyStore store = store().open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofMinutes(10));
            assertThat(kind(claims, Type.CLAIM, false)).isEqualTo(Kind.ACQUIRED);
            fault.accept(proxy);
            proxy.finish();
            for (int again = 0; again < 3; again++) {
                assertThatThrownBy(() -> kind(claims, Type.COMPLETE, true))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("127.0.0.1:" + proxy.port());
            }
            proxy.restore();
            assertThat(kind(claims, Type.COMPLETE, true)).isEqualTo(Kind.OK);
            assertThat(claims.dataLosses()).isZero();
        }
    }

    @Test
    void connectionsThatEndWithFinAreReplacedWithoutAnOutage() {
        try (IdempotencyStore store = store().open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofMinutes(10));
            assertThat(kind(claims, Type.CLAIM, false)).isEqualTo(Kind.ACQUIRED);
            for (int again = 0; again < 5; again++) {
                proxy.finish();
                assertThat(kind(claims, Type.CLAIM, true)).isEqualTo(Kind.MINE);
            }
        }
    }

    private RedisIdempotency store() {
        return RedisIdempotency.at("redis://127.0.0.1:" + proxy.port()).timeout(Duration.ofSeconds(60));
    }

    private static Kind kind(ClaimStore claims, Type type, boolean repeated) {
        StoreCommand command = StoreCommand.of(type, new RecordId(1, 2, 3), new Owner(1, 1));
        return claims.apply(List.of(repeated ? command.repeat() : command))
                .get(0)
                .kind();
    }
}
