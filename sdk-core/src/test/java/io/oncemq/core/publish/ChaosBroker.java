package io.oncemq.core.publish;

import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A broker that does whatever its contract allows, drawn from a seed: it stores prefixes per partition (or, where it promises
 * nothing, anything in any order), answers late or never, refuses, takes back, fails sessions, and stores what was on the wire
 * of a closed session long after its successor has begun.
 */
final class ChaosBroker implements BrokerTransport {
    private static final int PARTITIONS = 3;

    private final PublishOrder order;
    private final Random random;
    final List<OutboundFrame> log = new ArrayList<>();
    /** Ids of which some copy got a no. */
    final Set<String> refused = new HashSet<>();

    private final List<Session> sessions = new ArrayList<>();
    private final List<Runnable> lateAnswers = new ArrayList<>();
    boolean healed;

    ChaosBroker(PublishOrder order, Random random) {
        this.order = order;
        this.random = random;
    }

    /** Something happens, or nothing. */
    void step() {
        if (sessions.isEmpty()) {
            return;
        }
        Session session = healed ? last() : sessions.get(random.nextInt(sessions.size()));
        int dice = random.nextInt(100);
        if (healed || dice < 70) {
            session.progress();
        } else if (dice < 74 && session == last()) {
            session.listener.sessionFailed(new IllegalStateException("reset"));
        } else if (dice < 76 && session == last()) {
            session.giveOneUp();
        } else if (dice < 80 && session == last()) {
            session.refuseOne();
        } else if (!lateAnswers.isEmpty()) {
            lateAnswers.remove(random.nextInt(lateAnswers.size())).run();
        }
    }

    private Session last() {
        return sessions.get(sessions.size() - 1);
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        if (!healed && random.nextInt(4) == 0) {
            throw new IllegalStateException("refused");
        }
        Session session = new Session(listener);
        sessions.add(session);
        return session;
    }

    @Override
    public PublishOrder publishOrder() {
        return order;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("chaos").build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public void ensure(DestinationSpec destination) {}

    @Override
    public boolean exists(String destination) {
        return true;
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    private record Sent(OutboundFrame frame, Object context) {}

    private final class Session implements PublishSession {
        private final PublishListener listener;
        private final List<List<Sent>> partitions = new ArrayList<>();
        private final boolean[] stuck = new boolean[PARTITIONS];
        private boolean closed;

        Session(PublishListener listener) {
            this.listener = listener;
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new ArrayList<>());
                stuck[i] = !healed && random.nextInt(6) == 0;
            }
        }

        @Override
        public void send(OutboundFrame frame, Object context) {
            if (closed) {
                throw new AssertionError("sent to a closed session");
            }
            if (!healed && random.nextInt(50) == 0) {
                listener.notSent(context, new IllegalStateException("no metadata"));
                return;
            }
            if (!healed && random.nextInt(80) == 0) {
                refused.add(frame.id());
                listener.rejected(context, Reason.TOO_LARGE, new IllegalStateException("too large"));
                return;
            }
            partitions.get(KeyHash.place(frame.keyHash(), PARTITIONS)).add(new Sent(frame, context));
        }

        void progress() {
            int place = random.nextInt(PARTITIONS);
            List<Sent> waiting = partitions.get(place);
            if (stuck[place] && !closed) {
                return;
            }
            int count = healed ? waiting.size() : Math.min(waiting.size(), random.nextInt(4));
            for (int i = 0; i < count; i++) {
                boolean anyOrder = order == PublishOrder.ONE_PER_KEY;
                Sent sent = waiting.remove(anyOrder ? random.nextInt(waiting.size()) : 0);
                log.add(sent.frame);
                Position position = new Position("" + place, log.size() - 1);
                int answer = healed ? 0 : random.nextInt(20);
                if (answer < 14) {
                    listener.confirmed(sent.context, position);
                } else if (answer < 19) {
                    lateAnswers.add(() -> listener.confirmed(sent.context, position));
                }
            }
        }

        void giveOneUp() {
            int place = random.nextInt(PARTITIONS);
            if (!partitions.get(place).isEmpty()) {
                stuck[place] = true;
                listener.unknown(partitions.get(place).get(0).context, new IllegalStateException("timed out"));
            }
        }

        void refuseOne() {
            List<Sent> waiting = partitions.get(random.nextInt(PARTITIONS));
            if (!waiting.isEmpty()) {
                Sent sent = waiting.remove(0);
                refused.add(sent.frame.id());
                listener.rejected(sent.context, Reason.REFUSED, new IllegalStateException("no"));
            }
        }

        @Override
        public void flush() {}

        /** What was on the wire may be stored later, a prefix of each partition; the rest is dropped. */
        @Override
        public void close(Duration deadline) {
            closed = true;
            for (List<Sent> waiting : partitions) {
                int onTheWire = waiting.isEmpty() ? 0 : random.nextInt(waiting.size() + 1);
                waiting.subList(onTheWire, waiting.size()).clear();
            }
        }
    }
}
