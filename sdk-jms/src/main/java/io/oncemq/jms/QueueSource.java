package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.SourceLoop;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.Drains;
import io.oncemq.spi.support.SourceRecovery;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives from the queues of a group, acknowledges, and gives queues back, in turns of its loop. It is woken when there is something to do.
 *
 * <p>The broker gives a shard's queue to one consumer, and keeps it there; every member has a consumer on each. A member that has nothing says
 * so to the others, and each gives its share of what it has: it drains those shards and closes their consumers, upon which the broker gives them
 * to a waiting one. How the broker chooses that one is for its own source to know.
 *
 * @param <P> a consumer of a queue
 */
abstract class QueueSource<P extends QueuePart<?>> implements MessageSource, SourceLoop.Work, SharedLink.User {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSource.class);
    /** Whatever there is to do wakes the source. It also looks this often, in case the client does not report something. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Settlements that come closer together are written together: each write is one of the broker's journal. */
    private static final Duration WRITES_APART = Duration.ofMillis(1);

    private static final Duration DRAIN_GRACE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 500;

    final SourceSpec spec;
    private final SourceListener listener;
    private final Consumer<AutoCloseable> onClose;
    private final SourceRecovery recovery;
    private final String group;
    private final SourceLoop loop;
    private final Sharing<P> sharing;
    private final Drains<P> drains;
    private final Map<Shard, P> byShard = new ConcurrentHashMap<>();
    private final List<P> parts = new ArrayList<>();
    private volatile @Nullable Throwable broken;
    private long epochs;
    private long wroteAt = System.nanoTime();
    private volatile long connectAt = System.nanoTime();
    private List<String> known = List.of();
    private boolean exclusive;

    /** @param group for people */
    QueueSource(
            SourceSpec spec,
            SourceListener listener,
            LoopThreads threads,
            Consumer<AutoCloseable> onClose,
            String group) {
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.recovery = new SourceRecovery(spec, listener::onEvent, System::nanoTime);
        this.group = group;
        this.loop = new SourceLoop("oncemq-jms-source-" + group, this, threads);
        this.drains = new Drains<>(listener, this::acknowledge, loop::wake);
        this.sharing = new Sharing<>(this, drains);
    }

    /** The queues of a group, in the order of its shards; none if it does not exist. */
    record Queues(List<String> names, boolean exclusive) {}

    /** Queues of the group are not there. */
    private static final class MissingQueues extends Exception {
        private static final long serialVersionUID = 1L;
        private final String queues;
        private final MessagingException meaning;

        MissingQueues(String queues, MessagingException meaning) {
            super(meaning);
            this.queues = queues;
            this.meaning = meaning;
        }
    }

    /** Takes a place on the connection and asks for the group's queues. What breaks it later is told to {@link #broken}. */
    abstract Queues connect() throws Exception;

    /** Opens a consumer on the connection, at the end of the line. */
    abstract P open(Shard shard) throws Exception;

    /** All consumers are open: begins to receive, and where queues are exclusive to hear of other members. */
    abstract void joined() throws Exception;

    abstract boolean isConnected();

    /** How many members the group has, as far as it is known. */
    abstract int members() throws Exception;

    /** Asks the others for a share. @param idle the consumers that wait, all there are */
    abstract void ask(List<P> idle) throws Exception;

    /** Another member asks. @param idle the consumers of this one that wait */
    void heard(List<P> idle) throws Exception {}

    /** Leaves the connection, whatever state it is in, with all that was opened on it. */
    abstract void disconnect(Duration deadline);

    abstract MessagingException translate(String doing, Throwable error);

    @Override
    public final void broken(Throwable cause) {
        broken = cause;
        loop.wake();
    }

    @Override
    public final boolean isClosing() {
        return loop.isClosing();
    }

    @Override
    public final void reachable() {
        connectAt = System.nanoTime();
        loop.wake();
    }

    /** Something has arrived, or a consumer has changed; told on any thread. */
    final void wake() {
        loop.wake();
    }

    /** Another member asks for a share; told on any thread. */
    final void asked() {
        sharing.asked();
        loop.wake();
    }

    final boolean isExclusive() {
        return exclusive;
    }

    @Override
    public final void start() {
        loop.start();
    }

    @Override
    public final void pause(Shard shard) {
        pause(shard, true);
    }

    @Override
    public final void resume(Shard shard) {
        pause(shard, false);
        loop.wake();
    }

    private void pause(Shard shard, boolean on) {
        P part = byShard.get(shard);
        if (part != null) {
            part.pause(on);
        }
    }

    @Override
    public final void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            P part = byShard.get(each.shard());
            if (part != null) {
                part.settled(each);
            }
        }
        loop.wake();
    }

    @Override
    public final void close(Duration deadline) {
        loop.close(deadline);
    }

    @Override
    public final void failed(Throwable error) {
        listener.onFailure(translate("consuming " + spec.destination(), error));
    }

    @Override
    public final long turn() {
        try {
            if (isConnected()) {
                requireConnection();
                return work();
            }
            long left = connectAt - System.nanoTime();
            if (left > 0) {
                return left;
            }
            join();
        } catch (Throwable e) {
            lose(e);
        }
        return 0;
    }

    private void requireConnection() {
        if (broken != null || parts.stream().anyMatch(QueuePart::isClosed)) {
            throw new ConnectionException("the connection is lost", broken);
        }
    }

    private void join() throws Exception {
        broken = null;
        Queues queues = connect();
        requireQueues(queues.names());
        known = queues.names();
        exclusive = queues.exclusive();
        openAll(queues.names());
        // Not before: who may look at the queues may still lack the right to read from them.
        recovery.letIn();
        sharing.begin();
        joined();
    }

    private void requireQueues(List<String> queues) throws MissingQueues {
        List<String> gone =
                known.stream().filter(queue -> !queues.contains(queue)).toList();
        if (!gone.isEmpty()) {
            String places = String.join(", ", gone);
            throw new MissingQueues(
                    places,
                    new MessagingException(
                            "group = " + spec.group() + ": the broker has no queue " + places
                                    + " any more, and the messages that waited there are gone. Ensure the destination with this"
                                    + " group; with onLostPositions(EARLIEST) a subscription waits for that",
                            null));
        }
        if (queues.isEmpty()) {
            throw new MissingQueues(
                    group,
                    new ConfigurationException(
                            "group",
                            spec.group(),
                            "the broker has no queue of " + group,
                            "Ensure the destination with this group"));
        }
    }

    /** @return for how many nanoseconds nothing is due */
    private long work() throws Exception {
        boolean any = false;
        boolean left = false;
        long now = System.nanoTime();
        boolean writes = now - wroteAt >= WRITES_APART.toNanos();
        int most = Math.max(1, Math.min(MOST_AT_ONCE, spec.maxInFlight() / 4));
        for (P part : parts) {
            any |= writes && part.writeAcks();
            left |= part.hasSettled();
            // The first message tells that the shard is this member's; the engine may pause it upon that.
            if (!drains.contains(part)) {
                any |= pass(part, part.receive(part.isAssigned() ? most : 1));
            }
        }
        wroteAt = writes ? now : wroteAt;
        giveBack(drains.ended());
        long due = exclusive ? sharing.tend(List.copyOf(parts)) : Long.MAX_VALUE;
        recovery.well(any);
        long rest = left ? WRITES_APART.toNanos() : Waits.spread(LOOK).toNanos();
        return any ? 0 : Math.min(due, rest);
    }

    private boolean pass(P part, List<InboundMessage> messages) {
        if (!part.isAssigned() && (part.isOwned() || !messages.isEmpty())) {
            part.assigned();
            listener.onAssigned(List.of(part.shard));
        }
        if (messages.isEmpty()) {
            return false;
        }
        listener.onMessages(part.shard, messages);
        return true;
    }

    /** Drains shards for another member. */
    final void give(List<P> given, int of) {
        LOG.info("shards are given to another member: source={} shards={} of={}", loop.name(), given.size(), of);
        drains.begin(given, shards(given));
    }

    /** Gives queues back whose shards the engine does not know, and waits for them again. */
    final void reopen(List<P> idle) throws Exception {
        giveBack(idle.stream().filter(part -> !part.isAssigned()).toList());
    }

    private void giveBack(List<P> given) throws Exception {
        closeAll(given);
        openAll(given.stream().map(part -> part.shard.name()).toList());
    }

    private void openAll(List<String> queues) throws Exception {
        for (String queue : queues) {
            Shard shard = new Shard(queue, ++epochs, Shard.AcknowledgeMode.INDIVIDUAL);
            P part = open(shard);
            byShard.put(shard, part);
            parts.add(part);
        }
    }

    /** The connection is of no more use: another member may be at its messages already. */
    private void lose(Throwable error) {
        List<Shard> lost = shards(parts);
        parts.clear();
        byShard.clear();
        drains.forget();
        disconnect(Duration.ZERO);
        if (!lost.isEmpty()) {
            listener.onLost(lost);
        }
        if (!loop.isClosing()) {
            Duration wait = error instanceof MissingQueues missing
                    ? recovery.retryAfterMissing(missing.queues, missing.meaning)
                    : recovery.retryAfter(translate("consuming " + spec.destination(), error));
            connectAt = System.nanoTime() + wait.toNanos();
        }
    }

    private static List<Shard> shards(Collection<? extends QueuePart<?>> of) {
        List<Shard> shards = new ArrayList<>();
        for (QueuePart<?> part : of) {
            if (part.isAssigned()) {
                shards.add(part.shard);
            }
        }
        return shards;
    }

    /** Gives parts back in good order: what is settled is acknowledged, and then they are closed. */
    private void closeAll(List<P> leaving) throws Exception {
        leaving.forEach(part -> byShard.remove(part.shard));
        for (P part : leaving) {
            part.writeAcks();
            part.close();
        }
        parts.removeAll(leaving);
    }

    @Override
    public final void end(Duration deadline) {
        try {
            List<P> left = parts.stream().filter(part -> !drains.contains(part)).toList();
            drains.begin(left, shards(left));
            // The engine ends each drain by its own deadline, also those that began before.
            drains.await(deadline.plus(DRAIN_GRACE));
            drains.ended();
            closeAll(List.copyOf(parts));
        } catch (Exception e) {
            LOG.warn(
                    "a source closes without its last acknowledgements; some messages are repeated: source={} cause={}",
                    loop.name(),
                    e.toString());
        } finally {
            disconnect(deadline);
            onClose.accept(this);
        }
    }
}
