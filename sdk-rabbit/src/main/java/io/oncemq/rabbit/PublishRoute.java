package io.oncemq.rabbit;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.rabbit.Unconfirmed.Sent;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session's way to one destination. The first send asks how many shards there are and waits here; the engine says whether keys may be
 * placed over so many (K13). It is asked again when the server returns a message, which tells a changed number (the routing key carries
 * the old one) from a shard to which no queue is bound.
 */
final class PublishRoute {
    /** A frame that waits. */
    private record Held(OutboundFrame frame, Object context) {}

    /** The shards of the destination, with what is the same for each message there. */
    static final class Shards {
        private final int count;
        private final boolean keyed;
        private final String[] routingKeys;
        private final Position[] positions;

        /** @param keyed whether keys may be placed over them */
        Shards(String destination, int count, boolean keyed) {
            this.count = count;
            this.keyed = keyed;
            this.routingKeys = new String[count];
            this.positions = new Position[count];
            for (int shard = 0; shard < count; shard++) {
                routingKeys[shard] = RabbitNames.routingKey(shard, count);
                positions[shard] = new Position(RabbitNames.shardMarker(destination, shard), -1);
            }
        }

        String routingKey(int shard) {
            return routingKeys[shard];
        }

        Position position(int shard) {
            return positions[shard];
        }
    }

    private final String destination;
    private final RabbitPublishSession session;
    private final Topology topology;
    private final Entrances entrances;
    private final List<Held> held = new ArrayList<>();
    private final List<Sent> returned = new ArrayList<>();
    private boolean asking;
    private volatile @Nullable Shards shards;

    PublishRoute(String destination, RabbitPublishSession session, Topology topology) {
        this.destination = destination;
        this.session = session;
        this.topology = topology;
        this.entrances = new Entrances(destination, topology, session::writeRefusal);
    }

    void send(OutboundFrame frame, Object context) {
        Shards known = shards;
        if (known == null) {
            known = hold(frame, context);
        }
        if (known != null) {
            place(known, frame, context);
        }
    }

    /** Keeps it until the shards are known; returns them if they are by now. */
    private @Nullable Shards hold(OutboundFrame frame, Object context) {
        synchronized (this) {
            if (shards != null) {
                return shards;
            }
        }
        keep(frame, context);
        return null;
    }

    /** Until the server has been asked. */
    private void keep(OutboundFrame frame, Object context) {
        synchronized (this) {
            if (!session.isOver()) {
                held.add(new Held(frame, context));
                entrances.want(delay(frame));
                ask();
                return;
            }
        }
        session.refuse(context);
    }

    private static @Nullable Duration delay(OutboundFrame frame) {
        SendOptions options = frame.options();
        return options == null ? null : options.delay();
    }

    private void place(Shards over, OutboundFrame frame, Object context) {
        Duration delay = delay(frame);
        if (frame.key() != null && !over.keyed) {
            session.notSent(
                    context,
                    new ConnectionException("the number of shards of " + destination
                            + " has changed; keyed messages wait until it is accepted"));
        } else if (!entrances.knows(delay)) {
            keep(frame, context);
        } else {
            Entrances.Refusal refusal = entrances.refusal(delay, frame.options());
            if (refusal == null) {
                publish(entrances.exchange(delay), over, frame, context);
            } else {
                session.rejected(context, refusal.reason(), refusal.cause());
            }
        }
    }

    private void publish(String exchange, Shards over, OutboundFrame frame, Object context) {
        int shard = KeyHash.place(frame.keyHash(), over.count);
        session.publish(new Sent(destination, exchange, over, shard, context), frame);
    }

    /** The server could not place it anywhere; certainly not stored. */
    void returned(Sent sent) {
        synchronized (this) {
            if (!session.isOver()) {
                returned.add(sent);
                ask();
                return;
            }
        }
        session.refuse(sent.context);
    }

    /** While the engine does not accept the number: tells it again. @param lookAgain whether also to count again */
    void tick(boolean lookAgain) {
        if (lookAgain) {
            entrances.forgetMissing();
        }
        Shards known = shards;
        if (known == null || known.keyed || session.isOver()) {
            return;
        }
        if (lookAgain) {
            synchronized (this) {
                ask();
            }
        } else if (session.tell(destination, known.count)) {
            synchronized (this) {
                if (shards == known) {
                    shards = new Shards(destination, known.count, true);
                }
            }
        }
    }

    /** Under the lock. */
    private void ask() {
        if (!asking) {
            asking = true;
            session.later(this::look);
        }
    }

    private void look() {
        try {
            List<Sent> before = takeReturned();
            int count = topology.shards(destination);
            if (count > 0) {
                entrances.look();
            }
            Shards found = count > 0 ? new Shards(destination, count, session.tell(destination, count)) : null;
            List<Held> waiting = found(found);
            before.forEach(each -> answer(each, count));
            for (Held each : waiting) {
                if (found == null) {
                    session.rejected(
                            each.context, Reason.UNROUTABLE, missing("there is no destination " + destination));
                } else {
                    place(found, each.frame, each.context);
                }
            }
            entrances.forgetRefused();
        } catch (RuntimeException e) {
            session.fail(e);
        }
    }

    private synchronized List<Sent> takeReturned() {
        List<Sent> all = List.copyOf(returned);
        returned.clear();
        return all;
    }

    /** Sends go on from here. Those returned meanwhile need an answer that is younger. */
    private synchronized List<Held> found(@Nullable Shards found) {
        List<Held> waiting = List.copyOf(held);
        held.clear();
        shards = found;
        asking = false;
        if (!returned.isEmpty()) {
            ask();
        }
        return waiting;
    }

    void answer(Sent sent, int count) {
        if (count == 0 || sent.placedOver.count == count) {
            String key = sent.placedOver.routingKey(sent.shard);
            session.rejected(
                    sent.context,
                    Reason.UNROUTABLE,
                    missing("no queue is bound to " + sent.exchange + " under " + key + ": ensure "
                            + (sent.exchange.equals(RabbitNames.exchange(destination))
                                    ? "a group that reads it"
                                    : "this delay again")));
        } else {
            session.notSent(sent.context, missing(destination + " has " + count + " shards by now"));
        }
    }

    private static MessagingException missing(String text) {
        return new MessagingException(text, null);
    }

    /** Takes a message back that waits for the server's answer. @return whether it did: it is certainly not stored then */
    synchronized boolean withdraw(Object context) {
        return held.removeIf(each -> each.context == context) || returned.removeIf(each -> each.context == context);
    }

    /** The session is over: what waits, or was returned, is certainly not stored. */
    void giveUp() {
        List<Object> contexts = new ArrayList<>();
        synchronized (this) {
            held.forEach(each -> contexts.add(each.context));
            returned.forEach(each -> contexts.add(each.context));
            held.clear();
            returned.clear();
        }
        contexts.forEach(session::refuse);
    }
}
