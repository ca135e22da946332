package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.Headers;
import io.oncemq.RetryPolicy;
import io.oncemq.spi.Shard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a codec throws decides: bytes that it refuses are not tried again, other trouble passes. */
class DecodingTest {
    private static final RetryPolicy QUICK =
            RetryPolicy.builder().fixed(Duration.ofMillis(1)).maxAttempts(3).build();

    private final EngineHarness harness = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        harness.close();
    }

    /** Text, as far as a rule says so. */
    private record Ruled(Function<String, String> rule) implements Codec<String> {
        @Override
        public byte[] encode(String body) {
            return Codecs.string().encode(body);
        }

        @Override
        public String decode(byte[] bytes, Headers headers) {
            return rule.apply(Codecs.string().decode(bytes, headers));
        }

        @Override
        public String contentType() {
            return "text/plain";
        }
    }

    private Shard receive(Codec<String> codec) {
        harness.start(harness.subscribe(codec).retry(QUICK), delivery -> handled.add(delivery.id()));
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        return shard;
    }

    @Test
    void bytesThatTheCodecRefusesAreNotTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Shard shard = receive(new Ruled(text -> {
            tries.incrementAndGet();
            throw new CodecException("not mine", null);
        }));
        await().until(() -> harness.source.through(shard) == 0);
        assertThat(tries).hasValue(1);
        assertThat(harness.deadLetters).hasSize(1);
        assertThat(handled).isEmpty();
    }

    @Test
    void aMessageIsHandledOnceWhatItsCodecAsksAnswersAgain() {
        AtomicInteger tries = new AtomicInteger();
        Shard shard = receive(new Ruled(text -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("the registry does not answer");
            }
            return text;
        }));
        await().until(() -> harness.source.through(shard) == 0);
        assertThat(handled).containsExactly("a");
        assertThat(harness.deadLetters).isEmpty();
    }

    @Test
    void troubleOfTheCodecThatDoesNotEndSpendsTheAttempts() {
        Shard shard = receive(new Ruled(text -> {
            throw new IllegalStateException("the registry does not answer");
        }));
        await().until(() -> harness.source.through(shard) == 0);
        assertThat(harness.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().text("oncemq-dead-letter-attempts"))
                        .isEqualTo("3"));
    }

    @Test
    void aCodecThatCanDecodeNothingRefusesTheStart() {
        Codec<String> broken = new Codec<>() {
            @Override
            public byte[] encode(String body) {
                return new byte[0];
            }

            @Override
            public String decode(byte[] bytes, Headers headers) {
                return "";
            }

            @Override
            public String contentType() {
                return "text/plain";
            }

            @Override
            public void checkDecodable() {
                throw new ConfigurationException("codec", "Order", "cannot be built", "Give it a constructor");
            }
        };
        assertThatThrownBy(
                        () -> harness.subscribe(broken).handler(delivery -> {}).start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be built");
    }
}
