package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShardCountTest {
    @Test
    void findsEveryNumberWithFewQuestions() {
        for (int shards = 0; shards <= 300; shards++) {
            int there = shards;
            AtomicInteger asked = new AtomicInteger();
            int found = ShardCount.of(shard -> {
                asked.incrementAndGet();
                return shard < there;
            });
            assertThat(found).isEqualTo(shards);
            assertThat(asked.get()).as("%d shards", shards).isLessThanOrEqualTo(20);
        }
    }
}
