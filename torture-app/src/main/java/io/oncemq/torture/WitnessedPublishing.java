package io.oncemq.torture;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.TransportFactory;
import io.oncemq.torture.history.Recorder;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a publisher gives to the broker more than once, for so many copies the broker may have, and what the broker takes long to answer.
 * Thread-safe.
 */
final class WitnessedPublishing {
    private static final long LONG_NANOS = 1_000_000_000;

    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Recorder recorder;

    WitnessedPublishing(Recorder recorder) {
        this.recorder = recorder;
    }

    private record Open(String id, long sinceNanos) {}

    TransportFactory over(TransportFactory factory) {
        return clientId -> {
            BrokerTransport transport = factory.open(clientId);
            return Decorated.of(
                    BrokerTransport.class,
                    transport,
                    (method, arguments) -> method.equals("openPublishSession")
                            ? session(transport, (PublishListener) arguments[0])
                            : null);
        };
    }

    private PublishSession session(BrokerTransport transport, PublishListener listener) {
        Map<Object, Open> open = new ConcurrentHashMap<>();
        PublishListener heard = Decorated.of(PublishListener.class, listener, (method, arguments) -> {
            switch (method) {
                case "confirmed", "rejected", "notSent", "unknown" -> ended(open.remove(arguments[0]));
                case "sessionFailed" -> end(open);
                default -> {}
            }
            return null;
        });
        PublishSession session = transport.openPublishSession(heard);
        return Decorated.of(PublishSession.class, session, (method, arguments) -> {
            if (method.equals("send") && arguments[0] instanceof OutboundFrame frame) {
                if (!sent.add(frame.id())) {
                    recorder.sentAgain(frame.id());
                }
                open.put(arguments[1], new Open(frame.id(), System.nanoTime()));
            } else if (method.equals("close")) {
                end(open);
            }
            return null;
        });
    }

    /** The session is given up with what it has not answered. */
    private void end(Map<Object, Open> open) {
        open.values().forEach(this::ended);
        open.clear();
    }

    private void ended(@Nullable Open send) {
        long waited = send == null ? 0 : System.nanoTime() - send.sinceNanos();
        if (send != null && waited > LONG_NANOS) {
            recorder.answeredLate(send.id(), waited);
        }
    }
}
