package io.oncemq.it.rabbit;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What became of each message of one session, by its context. */
final class SentOutcomes implements PublishListener {
    final Map<Object, Position> confirmed = new ConcurrentHashMap<>();
    final Map<Object, Reason> rejected = new ConcurrentHashMap<>();
    final Map<Object, Throwable> notSent = new ConcurrentHashMap<>();
    final Map<Object, Throwable> unknown = new ConcurrentHashMap<>();
    final Map<String, Integer> shards = new ConcurrentHashMap<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<Object> twice = new ArrayList<>();

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
            twice.add(context);
        }
    }

    int decided() {
        return confirmed.size() + rejected.size() + notSent.size() + unknown.size();
    }

    @Override
    public void sessionFailed(Throwable cause) {
        failures.add(cause);
    }

    @Override
    public boolean shards(String destination, int count) {
        shards.put(destination, count);
        return true;
    }

    @Override
    public void writable(boolean writable) {}
}
