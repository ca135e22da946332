package io.oncemq.it;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What became of each message of one session, by its context. */
public final class SentOutcomes implements PublishListener {
    public final Map<Object, Position> confirmed = new ConcurrentHashMap<>();
    public final Map<Object, Reason> rejected = new ConcurrentHashMap<>();
    public final Map<Object, Throwable> notSent = new ConcurrentHashMap<>();
    /** Part of {@link #notSent}: what waits for room, and not for a back-off. */
    public final Set<Object> withoutRoom = ConcurrentHashMap.newKeySet();

    public final Map<Object, Throwable> unknown = new ConcurrentHashMap<>();
    public final Map<String, Integer> shards = new ConcurrentHashMap<>();
    public final List<Throwable> failures = new CopyOnWriteArrayList<>();
    public final List<Boolean> writable = new CopyOnWriteArrayList<>();
    public final List<String> blocked = new CopyOnWriteArrayList<>();
    public final List<Object> twice = new CopyOnWriteArrayList<>();

    public SentOutcomes() {}

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
    public void noRoom(Object context, Throwable cause) {
        withoutRoom.add(context);
        notSent(context, cause);
    }

    @Override
    public void unknown(Object context, Throwable cause) {
        once(context, unknown.put(context, cause));
    }

    private void once(Object context, @Nullable Object earlier) {
        if (earlier != null) {
            twice.add(context);
        }
    }

    /** How many have an outcome. */
    public int decided() {
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
    public void writable(boolean now) {
        writable.add(now);
    }

    @Override
    public void blocked(@Nullable String destination, String reason) {
        blocked.add(reason);
    }
}
