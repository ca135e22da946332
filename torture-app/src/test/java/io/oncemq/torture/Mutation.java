package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.CrashPolicy;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The library with one protection taken out, at the edges of its SPI: what a test does to the parts of a run.
 *
 * @param engine between the engine and who writes the history: the engine misbehaves
 * @param broker between who writes the history and the broker: the broker, or its adapter, misbehaves
 * @param publishing the same for the publisher
 * @param store the same for the store
 */
record Mutation(
        UnaryOperator<TransportFactory> engine,
        UnaryOperator<TransportFactory> broker,
        UnaryOperator<TransportFactory> publishing,
        UnaryOperator<IdempotencyStoreFactory> store) {
    static final Mutation NONE = new Mutation(
            UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());

    private static final Object HANDLED = Boolean.TRUE;

    private Mutation withBroker(UnaryOperator<TransportFactory> other) {
        return new Mutation(engine, other, publishing, store);
    }

    private Mutation withPublishing(UnaryOperator<TransportFactory> other) {
        return new Mutation(engine, broker, other, store);
    }

    private Mutation withStore(BiFunction<ClaimStore, List<StoreCommand>, List<StoreAnswer>> apply) {
        return new Mutation(engine, broker, publishing, factory -> () -> {
            var real = factory.open();
            return Decorated.of(IdempotencyStore.class, real, (method, arguments) -> {
                if (!method.equals("group")) {
                    return null;
                }
                ClaimStore claims =
                        real.group((String) arguments[0], (CrashPolicy) arguments[1], (Duration) arguments[2]);
                return Decorated.of(
                        ClaimStore.class,
                        claims,
                        (name, given) -> name.equals("apply") ? apply.apply(claims, commands(given)) : null);
            });
        });
    }

    @SuppressWarnings("unchecked")
    private static List<StoreCommand> commands(Object[] arguments) {
        return (List<StoreCommand>) arguments[0];
    }

    /** A source whose messages pass through here. */
    private static UnaryOperator<TransportFactory> messages(UnaryOperator<List<InboundMessage>> change) {
        return sources((transport, spec, engine) -> transport.openSource(spec, receiving(engine, change)));
    }

    private static SourceListener receiving(SourceListener engine, UnaryOperator<List<InboundMessage>> change) {
        return Decorated.of(SourceListener.class, engine, (method, arguments) -> {
            if (!method.equals("onMessages")) {
                return null;
            }
            engine.onMessages((Shard) arguments[0], change.apply(received(arguments)));
            return HANDLED;
        });
    }

    @SuppressWarnings("unchecked")
    private static List<InboundMessage> received(Object[] arguments) {
        return (List<InboundMessage>) arguments[1];
    }

    private static UnaryOperator<TransportFactory> sources(Opening opening) {
        return factory -> clientId -> {
            BrokerTransport real = factory.open(clientId);
            return Decorated.of(
                    BrokerTransport.class,
                    real,
                    (method, arguments) -> method.equals("openSource")
                            ? opening.open(real, (SourceSpec) arguments[0], (SourceListener) arguments[1])
                            : null);
        };
    }

    private interface Opening {
        MessageSource open(BrokerTransport transport, SourceSpec spec, SourceListener engine);
    }

    private static boolean is(InboundMessage message, String id) {
        byte[] body = message.body();
        return body != null && new String(body, UTF_8).equals(id);
    }

    /** The broker never hands one message over. */
    static Mutation dropping(String id) {
        return NONE.withBroker(
                messages(all -> all.stream().filter(each -> !is(each, id)).toList()));
    }

    /** Two neighbours of one key change places, once; each place keeps its tag. */
    static Mutation swapping() {
        AtomicBoolean done = new AtomicBoolean();
        return NONE.withBroker(messages(all -> {
            List<InboundMessage> changed = new ArrayList<>(all);
            for (int i = 1; i < all.size(); i++) {
                InboundMessage before = all.get(i - 1);
                InboundMessage behind = all.get(i);
                if (Objects.equals(before.key(), behind.key()) && done.compareAndSet(false, true)) {
                    changed.set(i - 1, inPlaceOf(before, behind));
                    changed.set(i, inPlaceOf(behind, before));
                }
            }
            return changed;
        }));
    }

    private static InboundMessage inPlaceOf(InboundMessage place, InboundMessage other) {
        return InboundMessage.builder(place.tag(), place.offset())
                .key(other.key())
                .nativeId(other.nativeId())
                .incarnation(other.incarnation())
                .headers(other.headers())
                .body(other.body())
                .timestampMillis(other.timestampMillis())
                .redelivered(other.redelivered())
                .size(other.size())
                .build();
    }

    /** Everything is acknowledged when it comes. */
    static Mutation acknowledgingOnReceipt() {
        return new Mutation(
                sources((transport, spec, engine) -> {
                    AtomicReference<MessageSource> source = new AtomicReference<>();
                    SourceListener hasty = Decorated.of(SourceListener.class, engine, (method, arguments) -> {
                        if (method.equals("onMessages")) {
                            List<InboundMessage> all = received(arguments);
                            long last = all.get(all.size() - 1).tag();
                            source.get()
                                    .acknowledge(List.of(new Acknowledgement(
                                            (Shard) arguments[0], last, Acknowledgement.NONE, true)));
                        }
                        return null;
                    });
                    source.set(transport.openSource(spec, hasty));
                    return source.get();
                }),
                NONE.broker,
                NONE.publishing,
                NONE.store);
    }

    /** Nobody pauses. */
    static Mutation neverPausing() {
        return NONE.withBroker(sources((transport, spec, engine) -> Decorated.of(
                MessageSource.class,
                transport.openSource(spec, engine),
                (method, arguments) -> method.equals("pause") ? HANDLED : null)));
    }

    /** What is acknowledged never reaches the broker. */
    static Mutation losingAcknowledgements() {
        return NONE.withBroker(sources((transport, spec, engine) -> Decorated.of(
                MessageSource.class,
                transport.openSource(spec, engine),
                (method, arguments) -> method.equals("acknowledge") ? HANDLED : null)));
    }

    /** A source keeps to no deadline when it is closed, and ends only when it is released. */
    static Mutation closingOnly(CountDownLatch when) {
        return NONE.withBroker(sources((transport, spec, engine) -> {
            MessageSource source = transport.openSource(spec, engine);
            return Decorated.of(MessageSource.class, source, (method, arguments) -> {
                if (method.equals("close")) {
                    awaitUninterruptibly(when);
                }
                return null;
            });
        }));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One claim is answered DONE although the id was never handled. */
    static Mutation inventingDone() {
        AtomicLong claims = new AtomicLong();
        return NONE.withStore((store, commands) -> {
            List<StoreAnswer> answers = new ArrayList<>();
            for (StoreCommand each : commands) {
                boolean invented = each.type() == StoreCommand.Type.CLAIM && claims.incrementAndGet() == 5;
                answers.add(
                        invented
                                ? StoreAnswer.of(StoreAnswer.Kind.DONE)
                                : store.apply(List.of(each)).get(0));
            }
            return answers;
        });
    }

    /** Whoever asks is granted the claim, with a token of its own. */
    static Mutation grantingEverybody() {
        AtomicLong token = new AtomicLong();
        return NONE.withStore((store, commands) -> {
            List<StoreAnswer> answers = new ArrayList<>(store.apply(commands));
            answers.replaceAll(answer -> switch (answer.kind()) {
                case ACQUIRED, MINE, DONE, BUSY ->
                    StoreAnswer.claimed(StoreAnswer.Kind.ACQUIRED, token.incrementAndGet(), 0, false);
                default -> answer;
            });
            return answers;
        });
    }

    /** Every claim comes with the same token. */
    static Mutation repeatingTokens() {
        return NONE.withStore((store, commands) -> {
            List<StoreAnswer> answers = new ArrayList<>(store.apply(commands));
            answers.replaceAll(Mutation::withOneToken);
            return answers;
        });
    }

    private static StoreAnswer withOneToken(StoreAnswer answer) {
        return answer.token() == 0 ? answer : StoreAnswer.claimed(answer.kind(), 1, answer.attempt(), answer.suspect());
    }

    /** Whoever asks is granted the claim, with the same token as everybody. */
    static Mutation grantingEverybodyTheSame() {
        Mutation generous = grantingEverybody();
        return new Mutation(
                generous.engine,
                generous.broker,
                generous.publishing,
                factory -> repeatingTokens().store.apply(generous.store.apply(factory)));
    }

    /** A claim that is to be prolonged is said to be, and is not. */
    static Mutation forgettingRenewals() {
        return NONE.withStore((store, commands) -> {
            List<StoreCommand> others = commands.stream()
                    .filter(each -> each.type() != StoreCommand.Type.RENEW)
                    .toList();
            Iterator<StoreAnswer> answers =
                    (others.isEmpty() ? List.<StoreAnswer>of() : store.apply(others)).iterator();
            return commands.stream()
                    .map(each -> each.type() == StoreCommand.Type.RENEW
                            ? StoreAnswer.of(StoreAnswer.Kind.OK)
                            : answers.next())
                    .toList();
        });
    }

    /** Every dead letter is reported as stored and was never sent. */
    static Mutation droppingDeadLetters() {
        return NONE.withBroker(sessions(UnaryOperator.identity(), (session, listener) -> (frame, context) -> {
            if (frame.headers().text("oncemq-dead-letter-id") != null) {
                listener.confirmed(context, new Position("nowhere", 0));
            } else {
                session.send(frame, context);
            }
        }));
    }

    /** One message is reported as stored and was never sent. */
    static Mutation inventingConfirm(String id) {
        return NONE.withPublishing(sessions(UnaryOperator.identity(), (session, listener) -> (frame, context) -> {
            if (frame.id().equals(id)) {
                listener.confirmed(context, new Position("nowhere", 0));
            } else {
                session.send(frame, context);
            }
        }));
    }

    /** One message is reported as refused and was stored. */
    static Mutation inventingRefusal(String id) {
        AtomicReference<Object> target = new AtomicReference<>();
        return NONE.withPublishing(sessions(
                listener -> Decorated.of(PublishListener.class, listener, (method, arguments) -> {
                    if (!method.equals("confirmed") || arguments[0] != target.get()) {
                        return null;
                    }
                    listener.rejected(arguments[0], Reason.REFUSED, new IllegalStateException("invented"));
                    return HANDLED;
                }),
                (session, listener) -> (frame, context) -> {
                    if (frame.id().equals(id)) {
                        target.set(context);
                    }
                    session.send(frame, context);
                }));
    }

    private interface Sending {
        void send(OutboundFrame frame, Object context);
    }

    private static UnaryOperator<TransportFactory> sessions(
            UnaryOperator<PublishListener> hearing, BiFunction<PublishSession, PublishListener, Sending> sending) {
        return factory -> clientId -> {
            BrokerTransport real = factory.open(clientId);
            return Decorated.of(BrokerTransport.class, real, (method, arguments) -> {
                if (!method.equals("openPublishSession")) {
                    return null;
                }
                PublishListener listener = (PublishListener) arguments[0];
                PublishSession session = real.openPublishSession(hearing.apply(listener));
                Sending changed = sending.apply(session, listener);
                return Decorated.of(PublishSession.class, session, (name, given) -> {
                    if (!name.equals("send")) {
                        return null;
                    }
                    changed.send((OutboundFrame) given[0], given[1]);
                    return HANDLED;
                });
            });
        };
    }

    /** Another reader of everything, which the broker does not know to belong to the group. */
    Mutation besides(String brokerGroup) {
        return withBroker(sources((transport, spec, engine) -> transport.openSource(
                spec.toBuilder().group(brokerGroup).remembered(false).build(), engine)));
    }
}
