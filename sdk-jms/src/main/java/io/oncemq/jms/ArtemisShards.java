package io.oncemq.jms;

import io.oncemq.MessageFilter;
import org.jspecify.annotations.Nullable;

/**
 * Filters by which the queues of a group share the messages of an address: each message matches exactly one of them. Stateless.
 *
 * <p>A number {@code h} is of shard {@code h % shards}. The first shard takes everything else that another program may have written there:
 * nothing, text, bytes, truth values, negative numbers and fractions. A condition that throws matches nothing, so those which need a number
 * come after those which tell that it is one. Text and bytes are told by {@code '' + h = h}, which holds for what compares with its own text
 * and throws for nothing; it needs {@link Selectors#NUMBERS}. Text is no number even if it reads like one, since brokers read it in
 * two ways ({@code 5.0}).
 */
final class ArtemisShards {
    private static final String H = JmsRecords.HASH;

    private ArtemisShards() {}

    /** The filter of one queue; null where the group has neither order nor a filter. @param hash see {@link #hash} */
    static @Nullable String filter(@Nullable String hash, @Nullable MessageFilter filter) {
        if (filter == null) {
            return hash == null ? null : Selectors.NUMBERS + hash;
        }
        String condition = Selectors.condition(filter);
        return hash == null ? Selectors.NUMBERS + condition : begin(hash) + condition + ")";
    }

    /** Which messages are a shard's own. */
    static String hash(int shard, int shards) {
        String remainder = H + " % " + shards;
        if (shard > 0) {
            return remainder + " = " + shard + " AND " + H + " NOT LIKE '%' AND '' + " + H + " = " + H;
        }
        return H + " IS NULL OR " + H + " LIKE '%' OR '' + " + H + " <> " + H + " OR NOT (" + H + " < 0 OR " + H
                + " >= 0)" + " OR NOT (" + remainder + " >= 1 AND " + remainder + " % 1 = 0)";
    }

    /** Whether a queue takes the messages of a shard, by whatever filter of its group. */
    static boolean isOf(String hash, String there) {
        return there.equals(Selectors.NUMBERS + hash) || there.startsWith(begin(hash));
    }

    /** Whether a queue is the work of an earlier version: what is no number from 0 on matches no queue of its group. */
    static boolean isEarlier(int shard, int shards, String there) {
        String own = H + " % " + shards + " = " + shard;
        String hash = shard == 0 ? H + " IS NULL OR " + own : own;
        return there.equals(hash) || there.startsWith(begin(hash));
    }

    private static String begin(String hash) {
        return Selectors.NUMBERS + "(" + hash + ") AND (";
    }
}
