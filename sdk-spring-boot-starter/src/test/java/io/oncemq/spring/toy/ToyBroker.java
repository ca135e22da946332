package io.oncemq.spring.toy;

import io.oncemq.ConfigurationException;
import io.oncemq.Headers;
import io.oncemq.MessageFilter;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Logs of one partition each, with the positions of groups. Thread-safe. */
public final class ToyBroker {
    private static final Map<String, ToyBroker> ALL = new ConcurrentHashMap<>();

    private final Map<String, List<InboundMessage>> logs = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<String, MessageFilter> filters = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> ensured = new ArrayList<>();
    private long stamp;
    private int clients;
    private final Map<String, IllegalStateException> failing = new ConcurrentHashMap<>();
    private boolean away;
    private boolean filtering = true;

    public static ToyBroker named(String name) {
        return ALL.computeIfAbsent(name, any -> new ToyBroker());
    }

    public synchronized void create(String destination) {
        logs.computeIfAbsent(destination, any -> new ArrayList<>());
    }

    /** It cannot be made from now on. */
    public synchronized void refuse(String destination) {
        refused.add(destination);
    }

    synchronized void ensure(String destination) {
        if (refused.contains(destination)) {
            throw new ConfigurationException(
                    "destination", destination, "the toy does not make it", "Name another one");
        }
        ensured.add(destination);
        create(destination);
    }

    /** What was asked for, in this order, each time. */
    public synchronized List<String> ensured() {
        return List.copyOf(ensured);
    }

    /** The time stamp of messages from now on, in milliseconds; 0 for none. */
    public synchronized void stamp(long millis) {
        stamp = millis;
    }

    public synchronized boolean exists(String destination) {
        return logs.containsKey(destination);
    }

    synchronized long store(OutboundFrame frame) {
        byte[] body = frame.body();
        return store(frame.destination(), frame.key(), frame.headers(), body);
    }

    private long store(String destination, @Nullable String key, Headers headers, byte @Nullable [] body) {
        List<InboundMessage> log = logs.get(destination);
        long offset = log.size();
        log.add(InboundMessage.builder(offset, offset)
                .key(key)
                .incarnation("1")
                .timestampMillis(stamp)
                .headers(headers)
                .body(body)
                .build());
        notifyAll();
        return offset;
    }

    synchronized List<InboundMessage> await(String destination, long from) throws InterruptedException {
        if (from >= logs.get(destination).size()) {
            wait(20);
        }
        List<InboundMessage> log = logs.get(destination);
        return from < log.size() ? List.copyOf(log.subList((int) from, log.size())) : List.of();
    }

    /** What lies in a destination. */
    public synchronized List<InboundMessage> messages(String destination) {
        return List.copyOf(logs.getOrDefault(destination, List.of()));
    }

    synchronized void commit(String destination, String group, long next) {
        positions.put(destination + "/" + group, next);
    }

    /** Up to where a group has acknowledged. */
    public synchronized long position(String destination, String group) {
        return positions.getOrDefault(destination + "/" + group, 0L);
    }

    synchronized void reads(String destination, String group, @Nullable MessageFilter filter) {
        if (filter != null) {
            filters.put(destination + "/" + group, filter);
        }
    }

    /** What a group has asked for; it gets everything. */
    public synchronized @Nullable MessageFilter filter(String destination, String group) {
        return filters.get(destination + "/" + group);
    }

    /** From now on transports do not offer filters. */
    public synchronized void withoutFilters() {
        filtering = false;
    }

    synchronized boolean canFilter() {
        return filtering;
    }

    /** Whether it leaves signs of life out. */
    public synchronized void away(boolean on) {
        away = on;
    }

    synchronized boolean isAway() {
        return away;
    }

    /** Ends who reads a destination; null ends that. */
    public void fail(String destination, @Nullable IllegalStateException failure) {
        if (failure == null) {
            failing.remove(destination);
        } else {
            failing.put(destination, failure);
        }
    }

    @Nullable
    IllegalStateException failure(String destination) {
        return failing.get(destination);
    }

    synchronized void connected(int change) {
        clients += change;
    }

    /** How many transports are open. */
    public synchronized int clients() {
        return clients;
    }
}
