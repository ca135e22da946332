package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalanceTest {
    @Test
    void whoIsAloneOrDoesNotKnowTheMembersGivesNothing() {
        assertThat(Balance.givesOne(4, 4, 1)).isFalse();
        assertThat(Balance.givesOne(4, 4, 0)).isFalse();
    }

    @Test
    void oneShardStaysWhereItIs() {
        assertThat(Balance.givesOne(1, 1, 2)).isFalse();
        assertThat(Balance.givesOne(1, 1, 7)).isFalse();
    }

    @Test
    void onlyWhatIsAboveTheShareIsGiven() {
        assertThat(Balance.givesOne(3, 4, 3)).isTrue();
        assertThat(Balance.givesOne(2, 4, 3)).isFalse();
        assertThat(Balance.givesOne(5, 8, 2)).isTrue();
        assertThat(Balance.givesOne(4, 8, 2)).isFalse();
    }

    /** All members that are above the share give in every round, at once, each shard to the next in its line. */
    @ParameterizedTest
    @CsvSource({"1,2", "4,2", "4,3", "4,4", "3,5", "16,3", "16,5", "30,7", "7,7"})
    void givingEndsWithNobodyAboveTheShare(int shards, int members) {
        for (long seed = 0; seed < 50; seed++) {
            Lines lines = new Lines(shards, members, new Random(seed));
            int rounds = 0;
            while (lines.round() && rounds < 1_000) {
                rounds++;
            }
            assertThat(lines.counts())
                    .as("seed " + seed)
                    .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(Balance.share(shards, members)));
            assertThat(rounds).as("seed " + seed).isLessThanOrEqualTo(shards * members);
        }
    }

    @Test
    void aMemberThatJoinsGetsItsPart() {
        Lines lines = new Lines(4, 2, null);
        assertThat(lines.counts()).containsExactly(4, 0);
        while (lines.round()) {
            assertThat(lines.counts().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(4);
        }
        assertThat(lines.counts()).containsExactly(2, 2);
    }

    /** The broker's line of each shard: its first is active. */
    private static final class Lines {
        private final List<Deque<Integer>> lines = new ArrayList<>();
        private final long[] acquired;
        private final int members;
        private long acquisitions;

        Lines(int shards, int members, @org.jspecify.annotations.Nullable Random random) {
            this.members = members;
            this.acquired = new long[shards];
            for (int shard = 0; shard < shards; shard++) {
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, members).boxed().toList());
                if (random != null) {
                    Collections.shuffle(order, random);
                }
                lines.add(new ArrayDeque<>(order));
                acquired[shard] = ++acquisitions;
            }
        }

        boolean round() {
            List<Integer> given = new ArrayList<>();
            for (int member = 0; member < members; member++) {
                int latest = latestOf(member);
                if (Balance.givesOne(counts().get(member), lines.size(), members)) {
                    given.add(latest);
                }
            }
            for (int shard : given) {
                lines.get(shard).add(lines.get(shard).remove());
                acquired[shard] = ++acquisitions;
            }
            return !given.isEmpty();
        }

        private int latestOf(int member) {
            int latest = -1;
            for (int shard = 0; shard < lines.size(); shard++) {
                boolean owns = lines.get(shard).element() == member;
                if (owns && (latest < 0 || acquired[shard] > acquired[latest])) {
                    latest = shard;
                }
            }
            return latest;
        }

        List<Integer> counts() {
            Integer[] counts = new Integer[members];
            Arrays.fill(counts, 0);
            lines.forEach(line -> counts[line.element()]++);
            return List.of(counts);
        }
    }
}
