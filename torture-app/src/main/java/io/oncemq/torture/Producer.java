package io.oncemq.torture;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.PublishOutcome;
import io.oncemq.torture.history.Recorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes at a steady pace, the busy keys more often. What has an unknown outcome is published again under its id before anything else of its
 * key; what is certainly not stored is given up, and must never be handled. All of it on one thread; counts may be read from others.
 */
final class Producer implements Runnable {
    private static final long NANOS_A_MESSAGE = 1_000_000_000L / 200;
    /** So much may wait for a broker that is away. */
    private static final int MOST_UNCONFIRMED = 1_500;

    private final MessagingClient client;
    private final Recorder recorder;
    private final SplittableRandom random;
    private final long seed;
    private final Zipf keys = new Zipf(Terms.KEYS);
    private final Map<Integer, KeyLine> lines = new HashMap<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private volatile long published;
    private volatile long refused;
    private volatile boolean paused;
    private volatile boolean finishing;
    private volatile boolean finished;
    private volatile @Nullable Throwable broken;

    /** A try that has its outcome, or a line that is to be looked at again. */
    private record Ended(KeyLine line, long sequence, PublishOutcome outcome) {}

    Producer(MessagingClient client, Recorder recorder, long seed) {
        this.client = client;
        this.recorder = recorder;
        this.random = new SplittableRandom(seed);
        this.seed = seed;
    }

    @Override
    public void run() {
        PublisherOptions options =
                PublisherOptions.builder().deadline(Terms.PUBLISH_DEADLINE).build();
        try (Publisher<byte[]> publisher = client.publisher(Terms.DESTINATION, Codecs.bytes(), options)) {
            long next = System.nanoTime();
            while (!finishing || confirmed.size() + refused < published) {
                if (broken != null) {
                    throw new IllegalStateException("a publish ended in a way that is none of its outcomes", broken);
                }
                long now = System.nanoTime();
                if (now - next >= 0) {
                    next = Math.max(next + NANOS_A_MESSAGE, now - NANOS_A_MESSAGE);
                    addOne(publisher);
                }
                Ended each = ended.poll(Math.max(0, next - now), TimeUnit.NANOSECONDS);
                if (each != null) {
                    take(publisher, each);
                }
            }
        } catch (InterruptedException brokenOff) {
            Thread.currentThread().interrupt();
        } finally {
            finished = true;
        }
    }

    private void addOne(Publisher<byte[]> publisher) {
        if (finishing || paused || published - refused - confirmed.size() >= MOST_UNCONFIRMED) {
            return;
        }
        KeyLine line = lines.computeIfAbsent(keys.next(random), number -> new KeyLine("k" + number));
        line.add();
        published++;
        handOver(publisher, line);
    }

    private void take(Publisher<byte[]> publisher, Ended each) {
        PublishOutcome outcome = each.outcome();
        String id = each.line().id(each.sequence());
        if (outcome == PublishOutcome.UNKNOWN) {
            each.line().unknown(each.sequence());
        } else {
            each.line().ended();
            if (outcome == PublishOutcome.CONFIRMED) {
                confirmed.add(id);
            } else {
                refused++;
            }
        }
        handOver(publisher, each.line());
    }

    private void handOver(Publisher<byte[]> publisher, KeyLine line) {
        for (long sequence = line.take(); sequence > 0; sequence = line.take()) {
            long number = sequence;
            String id = line.id(number);
            open.add(id);
            Content content = Content.of(seed, id);
            recorder.publishInvoked(id, line.key(), number, expected(content, Fate.of(seed, id)));
            var unused = publisher
                    .publish(OutboundMessage.of(content.bytes()).id(id).key(line.key()))
                    .whenComplete((receipt, failure) -> {
                        PublishOutcome outcome = outcome(failure);
                        if (outcome != null) {
                            recorder.publishEnded(id, outcome);
                            open.remove(id);
                            ended.add(new Ended(line, number, outcome));
                        } else {
                            broken = failure;
                        }
                    });
        }
    }

    private static Expected expected(Content content, Fate fate) {
        if (content.unreadable()) {
            return Expected.UNREADABLE;
        }
        return fate.poison() ? Expected.POISON : fate.exhausted() ? Expected.EXHAUSTED : Expected.EFFECT;
    }

    /** Null if it is none that a publish may have. */
    private static @Nullable PublishOutcome outcome(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return PublishOutcome.CONFIRMED;
        }
        if (cause instanceof PublishRejectedException refused) {
            return switch (refused.reason()) {
                case NOT_ATTEMPTED, KEY_FROZEN -> PublishOutcome.NOT_ATTEMPTED;
                default -> PublishOutcome.REJECTED;
            };
        }
        if (cause instanceof PublishOutcomeUnknownException) {
            return PublishOutcome.UNKNOWN;
        }
        return null;
    }

    /** Adds no more; ends when all has been confirmed. */
    void finish() {
        finishing = true;
    }

    boolean isFinished() {
        return finished;
    }

    /** Adds no more until told otherwise; what is open goes on. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }

    void acceptPartitions(int count) {
        client.acceptPartitions(Terms.DESTINATION, count);
    }

    long published() {
        return published;
    }

    /** The ids that were confirmed; grows. */
    Set<String> confirmed() {
        return confirmed;
    }

    /** Whether each message so far has been confirmed or refused for good. */
    boolean isQuiet() {
        return confirmed.size() + refused >= published;
    }

    /** Those whose last try has no outcome. */
    List<String> open() {
        return List.copyOf(open);
    }
}
