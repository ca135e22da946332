package io.oncemq.it.field;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Delivery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * An asynchronous handler whose stages end when the test says so. Messages are known by their bodies, their attempts by
 * {@code <body>#<number>}, from 1; what is not held ends at once.
 */
final class Held implements AsyncMessageHandler<String> {
    /** Attempts in the order in which they began. */
    final List<String> started = new CopyOnWriteArrayList<>();

    /** Bodies in the order in which their stages ended well. */
    final List<String> done;

    private record Attempt(Delivery<String> delivery, CompletableFuture<Void> stage) {
        boolean isOpen() {
            return !stage.isDone();
        }
    }

    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
    private final Predicate<String> holds;

    private Held(Predicate<String> holds, List<String> done) {
        this.holds = holds;
        this.done = done;
    }

    /** @param holds which attempts are held */
    static Held where(Predicate<String> holds) {
        return where(holds, new CopyOnWriteArrayList<>());
    }

    /** @param done where several handlers note what they have done */
    static Held where(Predicate<String> holds, List<String> done) {
        return new Held(holds, done);
    }

    @Override
    public synchronized CompletionStage<?> handle(Delivery<String> delivery) {
        String body = String.valueOf(delivery.body());
        String attempt = body + "#" + (attempts(body) + 1);
        CompletableFuture<Void> stage = new CompletableFuture<>();
        attempts.put(attempt, new Attempt(delivery, stage));
        started.add(attempt);
        if (!holds.test(attempt)) {
            done.add(body);
            stage.complete(null);
        }
        return stage;
    }

    /** How often a message was begun. */
    int attempts(String body) {
        return (int) started.stream()
                .filter(each -> each.substring(0, each.lastIndexOf('#')).equals(body))
                .count();
    }

    /** Lets an attempt end well. */
    void complete(String attempt) {
        done.add(attempt.substring(0, attempt.lastIndexOf('#')));
        stage(attempt).complete(null);
    }

    void fail(String attempt) {
        stage(attempt).completeExceptionally(new IllegalStateException("as the test wants it"));
    }

    /** Whether everything that is held still has become another's. */
    boolean ownsNothing() {
        return attempts.values().stream().filter(Attempt::isOpen).noneMatch(each -> each.delivery.isOwned());
    }

    /** Lets go what is held still. */
    void abandon() {
        attempts.forEach((attempt, each) -> {
            if (each.isOpen()) {
                fail(attempt);
            }
        });
    }

    private CompletableFuture<Void> stage(String attempt) {
        Attempt begun = attempts.get(attempt);
        if (begun == null) {
            throw new IllegalStateException(attempt + " has not begun");
        }
        return begun.stage;
    }
}
