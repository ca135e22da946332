package io.oncemq.torture;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.TransportFactory;
import io.oncemq.torture.history.Recorder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the engine and its broker and store, records what passes, and lets the process die there when the driver orders it: before and after
 * claim, effect, DONE and acknowledgement, windows of microseconds that a kill at random hardly ever meets. So the judgement does not depend on the
 * library's own events. {@code Runtime.halt} runs no hook and flushes nothing of the JVM, and the kernel closes the sockets, as for SIGKILL.
 */
final class Witness {
    private static final String DEAD_LETTER_ID = "oncemq-dead-letter-id";

    private final Recorder recorder;
    private final Orders orders;
    private final MessageNames names = new MessageNames();
    private final Unsettled unsettled = new Unsettled();

    Witness(Recorder recorder, Orders orders) {
        this.recorder = recorder;
        this.orders = orders;
    }

    long unsettled() {
        return unsettled.count();
    }

    TransportFactory over(TransportFactory factory) {
        return clientId -> {
            BrokerTransport transport = factory.open(clientId);
            return Decorated.of(BrokerTransport.class, transport, (method, arguments) -> switch (method) {
                case "openSource" -> source(transport, (SourceSpec) arguments[0], (SourceListener) arguments[1]);
                case "openPublishSession" -> session(transport, (PublishListener) arguments[0]);
                default -> null;
            });
        };
    }

    IdempotencyStoreFactory over(IdempotencyStoreFactory factory) {
        return () -> {
            IdempotencyStore store = factory.open();
            return Decorated.of(
                    IdempotencyStore.class,
                    store,
                    (method, arguments) -> method.equals("group") ? claims(store, arguments) : null);
        };
    }

    private MessageSource source(BrokerTransport transport, SourceSpec spec, SourceListener engine) {
        var listener = new WitnessedListener(spec, engine, recorder, names, unsettled);
        return new WitnessedSource(transport.openSource(spec, listener), recorder, orders, unsettled);
    }

    private PublishSession session(BrokerTransport transport, PublishListener listener) {
        Map<Object, String> letters = new ConcurrentHashMap<>();
        PublishListener heard = Decorated.of(PublishListener.class, listener, (method, arguments) -> {
            switch (method) {
                case "confirmed", "rejected" -> letters.remove(arguments[0]);
                case "notSent", "unknown" ->
                    Optional.ofNullable(letters.remove(arguments[0])).ifPresent(recorder::deadLetterReturned);
                case "sessionFailed" -> letters.values().forEach(recorder::deadLetterReturned);
                default -> {}
            }
            return null;
        });
        PublishSession session = transport.openPublishSession(heard);
        return Decorated.of(PublishSession.class, session, (method, arguments) -> {
            if (method.equals("send") && arguments[0] instanceof OutboundFrame frame) {
                String letter = frame.headers().text(DEAD_LETTER_ID);
                if (letter != null) {
                    recorder.deadLetterSent(letter);
                    letters.put(arguments[1], letter);
                }
            } else if (method.equals("close")) {
                letters.values().forEach(recorder::deadLetterReturned);
            }
            return null;
        });
    }

    private ClaimStore claims(IdempotencyStore store, Object[] arguments) {
        ClaimStore claims =
                store.group(Objects.toString(arguments[0]), (CrashPolicy) arguments[1], (Duration) arguments[2]);
        return new WitnessedClaims(claims, recorder, orders, names);
    }
}
