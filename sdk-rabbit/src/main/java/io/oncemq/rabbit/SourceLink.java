package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingException;
import io.oncemq.Ordering;
import io.oncemq.core.AccessPatience;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a source connected and its queues open. What waits for the broker's answer runs on a thread of its own, since a queue without a
 * leader may take its time while the others go on; its results are posts, which the source's thread runs. Only that thread calls this,
 * and sees its state.
 */
final class SourceLink {
    private static final Logger LOG = LoggerFactory.getLogger(SourceLink.class);
    private static final int MOST_PREFETCH = 2_000;
    private static final double SPREAD = 0.25;

    /** How often members are counted; within so long a new one gets its first shard. */
    static final Duration ROUND = Duration.ofSeconds(1);

    /** Rounds between two looks for shards that were added. */
    private static final int ROUNDS_PER_SEARCH = 20;

    private final Connections connections;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final ShardChannels channels;
    private final Runnable join;
    private final Runnable wake;
    private final LongSupplier ticker;
    private final GroupQueues finder;
    private final @Nullable HistoryQueues history;
    /** None in a broadcast group, where each instance is alone. */
    private final @Nullable Members members;

    private final AccessPatience access;
    private final ExecutorService waiter;
    private final Queue<Runnable> posts = new ConcurrentLinkedQueue<>();
    private final AtomicLong epochs = new AtomicLong();

    private volatile @Nullable Connection connection;
    private volatile @Nullable Connection latest;
    private volatile boolean closed;
    private boolean connecting;
    private boolean counting;
    private boolean everIn;
    private boolean missing;
    private boolean troubled;
    private int failures;
    private int rounds;
    private long connectAt;
    private long countAt;

    SourceLink(
            Connections connections,
            SourceSpec spec,
            SourceListener listener,
            ShardChannels channels,
            Runnable join,
            Runnable wake,
            LongSupplier ticker) {
        this.connections = connections;
        this.spec = spec;
        this.listener = listener;
        this.channels = channels;
        this.join = join;
        this.wake = wake;
        this.ticker = ticker;
        this.history = spec.replay() ? new HistoryQueues(connections, spec) : null;
        boolean alone = spec.broadcastOf() != null;
        this.finder = new GroupQueues(spec.destination(), spec.group(), alone ? Ordering.PER_KEY : spec.ordering());
        this.members = alone ? null : new Members(spec.destination(), spec.group());
        this.access = new AccessPatience(spec, listener, ticker);
        String name = "open-" + spec.destination() + "-" + spec.group();
        this.waiter = Executors.newSingleThreadExecutor(task -> Connections.daemon(task, name));
        this.connectAt = ticker.getAsLong();
    }

    /** Does what is due. @throws MessagingException if the source cannot go on */
    void tend() {
        for (Runnable post = posts.poll(); post != null; post = posts.poll()) {
            post.run();
        }
        long now = ticker.getAsLong();
        Connection current = connection;
        if (current != null && !current.isOpen()) {
            connection = null;
            current = null;
            connectAt = now + OwnedQueue.pause(0).toNanos();
        }
        if (current == null) {
            if (!connecting && now - connectAt >= 0) {
                connecting = true;
                waiter.execute(this::connect);
            }
            return;
        }
        for (OwnedQueue queue : channels.all()) {
            if (queue.channel == null && !queue.opening && !queue.over && now - queue.openAt >= 0) {
                openLater(current, queue);
            }
        }
        countLater(current, now);
    }

    private void connect() {
        @Nullable Connection opened = null;
        try {
            opened = connections.open("consume");
            latest = opened;
            List<String> found = find(opened);
            Connection ready = opened;
            post(() -> connected(ready, found));
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                connections.close(opened, Duration.ZERO);
            }
            post(() -> notConnected(e));
        }
        if (closed && opened != null) {
            connections.close(opened, Duration.ZERO);
        }
    }

    private List<String> find(Connection on) throws IOException {
        List<String> found = finder.find(on);
        return history == null ? found : history.of(found.size());
    }

    private void connected(Connection opened, List<String> found) {
        connecting = false;
        failures = 0;
        connection = opened;
        countAt = ticker.getAsLong();
        if (found.isEmpty()) {
            connection = null;
            connections.close(opened, Duration.ZERO);
            connectAt = ticker.getAsLong() + OwnedQueue.pause(failures++).toNanos();
            boolean told = missing;
            missing = true;
            gone(spec.destination(), "the destination does not exist", told);
        } else {
            missing = false;
            channels.add(found);
        }
    }

    private void notConnected(Exception error) {
        connecting = false;
        connectAt = ticker.getAsLong() + OwnedQueue.pause(failures++).toNanos();
        bear(error);
    }

    private void openLater(Connection on, OwnedQueue queue) {
        queue.opening = true;
        int queues = channels.all().size();
        int prefetch = Math.min(queue.mostPrefetch, prefetch(spec.maxInFlight(), queues));
        long room = spec.maxInFlightBytes() / queues;
        String name = queue.name;
        boolean gone = queue.missing;
        waiter.execute(() -> {
            try {
                if (gone) {
                    join.run();
                }
                ShardChannel opened = open(on, name, prefetch, room);
                post(() -> opened(queue, opened));
            } catch (IOException | RuntimeException e) {
                post(() -> notOpened(queue, e));
            }
        });
    }

    /** Together the channels hold what the engine may have in flight. */
    static int prefetch(int maxInFlight, int queues) {
        return Math.max(1, Math.min(MOST_PREFETCH, maxInFlight / Math.max(1, queues)));
    }

    private ShardChannel open(Connection on, String queue, int prefetch, long room) throws IOException {
        Shard shard = new Shard(queue, epochs.incrementAndGet(), AcknowledgeMode.INDIVIDUAL);
        HistoryQueues replayed = history;
        if (replayed != null) {
            return replayed.open(on, shard, prefetch, wake, ticker);
        }
        Channel channel = Channels.on(on);
        try {
            ShardChannel opened = new ShardChannel(channel, shard, prefetch, room, wake, ticker);
            channel.basicQos(prefetch);
            channel.basicConsume(queue, false, opened);
            return opened;
        } catch (IOException | RuntimeException e) {
            Channels.abort(channel);
            throw e;
        }
    }

    private void opened(OwnedQueue queue, ShardChannel opened) {
        everIn = true;
        troubled = false;
        access.letIn();
        access.well(true);
        channels.opened(queue, opened);
    }

    private void notOpened(OwnedQueue queue, Exception error) {
        long now = ticker.getAsLong();
        if (history != null && RabbitErrors.replyCode(error) == AMQP.RESOURCE_LOCKED) {
            // Another process reads it for this replay.
            queue.openAt(now + ROUND.toNanos());
            return;
        }
        queue.openLater(now);
        if (RabbitErrors.replyCode(error) == AMQP.NOT_FOUND
                && RabbitErrors.replyText(error).contains("no queue")) {
            boolean told = queue.missing;
            queue.missing = true;
            gone(queue.name, "the queue does not exist", told);
        } else {
            bear(error);
        }
    }

    private void gone(String what, String problem, boolean told) {
        if (!everIn) {
            throw new ConfigurationException(
                    "group",
                    spec.group(),
                    "the broker keeps no messages of " + spec.destination() + " for it in this order: " + what + ": "
                            + problem,
                    "Ensure the destination with this group and Ordering." + spec.ordering());
        }
        String loss = problem + " any more: the messages that waited there are gone";
        String again = spec.broadcastOf() == null ? "Ensure it again" : "Subscribe again";
        if (!told) {
            listener.onEvent(new PositionsLost(spec.destination(), spec.group(), what, loss));
        }
        if (spec.onLost() == LostPositions.STOP || spec.replay()) {
            throw new MessagingException(
                    what + ": " + loss + ". " + again + "; with onLostPositions(EARLIEST) a subscription goes on then");
        }
    }

    private void bear(Exception error) {
        MessagingException known = RabbitErrors.translate("consuming " + spec.destination(), error);
        boolean passes = known instanceof ConnectionException;
        if (!passes && !(known instanceof AuthenticationException && access.bears(known))) {
            throw known;
        }
        if (!troubled) {
            troubled = true;
            LOG.warn(
                    "consuming {} as {} is troubled and goes on: {}",
                    spec.destination(),
                    spec.group(),
                    known.toString());
        }
    }

    private void countLater(Connection on, long now) {
        if (history != null || counting || finder.isShared() || now - countAt < 0) {
            return;
        }
        counting = true;
        boolean search = ++rounds % ROUNDS_PER_SEARCH == 0;
        waiter.execute(() -> {
            int count = members == null ? 1 : members.count(on);
            post(() -> counted(count));
            if (search) {
                search(on);
            }
        });
    }

    private void counted(int count) {
        counting = false;
        double factor = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
        countAt = ticker.getAsLong() + (long) (ROUND.toNanos() * factor);
        List<OwnedQueue> active =
                channels.all().stream().filter(OwnedQueue::isActive).toList();
        if (Balance.givesOne(active.size(), channels.all().size(), count)) {
            active.stream()
                    .max(Comparator.comparingLong(queue -> queue.acquired))
                    .ifPresent(queue -> channels.release(List.of(queue)));
        }
    }

    private void search(Connection on) {
        try {
            List<String> found = finder.find(on);
            post(() -> channels.add(found));
        } catch (IOException | RuntimeException e) {
            LOG.debug("looking for new shards of {}: {}", spec.destination(), e.toString());
        }
    }

    /** A replay is through with a queue: another process may have it. */
    void over(OwnedQueue queue) {
        queue.over = true;
        Connection current = connection;
        HistoryQueues replayed = history;
        if (current != null && replayed != null) {
            waiter.execute(() -> replayed.unlock(current, queue.name));
        }
    }

    private void post(Runnable task) {
        posts.add(task);
        wake.run();
    }

    /** Lets whoever is stuck in the connection out, by an exception. Thread-safe. */
    void cut() {
        Connection current = connection;
        if (current != null) {
            connections.cut(current);
        }
    }

    void close(Duration deadline) {
        closed = true;
        waiter.shutdownNow();
        Connection last = latest;
        if (last != null) {
            connections.close(last, deadline);
        }
    }
}
