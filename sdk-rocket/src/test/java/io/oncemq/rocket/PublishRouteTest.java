package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishRouteTest {
    private final PublishRoute route = new PublishRoute(Layout.parse("a:2;b:2").queues("t"), true);

    private static OutboundFrame frame(@Nullable String key, int hash) {
        return new OutboundFrame("t", "id", key, hash, Headers.empty(), null, 1);
    }

    @Test
    void aKeyStaysWhereItIsThoughItsBrokerIsUnreachable() {
        int hash = KeyHash.of("key");
        assertThat(route.place(frame("key", hash), Set.of("a", "b")::contains))
                .isEqualTo(route.queues().get(KeyHash.place(hash, 4)));
    }

    @Test
    void whatHasNoKeyGoesToABrokerThatIsThere() {
        for (int hash = 0; hash < 4; hash++) {
            assertThat(route.place(frame(null, hash), Set.of("a")::contains).getBrokerName())
                    .isEqualTo("b");
            assertThat(route.place(frame(null, hash), broker -> false))
                    .isEqualTo(route.queues().get(hash));
            assertThat(route.place(frame(null, hash), broker -> true))
                    .isEqualTo(route.queues().get(hash));
        }
    }
}
