package io.oncemq.testkit.kit.transport;

import io.oncemq.ConnectionException;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.PublishListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A log broker in memory, sound but for its defect: partitions, groups with committed positions, outages. Thread-safe. */
final class MemoryBroker {
    private final Defect defect;
    private final Map<String, List<List<RawMessage>>> topics = new HashMap<>();
    private final Map<String, Long> committed = new HashMap<>();
    private final Map<String, Set<MemorySource>> members = new HashMap<>();
    private final Map<String, MemorySource> owners = new HashMap<>();
    private final Set<PublishListener> sessions = new LinkedHashSet<>();
    private boolean silent;
    private boolean dead;
    private int stored;

    MemoryBroker(Defect defect) {
        this.defect = defect;
    }

    Defect defect() {
        return defect;
    }

    synchronized void create(String topic, int partitions) {
        topics.computeIfAbsent(topic, name -> {
            List<List<RawMessage>> logs = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                logs.add(new ArrayList<>());
            }
            return logs;
        });
    }

    synchronized boolean exists(String topic) {
        return topics.containsKey(topic);
    }

    synchronized void connect(PublishListener session) {
        if (dead) {
            throw new ConnectionException("the broker is down", null);
        }
        sessions.add(session);
    }

    synchronized void disconnect(PublishListener session) {
        sessions.remove(session);
    }

    synchronized boolean isSilent() {
        return silent;
    }

    /** Stores a message; its offset, or null while the broker is silent or down. */
    synchronized @Nullable Long store(String topic, int hash, RawMessage message) {
        if (silent || dead) {
            return null;
        }
        List<List<RawMessage>> logs = topics.get(topic);
        List<RawMessage> log = logs.get(KeyHash.place(hash, logs.size()));
        log.add(message);
        int last = log.size() - 1;
        if (defect == Defect.REORDERS_A_KEY && ++stored % 7 == 0 && last > 0) {
            log.set(last, log.get(last - 1));
            log.set(last - 1, message);
        }
        notifyAll();
        return (long) last;
    }

    synchronized List<RawMessage> all(String topic) {
        return topics.get(topic).stream().flatMap(List::stream).toList();
    }

    synchronized List<Integer> ends(String topic) {
        return topics.get(topic).stream().map(List::size).toList();
    }

    synchronized List<RawMessage> read(String topic, int partition, long from, int most) {
        List<RawMessage> log = topics.get(topic).get(partition);
        if (silent || dead || from >= log.size()) {
            return List.of();
        }
        return List.copyOf(log.subList((int) from, (int) Math.min(log.size(), from + most)));
    }

    synchronized void awaitNews() throws InterruptedException {
        wait(5);
    }

    synchronized void join(MemorySource member) {
        members.computeIfAbsent(member.place(), place -> new LinkedHashSet<>()).add(member);
        notifyAll();
    }

    synchronized void leave(MemorySource member) {
        members.getOrDefault(member.place(), Set.of()).remove(member);
        owners.values().removeIf(owner -> owner == member);
        notifyAll();
    }

    synchronized int members(String topic, String group) {
        return members.getOrDefault(MemorySource.place(topic, group), Set.of()).size();
    }

    /** The partitions that a member should have. */
    synchronized Set<Integer> wanted(MemorySource member) {
        List<MemorySource> all = List.copyOf(members.getOrDefault(member.place(), Set.of()));
        Set<Integer> wanted = new LinkedHashSet<>();
        for (int i = 0; i < topics.get(member.topic()).size(); i++) {
            if (!all.isEmpty() && all.get(i % all.size()) == member) {
                wanted.add(i);
            }
        }
        return wanted;
    }

    /** Takes a partition without an owner. */
    synchronized boolean acquire(MemorySource member, int partition) {
        return owners.putIfAbsent(member.place() + partition, member) == null;
    }

    synchronized void release(MemorySource member, int partition) {
        owners.remove(member.place() + partition, member);
        notifyAll();
    }

    synchronized long position(MemorySource member, int partition, long initial) {
        return committed.computeIfAbsent(member.place() + partition, place -> initial);
    }

    synchronized void commit(MemorySource member, int partition, long position) {
        if (owners.get(member.place() + partition) == member) {
            committed.put(member.place() + partition, position);
        }
    }

    synchronized void silence(boolean on) {
        silent = on;
        notifyAll();
    }

    void die() {
        synchronized (this) {
            dead = true;
        }
        sever();
    }

    synchronized void live() {
        dead = false;
        notifyAll();
    }

    void sever() {
        List<PublishListener> cut;
        synchronized (this) {
            cut = List.copyOf(sessions);
            sessions.clear();
            if (defect == Defect.LOSES_ON_RECONNECT) {
                topics.values().forEach(logs -> logs.forEach(MemoryBroker::forgetTheLast));
            }
        }
        cut.forEach(session -> session.sessionFailed(new IllegalStateException("the connection broke")));
    }

    private static void forgetTheLast(List<RawMessage> log) {
        log.subList(Math.max(0, log.size() - 20), log.size()).clear();
    }
}
