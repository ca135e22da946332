package io.oncemq.testkit.kit.transport;

import io.oncemq.AuthenticationException;
import io.oncemq.StartPosition;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.AccessPatience;
import io.oncemq.spi.support.Drains;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A member of a group: one thread that revokes, takes, reads and commits its partitions. */
final class MemorySource implements MessageSource {
    private static final class Owned {
        final Shard shard;
        final int partition;
        long next;

        Owned(Shard shard, int partition, long next) {
            this.shard = shard;
            this.partition = partition;
            this.next = next;
        }
    }

    /** Above the drain deadline of every test. */
    private static final Duration DRAINED = Duration.ofMinutes(5);

    private final MemoryBroker broker;
    private final MemoryLogin login;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final Thread thread = new Thread(this::run, "memory-source");
    private final Map<Integer, Owned> owned = new HashMap<>();
    private final Map<Shard, Boolean> paused = new ConcurrentHashMap<>();
    private final Map<Shard, Acknowledgement> ready = new ConcurrentHashMap<>();
    private final List<Integer> endsAtOpening;
    private final Drains<Owned> drains;
    private final AccessPatience patience;
    private long epoch;
    private volatile boolean closing;

    MemorySource(MemoryBroker broker, MemoryLogin login, SourceSpec spec, SourceListener listener) {
        this.broker = broker;
        this.login = login;
        this.spec = spec;
        this.listener = listener;
        this.patience = new AccessPatience(spec, listener::onEvent, System::nanoTime);
        this.endsAtOpening = broker.ends(spec.destination());
        this.drains = new Drains<>(listener, acknowledgements -> acknowledgements.forEach(this::commit), () -> {});
    }

    /** A share of the bound, so that one fetch of a held key does not fill it. */
    static int fetch(int maxInFlight) {
        return Math.max(1, Math.min(200, maxInFlight / 4));
    }

    String topic() {
        return spec.destination();
    }

    String place() {
        return place(spec.destination(), spec.group());
    }

    static String place(String topic, String group) {
        return group + "/" + topic + "/";
    }

    @Override
    public void start() {
        broker.join(this);
        thread.start();
    }

    private void run() {
        try {
            while (!closing) {
                Set<Integer> wanted = broker.wanted(this);
                drain(owned.values().stream()
                        .filter(each -> !wanted.contains(each.partition) && !drains.contains(each))
                        .toList());
                take(wanted);
                commitReady();
                drains.ended().forEach(this::giveBack);
                if (!deliverWhatIsAllowed()) {
                    broker.awaitNews();
                }
            }
            drain(owned.values().stream().filter(each -> !drains.contains(each)).toList());
            awaitDrains();
            broker.leave(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(List<Owned> leaving) {
        if (!leaving.isEmpty()) {
            drains.begin(leaving, leaving.stream().map(each -> each.shard).toList());
            if (broker.defect() == Defect.STOPS_WHILE_IT_DRAINS) {
                awaitDrains();
            }
        }
    }

    private void awaitDrains() {
        drains.await(DRAINED);
        commitReady();
        drains.ended().forEach(this::giveBack);
    }

    private void giveBack(Owned drained) {
        owned.remove(drained.partition);
        broker.release(this, drained.partition);
    }

    private void take(Set<Integer> wanted) {
        List<Shard> taken = new ArrayList<>();
        for (int partition : wanted) {
            if (!owned.containsKey(partition) && broker.acquire(this, partition)) {
                Shard shard = new Shard(topic() + "-" + partition, ++epoch, Shard.AcknowledgeMode.CUMULATIVE);
                boolean earliest =
                        spec.startAt().equals(StartPosition.EARLIEST) && broker.defect() != Defect.STARTS_AT_THE_END;
                long initial = earliest ? 0 : endsAtOpening.get(partition);
                owned.put(partition, new Owned(shard, partition, broker.position(this, partition, initial)));
                taken.add(shard);
            }
        }
        if (!taken.isEmpty()) {
            listener.onAssigned(taken);
        }
    }

    private boolean deliverWhatIsAllowed() {
        try {
            login.check(Right.Use.CONSUME, topic());
        } catch (AuthenticationException e) {
            boolean ends = broker.defect() == Defect.ENDS_AT_A_REFUSAL
                    || broker.defect() == Defect.STANDBY_ENDS_AT_A_REFUSAL && owned.isEmpty();
            if (!patience.bears(e) || ends) {
                closing = true;
                listener.onFailure(e);
            }
            return false;
        }
        patience.letIn();
        boolean delivered = deliver();
        patience.well(delivered);
        return delivered;
    }

    private boolean deliver() {
        boolean delivered = false;
        for (Owned each : owned.values()) {
            if (!paused.containsKey(each.shard) && !drains.contains(each)) {
                delivered |= deliver(each);
            }
        }
        return delivered;
    }

    private boolean deliver(Owned each) {
        List<InboundMessage> messages = new ArrayList<>();
        for (RawMessage raw : broker.read(topic(), each.partition, each.next, fetch(spec.maxInFlight()))) {
            byte[] body = raw.body();
            if (body == null && broker.defect() == Defect.DROPS_TOMBSTONES) {
                each.next++;
                continue;
            }
            messages.add(InboundMessage.builder(each.next, each.next)
                    .key(raw.key())
                    .incarnation("1")
                    .headers(raw.headers())
                    .body(body)
                    .build());
            each.next++;
        }
        if (messages.isEmpty()) {
            return false;
        }
        if (broker.defect() == Defect.ACKS_EARLY) {
            broker.commit(this, each.partition, each.next);
        }
        listener.onMessages(each.shard, messages);
        return true;
    }

    private void commitReady() {
        for (Shard shard : ready.keySet()) {
            Acknowledgement next = ready.remove(shard);
            if (next != null) {
                commit(next);
            }
        }
    }

    private void commit(Acknowledgement acknowledgement) {
        if (broker.defect() == Defect.ACKS_EARLY || broker.defect() == Defect.FORGETS_ACKNOWLEDGEMENTS) {
            return;
        }
        for (Owned each : owned.values()) {
            if (each.shard.equals(acknowledgement.shard()) && acknowledgement.through() >= 0) {
                broker.commit(this, each.partition, acknowledgement.through() + 1);
            }
        }
    }

    @Override
    public void pause(Shard shard) {
        if (broker.defect() != Defect.IGNORES_PAUSES) {
            paused.put(shard, true);
        }
    }

    @Override
    public void resume(Shard shard) {
        paused.remove(shard);
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        acknowledgements.forEach(each -> ready.put(each.shard(), each));
    }

    @Override
    public void close(Duration deadline) {
        closing = true;
        try {
            thread.join(deadline.toMillis() + 1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
