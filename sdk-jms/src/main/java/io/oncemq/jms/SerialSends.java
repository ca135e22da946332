package io.oncemq.jms;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.support.Routes;
import java.time.Duration;
import java.util.function.Consumer;

/** The sends of a publish session, one at a time: on the engine's thread, or on the thread that looked a route up. Thread-safe. */
final class SerialSends<R> implements Routes.Sends<R> {
    /** For how long a send may be stuck, with the engine's thread in it. */
    private static final long STUCK_NANOS = Duration.ofSeconds(3).toNanos();

    private final PublishListener listener;
    private final Administration.Errors errors;
    private final Consumer<Throwable> lost;
    private final Write<R> write;
    private volatile long since;

    /** Writes one message; throws nothing. */
    interface Write<R> {
        void to(R route, OutboundFrame frame, Object context);
    }

    /** @param lost receives the failure of a look-up that says that the connection is lost */
    SerialSends(PublishListener listener, Administration.Errors errors, Consumer<Throwable> lost, Write<R> write) {
        this.listener = listener;
        this.errors = errors;
        this.lost = lost;
        this.write = write;
    }

    @Override
    public synchronized void place(R route, OutboundFrame frame, Object context) {
        since = System.nanoTime() | 1;
        try {
            write.to(route, frame, context);
        } finally {
            since = 0;
        }
    }

    /** Nothing of the message was written. What is asked about one destination fails for that one, unless the connection is lost. */
    @Override
    public void notPlaced(Throwable cause, OutboundFrame frame, Object context) {
        if (cause instanceof LookUps.Unroutable) {
            listener.rejected(context, Reason.UNROUTABLE, cause);
            return;
        }
        MessagingException known = errors.translate("publishing", cause);
        listener.notSent(context, known);
        if (known instanceof ConnectionException) {
            lost.accept(known);
        }
    }

    /** Whether a send takes so long that its connection is to be cut. */
    boolean isStuck() {
        long begun = since;
        return begun != 0 && System.nanoTime() - begun > STUCK_NANOS;
    }
}
