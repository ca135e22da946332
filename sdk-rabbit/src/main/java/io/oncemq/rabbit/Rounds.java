package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a member counts the members of its group and gives a shard to another one, and when it looks for shards that were added. A member
 * with one shard at most keeps it, and does not count. Belongs to the source's loop; the questions run elsewhere, one at a time.
 */
final class Rounds {
    /** How often members are counted; within this time a new one gets its first shard. */
    static final Duration ROUND = Duration.ofSeconds(1);

    /** Between two looks for shards that were added. */
    private static final Duration SEARCH = Duration.ofSeconds(20);

    private static final double SPREAD = 0.25;

    private final ShardChannels channels;
    /** None in a broadcast group, where each instance is alone. */
    private final @Nullable Members members;

    private final Executor waiter;
    private final Consumer<Runnable> posts;
    private final Consumer<Connection> search;
    private final LongSupplier ticker;
    private boolean counting;
    private long countAt;
    private long searchAt;

    /**
     * @param posts runs a task on the source's loop
     * @param search looks for shards that were added; blocks
     */
    Rounds(
            ShardChannels channels,
            @Nullable Members members,
            Executor waiter,
            Consumer<Runnable> posts,
            Consumer<Connection> search,
            LongSupplier ticker) {
        this.channels = channels;
        this.members = members;
        this.waiter = waiter;
        this.posts = posts;
        this.search = search;
        this.ticker = ticker;
        this.searchAt = ticker.getAsLong() + SEARCH.toNanos();
    }

    /** Over a new connection members are counted at once. */
    void begin() {
        countAt = ticker.getAsLong();
    }

    /** When the next round is due, or {@code latest} if that is earlier. */
    long next(Connection on, long latest) {
        long next = counting ? latest : Waits.earlier(searchAt, latest);
        return counting || isCounted(on) ? next : Waits.earlier(countAt, next);
    }

    void tend(Connection on) {
        long now = ticker.getAsLong();
        boolean searches = now - searchAt >= 0;
        if (counting || !searches && (now - countAt < 0 || isCounted(on))) {
            return;
        }
        counting = true;
        searchAt = searches ? now + Waits.spread(SEARCH).toNanos() : searchAt;
        waiter.execute(() -> {
            int count = 0;
            try {
                count = members == null ? 1 : members.count(on);
            } finally {
                int known = count;
                posts.accept(() -> counted(known));
            }
            if (searches) {
                search.accept(on);
            }
        });
    }

    private boolean isCounted(Connection on) {
        return activeQueues().size() <= 1 && (members == null || members.isJoined(on));
    }

    private void counted(int count) {
        counting = false;
        double factor = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
        countAt = ticker.getAsLong() + (long) (ROUND.toNanos() * factor);
        List<OwnedQueue> active = activeQueues();
        if (Balance.givesOne(active.size(), channels.all().size(), count)) {
            active.stream()
                    .max(Comparator.comparingLong(queue -> queue.acquired))
                    .ifPresent(queue -> channels.release(queue, () -> {}));
        }
    }

    private List<OwnedQueue> activeQueues() {
        return channels.all().stream().filter(OwnedQueue::isActive).toList();
    }
}
