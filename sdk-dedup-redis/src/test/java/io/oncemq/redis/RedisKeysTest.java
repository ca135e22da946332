package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisKeysTest {
    private static final String[] PIECES = {":", ":", "%", "%3A", "{", "}", "a", "B", "0", "1", "m", "rights", "."};

    @Test
    void ordinaryNamesStandAsTheyAre() {
        assertThat(text(RedisKeys.layout("oncemq", "billing@pod-7"))).isEqualTo("{oncemq:billing@pod-7}");
        assertThat(text(RedisKeys.meta("shop:prod", "eu.billing", 3))).isEqualTo("{shop:prod:eu.billing:3}m");
    }

    @Test
    void aColonBelongsToThePrefixOrToTheGroup() {
        assertThat(text(RedisKeys.meta("app", "b:c", 0))).isEqualTo("{app:b%3Ac:0}m");
        assertThat(text(RedisKeys.meta("app:b", "c", 0))).isEqualTo("{app:b:c:0}m");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noTwoGroupsHaveAKeyInCommon(long seed) {
        Random random = new Random(seed);
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String prefix = name(random);
            String group = name(random);
            int shard = random.nextInt(2);
            String pattern = "{" + prefix + ":";
            only(keys, RedisKeys.layout(prefix, group), pattern, "layout", prefix, group);
            only(keys, RedisKeys.meta(prefix, group, shard), pattern, "meta", prefix, group, shard);
            only(keys, RedisKeys.rights(prefix), pattern, "rights", prefix);
        }
    }

    private static void only(Map<String, String> keys, byte[] key, String pattern, Object... meaning) {
        String meant = List.of(meaning).toString();
        assertThat(keys.put(text(key), meant)).as(text(key)).isIn(null, meant);
        assertThat(text(key)).as("allowed by ~" + pattern + "*").startsWith(pattern);
    }

    private static String text(byte[] key) {
        return new String(key, UTF_8);
    }

    private static String name(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }
}
