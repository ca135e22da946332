package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.core.SourceThread;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consuming connection and its thread, which alone receives, acknowledges, and gives parts of the queue back.
 *
 * <p>The broker gives a shard's queue to one consumer, and keeps it there; every member has a consumer on each. A member that has nothing says
 * so to the others, and each gives its share of what it has: it drains those shards and closes their consumers, upon which the broker gives them
 * to the waiting consumer with the highest priority. That is a time: who came last, or said last that it has nothing, is next.
 */
final class ArtemisSource implements MessageSource, SourceThread.Work {
    private static final Logger LOG = LoggerFactory.getLogger(ArtemisSource.class);
    /** Between two looks for messages and settlements; when nothing has come for a while, the longer one. */
    private static final Duration LOOK = Duration.ofMillis(1);

    private static final Duration IDLE_LOOK = Duration.ofMillis(5);
    private static final int IDLE_AFTER = 100;
    /** Several members that come together are given to once. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(5);
    private static final Duration FIRST_ASKING = Duration.ofSeconds(1);
    private static final Duration LAST_ASKING = Duration.ofSeconds(30);
    private static final int MOST_AT_ONCE = 500;
    private static final int USUAL_SIZE = 512;
    private static final int USUAL_SHARDS = 8;
    private static final int LARGEST_WINDOW = 1 << 20;
    private static final int NO_PRIORITY = 0;
    private static final int POSITIVE = 0x7fffffff;
    private static final Clock CLOCK = Clock.systemUTC();

    private final ArtemisSettings settings;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final Consumer<AutoCloseable> onClose;
    private final String group;
    private final SourceThread thread;
    private final Map<Shard, ArtemisConsumer> byShard = new ConcurrentHashMap<>();
    private final List<ArtemisConsumer> parts = new ArrayList<>();
    private volatile @Nullable ArtemisLink link;
    private volatile @Nullable Throwable broken;
    private volatile boolean asked;
    private @Nullable ArtemisNews news;
    private @Nullable ClientSession questions;
    private long epochs;
    private long giveAt;
    private long askAt;
    private int asks;
    private int priority;
    private int emptyLooks;
    private int failures;
    private boolean everIn;
    private boolean exclusive;

    ArtemisSource(ArtemisSettings settings, SourceSpec spec, SourceListener listener, Consumer<AutoCloseable> onClose) {
        this.settings = settings;
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.group = ArtemisNames.group(spec.destination(), spec.group());
        this.thread = new SourceThread("oncemq-jms-source-" + group, this);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void pause(Shard shard) {
        pause(shard, true);
    }

    @Override
    public void resume(Shard shard) {
        pause(shard, false);
    }

    private void pause(Shard shard, boolean on) {
        ArtemisConsumer part = byShard.get(shard);
        if (part != null) {
            part.pause(on);
        }
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            ArtemisConsumer part = byShard.get(each.shard());
            if (part != null) {
                part.settled(each);
            }
        }
    }

    @Override
    public void close(Duration deadline) {
        thread.close(deadline);
    }

    @Override
    public void cut() {
        ArtemisLink last = link;
        if (last != null) {
            last.cut();
        }
    }

    @Override
    public void failed(Throwable error) {
        listener.onFailure(ArtemisErrors.translate("consuming " + spec.destination(), error));
    }

    @Override
    public void turn() {
        try {
            if (link == null) {
                connect();
            } else if (broken != null || parts.stream().anyMatch(ArtemisConsumer::isClosed)) {
                throw new ConnectionException("the connection is lost", broken);
            } else {
                work();
            }
        } catch (JMSException | ActiveMQException | RuntimeException e) {
            lose(e);
        }
    }

    private void work() throws JMSException, ActiveMQException {
        boolean any = false;
        int most = Math.max(1, Math.min(MOST_AT_ONCE, spec.maxInFlight() / 4));
        for (ArtemisConsumer part : parts) {
            any |= part.writeAcks();
            any |= pass(part, part.receive(most));
        }
        if (exclusive) {
            share();
        }
        emptyLooks = any ? 0 : emptyLooks + 1;
        if (!any) {
            LockSupport.parkNanos(this, (emptyLooks < IDLE_AFTER ? LOOK : IDLE_LOOK).toNanos());
        }
    }

    private boolean pass(ArtemisConsumer part, List<InboundMessage> messages) {
        if (messages.isEmpty()) {
            return false;
        }
        failures = 0;
        if (!part.isAssigned()) {
            part.assigned();
            listener.onAssigned(List.of(part.shard));
        }
        listener.onMessages(part.shard, messages);
        return true;
    }

    /** Asks for a share where this member has nothing, and gives one where another asks. */
    private void share() throws JMSException, ActiveMQException {
        long now = System.nanoTime();
        List<ArtemisConsumer> used =
                parts.stream().filter(ArtemisConsumer::isAssigned).toList();
        if (!used.isEmpty()) {
            asks = 0;
            askAt = now + FIRST_ASKING.toNanos();
        } else if (now - askAt >= 0) {
            ask(now);
        }
        if (asked) {
            asked = false;
            giveAt = now + Pauses.spread(SETTLING).toNanos() | 1;
        } else if (giveAt != 0 && now - giveAt >= 0) {
            giveAt = 0;
            give(used);
        }
    }

    private void ask(long now) throws JMSException, ActiveMQException {
        askAt = now + Pauses.doubling(FIRST_ASKING, LAST_ASKING, asks++).toNanos();
        ArtemisNews known = news;
        if (known != null && members() > 1) {
            List<ArtemisConsumer> idle = List.copyOf(parts);
            priority = later();
            release(idle);
            open(names(idle));
            known.announce();
        }
    }

    /** Seconds, as the broker counts priorities. */
    private int later() {
        return exclusive ? (int) (CLOCK.instant().getEpochSecond() & POSITIVE) : NO_PRIORITY;
    }

    private void give(List<ArtemisConsumer> used) throws JMSException, ActiveMQException {
        List<ArtemisConsumer> given = used.subList(0, used.size() / Math.max(2, members()));
        if (!given.isEmpty()) {
            LOG.info("{} gives {} of {} shards to another member", thread.name(), given.size(), used.size());
            release(given);
            open(names(given));
        }
    }

    private int members() throws ActiveMQException {
        ClientSession session = questions;
        if (session == null) {
            return 1;
        }
        SimpleString any = SimpleString.of(parts.get(0).shard.name());
        return session.queueQuery(any).getConsumerCount();
    }

    private static List<String> names(List<ArtemisConsumer> of) {
        return of.stream().map(part -> part.shard.name()).toList();
    }

    private void connect() throws JMSException, ActiveMQException {
        broken = null;
        asked = false;
        giveAt = 0;
        asks = 0;
        ArtemisLink opened = ArtemisLink.receiving(settings, window());
        link = opened;
        opened.connection.setExceptionListener(error -> broken = error);
        ClientSession asking = ((ActiveMQSession) opened.connection.createSession()).getCoreSession();
        questions = asking;
        List<String> queues = ArtemisAddresses.queues(asking, spec.destination(), spec.group());
        requireQueues(queues);
        everIn = true;
        exclusive = !ArtemisAddresses.isUnordered(queues, spec.destination(), spec.group());
        priority = later();
        open(queues);
        if (exclusive) {
            ArtemisNews joined =
                    new ArtemisNews(opened, ArtemisNames.members(spec.destination(), spec.group()), () -> asked = true);
            news = joined;
            joined.announce();
            askAt = System.nanoTime() + FIRST_ASKING.toNanos();
        }
        opened.connection.start();
    }

    private void open(List<String> queues) throws JMSException, ActiveMQException {
        ArtemisLink current = link;
        if (current == null) {
            return;
        }
        for (String queue : queues) {
            Shard shard = new Shard(queue, ++epochs, Shard.AcknowledgeMode.INDIVIDUAL);
            ArtemisConsumer part = new ArtemisConsumer(current, shard, priority);
            byShard.put(shard, part);
            parts.add(part);
        }
    }

    private void requireQueues(List<String> queues) {
        if (!queues.isEmpty()) {
            return;
        }
        String problem = "the broker has no queue of " + group;
        if (everIn) {
            throw new MessagingException(problem + " any more: the messages that waited there are gone", null);
        }
        throw new ConfigurationException("group", spec.group(), problem, "Ensure the destination with this group");
    }

    /** Of each consumer. The broker counts bytes, and no messages. */
    private int window() {
        long bytes = Math.min((long) spec.maxInFlight() * USUAL_SIZE, spec.maxInFlightBytes()) / USUAL_SHARDS;
        return (int) Math.max(1, Math.min(LARGEST_WINDOW, bytes));
    }

    /** The connection is of no more use: another member may be at its messages already. */
    private void lose(Exception error) {
        MessagingException known = ArtemisErrors.translate("consuming " + spec.destination(), error);
        List<Shard> lost = shards(parts);
        parts.clear();
        byShard.clear();
        disconnect(Duration.ZERO);
        if (!lost.isEmpty()) {
            listener.onLost(lost);
        }
        if (!(known instanceof ConnectionException)) {
            throw known;
        }
        if (failures++ == 0) {
            LOG.warn("consuming {} is troubled and goes on: {}", group, known.toString());
        }
        if (!thread.isClosing()) {
            LockSupport.parkNanos(
                    this, Pauses.doubling(FIRST_PAUSE, LAST_PAUSE, failures).toNanos());
        }
    }

    private static List<Shard> shards(Collection<ArtemisConsumer> of) {
        return of.stream()
                .filter(ArtemisConsumer::isAssigned)
                .map(part -> part.shard)
                .toList();
    }

    /** Gives parts back in good order: what has begun is waited for, what is settled is acknowledged, and then they are closed. */
    private void release(List<ArtemisConsumer> leaving) throws ActiveMQException {
        List<Shard> shards = shards(leaving);
        if (!shards.isEmpty()) {
            acknowledge(listener.onRevoking(shards));
        }
        leaving.forEach(part -> byShard.remove(part.shard));
        for (ArtemisConsumer part : leaving) {
            part.writeAcks();
            part.close();
        }
        parts.removeAll(leaving);
    }

    private void disconnect(Duration deadline) {
        ArtemisLink last = link;
        link = null;
        news = null;
        questions = null;
        if (last != null) {
            last.close(deadline);
        }
    }

    @Override
    public void end(Duration deadline) {
        try {
            release(List.copyOf(parts));
        } catch (ActiveMQException | RuntimeException e) {
            LOG.warn("{} closes without its last acknowledgements: {}", thread.name(), e.toString());
        } finally {
            disconnect(deadline);
            onClose.accept(this);
        }
    }
}
