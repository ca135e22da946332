package io.oncemq.it.kafka;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What became of each message of one session, by its context. */
final class Outcomes implements PublishListener {
    final Map<Object, Position> confirmed = new ConcurrentHashMap<>();
    final Map<Object, Reason> rejected = new ConcurrentHashMap<>();
    final Map<Object, Throwable> notSent = new ConcurrentHashMap<>();
    final Map<Object, Throwable> unknown = new ConcurrentHashMap<>();
    final List<String> twice = new ArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    final Map<String, Integer> shards = new ConcurrentHashMap<>();
    volatile boolean keysMayMove = true;
    volatile @Nullable Throwable failure;

    @Override
    public void confirmed(Object context, Position position) {
        once(context, confirmed.put(context, position));
    }

    @Override
    public void rejected(Object context, Reason reason, Throwable cause) {
        once(context, rejected.put(context, reason));
    }

    @Override
    public void notSent(Object context, Throwable cause) {
        once(context, notSent.put(context, cause));
    }

    @Override
    public void unknown(Object context, Throwable cause) {
        once(context, unknown.put(context, cause));
    }

    private synchronized void once(Object context, @Nullable Object earlier) {
        if (earlier != null) {
            twice.add(context.toString());
        }
    }

    @Override
    public void sessionFailed(Throwable cause) {
        failure = cause;
        failures.incrementAndGet();
    }

    @Override
    public boolean shards(String destination, int count) {
        shards.put(destination, count);
        return keysMayMove;
    }

    @Override
    public void writable(boolean writable) {}
}
