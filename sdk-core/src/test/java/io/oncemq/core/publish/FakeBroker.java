package io.oncemq.core.publish;

import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** A broker that does what the test says, message by message. What is stored is stored in the order of {@link #log}. */
final class FakeBroker implements BrokerTransport {
    private final PublishOrder order;
    final List<OutboundFrame> log = new CopyOnWriteArrayList<>();
    final List<Session> sessions = new CopyOnWriteArrayList<>();
    final AtomicInteger opens = new AtomicInteger();
    volatile Callable<?> beforeOpen = () -> null;
    volatile Runnable beforeClose = () -> {};
    /** Runs inside of send, after the message was taken. */
    volatile Runnable onSend = () -> {};

    volatile Predicate<OutboundFrame> refusesToTake = frame -> false;
    volatile Predicate<OutboundFrame> hasNoRoomFor = frame -> false;
    volatile boolean confirmsAtOnce;

    FakeBroker(PublishOrder order) {
        this.order = order;
    }

    Session session() {
        return sessions.get(sessions.size() - 1);
    }

    List<String> storedIds() {
        return log.stream().map(OutboundFrame::id).toList();
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("fake").build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    /** What a session says of a message that it held beyond its deadline. */
    Function<OutboundFrame, Leftover> leaves = frame -> Leftover.STUCK;

    @Override
    public void ensure(DestinationSpec destination) {}

    @Override
    public boolean exists(String destination) {
        return true;
    }

    @Override
    public PublishOrder publishOrder() {
        return order;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        opens.incrementAndGet();
        try {
            beforeOpen.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Session session = new Session(listener);
        sessions.add(session);
        return session;
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    record Sent(OutboundFrame frame, Object context) {}

    /** One session; the test decides what becomes of each message handed to it. */
    final class Session implements PublishSession {
        private final PublishListener listener;
        final List<Sent> pending = new ArrayList<>();
        final List<String> taken = new ArrayList<>();
        volatile boolean closed;
        volatile int flushes;

        Session(PublishListener listener) {
            this.listener = listener;
        }

        /** Tells how many shards "orders" has; gives keyed messages back if keys must not move. */
        synchronized boolean tellShards(int count) {
            return told(listener.shards("orders", count));
        }

        /** As a broker does that can move shards. */
        synchronized boolean tellShards(int count, String places, boolean accepted) {
            return told(listener.shards("orders", count, places, accepted));
        }

        private boolean told(boolean allowed) {
            if (!allowed) {
                refusesToTake = frame -> frame.key() != null;
            }
            return allowed;
        }

        PublishListener listener() {
            return listener;
        }

        @Override
        public synchronized void send(OutboundFrame frame, Object context) {
            if (refusesToTake.test(frame)) {
                listener.notSent(context, new IllegalStateException("no metadata"));
                return;
            }
            if (hasNoRoomFor.test(frame)) {
                listener.noRoom(context, new IllegalStateException("full"));
                return;
            }
            taken.add(frame.id());
            pending.add(new Sent(frame, context));
            onSend.run();
            if (confirmsAtOnce) {
                confirm();
            }
        }

        @Override
        public synchronized Leftover abandon(OutboundFrame frame, Object context) {
            Leftover left = leaves.apply(frame);
            if (left.fate() == Leftover.Fate.WITHDRAWN) {
                pending.removeIf(sent -> sent.context == context);
            }
            return left;
        }

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public void close(Duration deadline) {
            beforeClose.run();
            closed = true;
        }

        /** Stores and confirms all that it holds. */
        synchronized void confirm() {
            confirm(frame -> true);
        }

        synchronized void confirm(String... ids) {
            confirm(frame -> List.of(ids).contains(frame.id()));
        }

        synchronized void confirm(Predicate<OutboundFrame> which) {
            for (Sent sent : take(which)) {
                log.add(sent.frame);
                listener.confirmed(sent.context, new Position("0", log.size() - 1));
            }
        }

        /** Stores without an answer. */
        synchronized void swallow(String... ids) {
            for (Sent sent : pending) {
                if (List.of(ids).contains(sent.frame.id())) {
                    log.add(sent.frame);
                }
            }
        }

        synchronized void reject(String id, Reason reason) {
            take(id).forEach(sent -> listener.rejected(sent.context, reason, new IllegalStateException("no")));
        }

        synchronized void giveBack(String id) {
            take(id).forEach(sent -> {
                taken.remove(id);
                listener.notSent(sent.context, new IllegalStateException("not now"));
            });
        }

        synchronized void giveUp(String id) {
            take(id).forEach(sent -> listener.unknown(sent.context, new IllegalStateException("timed out")));
        }

        void fail() {
            listener.sessionFailed(new IllegalStateException("connection reset"));
        }

        synchronized Object context(String id) {
            return pending.stream()
                    .filter(sent -> sent.frame.id().equals(id))
                    .findFirst()
                    .orElseThrow()
                    .context;
        }

        private List<Sent> take(String id) {
            return take(frame -> frame.id().equals(id));
        }

        private List<Sent> take(Predicate<OutboundFrame> which) {
            List<Sent> found = new ArrayList<>();
            Iterator<Sent> all = pending.iterator();
            while (all.hasNext()) {
                Sent sent = all.next();
                if (which.test(sent.frame)) {
                    found.add(sent);
                    all.remove();
                }
            }
            return found;
        }
    }
}
