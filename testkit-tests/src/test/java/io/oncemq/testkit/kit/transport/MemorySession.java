package io.oncemq.testkit.kit.transport;

import io.oncemq.AuthenticationException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.ArrayDeque;

/** Stores at once; what a silent broker does not take waits here, in order. */
final class MemorySession implements PublishSession {
    static final int LARGEST = 1 << 20;

    private record Waiting(OutboundFrame frame, Object context) {}

    private final MemoryBroker broker;
    private final MemoryLogin login;
    private final PublishListener listener;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "memory-session");
    private boolean closed;

    MemorySession(MemoryBroker broker, MemoryLogin login, PublishListener listener) {
        this.broker = broker;
        this.login = login;
        this.listener = listener;
        broker.connect(listener);
        thread.start();
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        if (frame.size() > LARGEST) {
            listener.rejected(context, Reason.TOO_LARGE, new IllegalArgumentException("above " + LARGEST));
            return;
        }
        synchronized (this) {
            waiting.add(new Waiting(frame, context));
            notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                synchronized (this) {
                    while (waiting.isEmpty() && !closed) {
                        wait();
                    }
                    if (closed) {
                        return;
                    }
                    tryFirst();
                }
                if (broker.isSilent()) {
                    broker.awaitNews();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryFirst() {
        Waiting first = waiting.element();
        OutboundFrame frame = first.frame();
        try {
            login.check(Right.Use.PUBLISH, frame.destination());
        } catch (AuthenticationException e) {
            waiting.remove();
            refuse(first, e);
            return;
        }
        Long offset = broker.store(
                frame.destination(), frame.keyHash(), new RawMessage(frame.key(), frame.headers(), frame.body()));
        if (offset == null && broker.defect() == Defect.REPORTS_A_TIMEOUT_AS_SUCCESS) {
            offset = 0L;
        }
        if (offset != null) {
            waiting.remove();
            listener.confirmed(first.context(), new Position(frame.destination(), offset));
        }
    }

    private void refuse(Waiting refused, AuthenticationException cause) {
        if (broker.defect() == Defect.CONFIRMS_WHAT_IS_FORBIDDEN) {
            listener.confirmed(refused.context(), new Position(refused.frame().destination(), 0));
        } else {
            listener.rejected(refused.context(), Reason.UNAUTHORIZED, cause);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close(Duration deadline) {
        synchronized (this) {
            closed = true;
            waiting.clear();
            notifyAll();
        }
        broker.disconnect(listener);
        thread.interrupt();
    }
}
