package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.ConfigurationException;
import io.oncemq.MessagingException;
import io.oncemq.Ordering;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SourceRecovery;
import io.oncemq.spi.support.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a source connected and its queues open. What waits for the broker's answer runs on a thread of its own, since a queue without a
 * leader may take its time while the others go on; its results are posts, which the turns of the source's loop run. Only those turns call this,
 * and see its state.
 */
final class SourceLink {
    private static final Logger LOG = LoggerFactory.getLogger(SourceLink.class);
    private static final int MOST_PREFETCH = 2_000;
    private static final Duration SHORTEST_STALL = Duration.ofSeconds(5);

    /** Whatever there is to do wakes the source. It also looks this often, in case the client does not report something. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final SourceParts parts;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final ShardChannels channels;
    private final Runnable join;
    private final Runnable wake;
    private final GroupQueues finder;
    private final @Nullable HistoryQueues history;
    private final Rounds rounds;
    private final SourceRecovery recovery;
    private final OpenChannels open = new OpenChannels();
    private final Lines.Seat seat;
    private final Serial waiter;
    private final BlockingQueue<Runnable> posts = new LinkedBlockingQueue<>();
    private final AtomicLong epochs = new AtomicLong();

    private @Nullable Connection connection;
    private boolean connecting;
    private boolean everIn;
    private long connectAt;

    SourceLink(SourceParts parts, SourceSpec spec, SourceListener listener, Runnable join, Runnable wake) {
        this.parts = parts;
        this.spec = spec;
        this.listener = listener;
        this.join = join;
        this.wake = wake;
        this.recovery = new SourceRecovery(spec, listener::onEvent, parts.ticker());
        this.channels = new ShardChannels(listener, recovery, parts.waiters(), this::post, parts.ticker(), stall(spec));
        this.history = spec.replay() ? new HistoryQueues(parts.connections(), spec) : null;
        boolean alone = spec.broadcastOf() != null;
        this.finder = new GroupQueues(spec.destination(), spec.group(), alone ? Ordering.PER_KEY : spec.ordering());
        Members members = alone || spec.replay() ? null : new Members(spec.destination(), spec.group(), open);
        this.seat = parts.lines().join(!spec.replay());
        this.waiter = new Serial(parts.waiters());
        this.rounds = new Rounds(channels, members, waiter, this::post, this::search, parts.ticker());
        this.connectAt = now();
    }

    /** As long as handlers may take to end when a shard is revoked, since that is what comes then. */
    private static Duration stall(SourceSpec spec) {
        return spec.drainDeadline().compareTo(SHORTEST_STALL) < 0 ? SHORTEST_STALL : spec.drainDeadline();
    }

    private long now() {
        return parts.ticker().getAsLong();
    }

    ShardChannels channels() {
        return channels;
    }

    /** Does what is due. @throws MessagingException if the source cannot go on */
    void tend() {
        runPosts();
        long now = now();
        Connection current = connection;
        if (current != null && !current.isOpen()) {
            connection = null;
            connectAt = now + recovery.retryAfter(ended(current)).toNanos();
            current = null;
        }
        if (current == null) {
            if (!connecting && now - connectAt >= 0) {
                connecting = true;
                waiter.execute(this::connect);
            }
            return;
        }
        for (OwnedQueue queue : channels.all()) {
            if (queue.isToOpen() && now - queue.openAt >= 0) {
                openLater(current, queue);
            }
        }
        if (isShared()) {
            rounds.tend(current);
        }
    }

    private void runPosts() {
        for (Runnable post = posts.poll(); post != null; post = posts.poll()) {
            post.run();
        }
    }

    private MessagingException ended(Connection broken) {
        return RabbitErrors.translate("consuming " + spec.destination(), broken.getCloseReason());
    }

    /** After a turn. @param received whether it brought messages */
    void well(boolean received) {
        if (connection != null) {
            recovery.well(received);
        }
    }

    /** For how long nothing is due here. */
    Duration idle() {
        long now = now();
        Duration look = channels.isResting() && recovery.isWell() ? LOOK : Rounds.ROUND;
        long next = now + Waits.spread(look).toNanos();
        Connection current = connection;
        if (current == null) {
            next = connecting ? next : connectAt;
        } else {
            for (OwnedQueue queue : channels.all()) {
                next = queue.isToOpen() ? Waits.earlier(queue.openAt, next) : next;
            }
            next = isShared() ? rounds.next(current, next) : next;
        }
        return Duration.ofNanos(Math.max(0, next - now));
    }

    private void connect() {
        try {
            List<String> found = find(parts.lines().line(seat).connection());
            Connection opened = parts.lines().connection(seat, found.size());
            post(() -> connected(opened, found));
        } catch (IOException | RuntimeException | Error e) {
            post(() -> notConnected(e));
        }
    }

    private List<String> find(Connection on) throws IOException {
        List<String> found = finder.find(on);
        return history == null ? found : history.of(found.size());
    }

    private void connected(Connection opened, List<String> found) {
        connecting = false;
        if (found.isEmpty()) {
            connectAt = now()
                    + recovery.retryAfterMissing(
                                    spec.destination(), missing(spec.destination(), "the destination does not exist"))
                            .toNanos();
        } else {
            connection = opened;
            rounds.begin();
            channels.add(found);
        }
    }

    private void notConnected(Throwable error) {
        connecting = false;
        connectAt = now() + recovery.retryAfter(translated(error)).toNanos();
    }

    private MessagingException translated(Throwable error) {
        return RabbitErrors.translate("consuming " + spec.destination(), error);
    }

    private void openLater(Connection on, OwnedQueue queue) {
        queue.opening = true;
        int prefetch = queue.prefetch.of(wantedPrefetch());
        long room = spec.maxInFlightBytes() / channels.all().size();
        String name = queue.name;
        boolean gone = queue.missing;
        // A queue that has no leader keeps one of a few threads waiting, and not the other queues.
        Executor opener = queue.troubled ? parts.openers() : waiter;
        opener.execute(() -> {
            try {
                if (gone) {
                    join.run();
                }
                ShardChannel opened = open(on, name, prefetch, room);
                post(() -> opened(queue, opened));
            } catch (IOException | RuntimeException | Error e) {
                post(() -> notOpened(on, queue, e));
            }
        });
    }

    /** That of a queue with small messages. */
    int wantedPrefetch() {
        return prefetch(spec.maxInFlight(), channels.all().size());
    }

    /** Together the channels hold what the engine may have in flight. */
    static int prefetch(int maxInFlight, int queues) {
        return Math.max(1, Math.min(MOST_PREFETCH, maxInFlight / Math.max(1, queues)));
    }

    private ShardChannel open(Connection on, String queue, int prefetch, long room) throws IOException {
        Shard shard = new Shard(queue, epochs.incrementAndGet(), AcknowledgeMode.INDIVIDUAL);
        HistoryQueues replayed = history;
        if (replayed != null) {
            return replayed.open(on, shard, prefetch, wake, parts.ticker());
        }
        Channel channel = open.on(on);
        try {
            ShardChannel opened = new ShardChannel(channel, shard, prefetch, room, wake, parts.ticker());
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
        recovery.letIn();
        channels.opened(queue, opened);
        if (!opened.getChannel().getConnection().equals(connection)) {
            channels.release(queue, () -> {});
        }
    }

    private void notOpened(Connection on, OwnedQueue queue, Throwable error) {
        if (!on.isOpen()) {
            // The connection's end counts, once for all queues.
            queue.openAt(now());
            return;
        }
        if (history != null && RabbitErrors.replyCode(error) == AMQP.RESOURCE_LOCKED) {
            // Another process reads it for this replay.
            queue.openAt(now() + Rounds.ROUND.toNanos());
            return;
        }
        queue.troubled = true;
        boolean gone = RabbitErrors.replyCode(error) == AMQP.NOT_FOUND
                && RabbitErrors.replyText(error).contains("no queue");
        Duration wait;
        if (gone) {
            queue.missing = true;
            wait = queue.recovery.retryAfterMissing(queue.name, missing(queue.name, "the queue does not exist"));
        } else {
            wait = queue.recovery.retryAfter(translated(error));
        }
        queue.openAt(now() + wait.toNanos());
    }

    private MessagingException missing(String what, String problem) {
        if (!everIn) {
            return new ConfigurationException(
                    "group",
                    spec.group(),
                    "the broker keeps no messages of " + spec.destination() + " for it in this order: " + what + ": "
                            + problem,
                    "Ensure the destination with this group and Ordering." + spec.ordering());
        }
        String again = spec.broadcastOf() == null ? "Ensure it again" : "Subscribe again";
        return new MessagingException(
                what + ": " + problem + " any more: the messages that waited there are gone. " + again
                        + "; with onLostPositions(EARLIEST) a subscription continues then",
                null);
    }

    private boolean isShared() {
        return history == null && !finder.isShared();
    }

    private void search(Connection on) {
        try {
            List<String> found = finder.find(on);
            if (on.isOpen() && !found.isEmpty()) {
                Connection roomy = parts.lines().connection(seat, found.size());
                post(() -> found(on, roomy, found));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("new shards cannot be looked up: destination={} cause={}", spec.destination(), e.toString());
        }
    }

    /** With shards that were added there may be too few channels for all who share the connection: then this source moves to another. */
    private void found(Connection on, Connection roomy, List<String> found) {
        channels.add(found);
        if (!on.equals(roomy) && on.equals(connection)) {
            connection = roomy;
            channels.all().forEach(queue -> channels.release(queue, () -> {}));
        }
    }

    /** A replay is through with a queue: it is left, and another process may have it. */
    void over(OwnedQueue queue) {
        queue.over = true;
        channels.release(queue, () -> {
            Connection current = connection;
            HistoryQueues replayed = history;
            if (current != null && replayed != null) {
                waiter.execute(() -> replayed.unlock(current, queue.name));
            }
        });
    }

    private void post(Runnable task) {
        posts.add(task);
        wake.run();
    }

    /** Lets whoever is stuck in the connection out, by an exception, unless other sources use it, too. Thread-safe. */
    void cut() {
        parts.lines().cut(seat);
    }

    /** Gives everything back, and waits until that is done or the deadline is over. */
    void releaseAll(Duration deadline) {
        long until = now() + deadline.toNanos();
        channels.releaseAll();
        while (channels.isReleasing() && now() - until < 0) {
            try {
                channels.loseEnded();
                runPosts();
                if (channels.isReleasing()) {
                    Uninterrupted.until(Rounds.ROUND, this::runNextPost);
                }
            } catch (MessagingException e) {
                LOG.debug("an error after the end is ignored: cause={}", e.toString());
            }
        }
    }

    private boolean runNextPost(long nanos) throws InterruptedException {
        Runnable post = posts.poll(nanos, TimeUnit.NANOSECONDS);
        if (post != null) {
            post.run();
        }
        return post != null;
    }

    void close(Duration deadline) {
        waiter.close();
        parts.lines().leave(seat, deadline);
        // Where others go on over that line; a server that does not answer must not hold up who closes.
        parts.waiters().execute(open::close);
    }
}
