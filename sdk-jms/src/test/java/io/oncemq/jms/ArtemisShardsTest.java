package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessageFilter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.selector.filter.Filterable;
import org.apache.activemq.artemis.selector.impl.SelectorParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the parser of Artemis, and a condition that throws as its broker treats it: as one that does not match. */
class ArtemisShardsTest {
    private static final List<Integer> COUNTS = List.of(1, 2, 3, 8, 64);

    static Stream<@Nullable Object> values() {
        Stream<@Nullable Object> odd = Stream.of(
                null,
                true,
                false,
                (byte) 5,
                (byte) -5,
                (short) 300,
                (short) -300,
                -1,
                Integer.MIN_VALUE,
                1L << 40,
                -5L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                1.5f,
                3f,
                -0.5f,
                Float.NaN,
                2.75,
                3.0,
                -0.0,
                1e300,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                "",
                " ",
                "5",
                "-5",
                "5.0",
                "5.5",
                "1e3.",
                "NaN",
                "true",
                "no number",
                "two\nlines",
                "\u0000\uD83D\uDE00",
                "'",
                'c',
                new byte[] {1, -1},
                new byte[0],
                List.of(1),
                Instant.EPOCH,
                new UUID(1, 2));
        return Stream.concat(
                odd,
                IntStream.of(0, 1, 2, 3, 7, 63, 64, 1 << 30, Integer.MAX_VALUE).boxed());
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyValueOfTheHashMatchesExactlyOneShard(@Nullable Object value) {
        for (MessageFilter filter : Arrays.asList(null, MessageFilter.sql("oncemq_other IS NULL"))) {
            for (int shards : COUNTS) {
                assertThat(matching(value, shards, filter))
                        .as("of %s shards", shards)
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatIsNoWholeNumberFromZeroOnIsTheFirstShards(@Nullable Object value) {
        for (int shards : COUNTS) {
            boolean whole =
                    value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() % 1 == 0;
            int expected = whole ? (int) (((Number) value).doubleValue() % shards) : 0;
            assertThat(matching(value, shards, null)).as("of %s shards", shards).containsExactly(expected);
        }
    }

    private static List<Integer> matching(@Nullable Object value, int shards, @Nullable MessageFilter filter) {
        return IntStream.range(0, shards)
                .filter(shard ->
                        matches(String.valueOf(ArtemisShards.filter(ArtemisShards.hash(shard, shards), filter)), value))
                .boxed()
                .toList();
    }

    private static boolean matches(String filter, @Nullable Object value) {
        try {
            return SelectorParser.parse(filter).matches(new Property(value));
        } catch (Exception noMatch) {
            return false;
        }
    }

    private record Property(@Nullable Object value) implements Filterable {
        @Override
        public <T> @Nullable T getBodyAs(Class<T> type) {
            return null;
        }

        @Override
        public @Nullable Object getProperty(SimpleString name) {
            return name.toString().equals("oncemq_hash") ? value : null;
        }

        @Override
        public @Nullable Object getLocalConnectionId() {
            return null;
        }
    }
}
