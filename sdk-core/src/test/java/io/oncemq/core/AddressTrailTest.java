package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AddressTrailTest {
    private final Map<String, String> fields = new HashMap<>();

    /** As a store remembers names, without a server. */
    private final IdempotencyStore store = new IdempotencyStore() {
        @Override
        public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable String cluster(String group, String name, String identity, boolean accept) {
            String first = fields.computeIfAbsent(group + name, any -> identity);
            String accepted = group + name + " " + identity;
            if (accept) {
                fields.put(accepted, "1");
            }
            return first.equals(identity) || fields.containsKey(accepted) ? null : first;
        }

        @Override
        public void close() {}
    };

    private final AddressTrail trail = new AddressTrail(store, "g", "rabbitmq", "d", null);

    private @Nullable String follow(String... addresses) {
        return trail.follow(List.of(addresses), null);
    }

    @Test
    void addressesThatShareNoneWithTheKnownOnesAreReportedEachTime() {
        assertThat(follow("a:1", "b:1")).isNull();
        assertThat(follow("x:1", "y:1")).isEqualTo("rabbitmq:a:1,b:1");
        assertThat(follow("y:1")).isEqualTo("rabbitmq:a:1,b:1");
        assertThat(follow("b:1", "a:1")).isNull();
    }

    @Test
    void nodesMayBeReplacedOneAfterAnother() {
        assertThat(follow("a:1", "b:1")).isNull();
        assertThat(follow("b:1", "c:1")).isNull();
        assertThat(follow("c:1", "d:1")).isNull();
        assertThat(follow("d:1")).isNull();
        assertThat(follow("e:1")).isEqualTo("rabbitmq:a:1,b:1");
    }

    @Test
    void acceptedAddressesAreRememberedWithTheirNeighbours() {
        follow("a:1");
        assertThat(trail.follow(List.of("X:1", "y:1"), "rabbitmq:x:1,y:1")).isNull();
        assertThat(follow("x:1", "y:1")).isNull();
        assertThat(follow("y:1", "z:1")).isNull();
        assertThat(follow("q:1")).isNotNull();
    }

    @Test
    void spellingsOfThisMachineAreOneAndItsPortsAreSeveral() {
        assertThat(follow("localhost:1")).isNull();
        assertThat(follow("127.0.0.1:1")).isNull();
        assertThat(follow("[::1]:1")).isNull();
        assertThat(follow("127.0.0.1:2")).isEqualTo("rabbitmq:localhost:1");
    }

    @Test
    void groupsKindsDestinationsAndNamesAreFollowedByThemselves() {
        follow("a:1");
        assertThat(new AddressTrail(store, "other", "rabbitmq", "d", null).follow(List.of("b:1"), null))
                .isNull();
        assertThat(new AddressTrail(store, "g", "rabbitmq", "elsewhere", null).follow(List.of("b:1"), null))
                .isNull();
        assertThat(new AddressTrail(store, "g", "rocketmq", "d", null).follow(List.of("b:1"), null))
                .isNull();
        assertThat(new AddressTrail(store, "g", "rabbitmq", "d", "berlin").follow(List.of("b:1"), null))
                .isNull();
    }

    @Test
    void brokerThatTellsNoAddressIsNotFollowed() {
        follow("a:1");
        assertThat(follow()).isNull();
    }
}
