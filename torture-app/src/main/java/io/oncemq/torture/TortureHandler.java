package io.oncemq.torture;

import io.oncemq.Delivery;
import io.oncemq.MessageHandler;
import io.oncemq.torture.history.Recorder;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** Works for a while, fails as the message's fate is, and has an effect that nothing deduplicates. */
final class TortureHandler implements MessageHandler<String> {
    private final long seed;
    private final Recorder recorder;
    private final Orders orders;

    TortureHandler(long seed, Recorder recorder, Orders orders) {
        this.seed = seed;
        this.recorder = recorder;
        this.orders = orders;
    }

    @Override
    public void handle(Delivery<String> delivery) throws InterruptedException {
        String id = delivery.id();
        String key = Objects.requireNonNullElse(delivery.key(), "");
        long sequence = Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
        long token = delivery.fencingToken().orElse(0);
        recorder.handlerStarted(id, key, sequence, token, delivery.attempt());
        boolean failed = true;
        try {
            Fate fate = Fate.of(seed, id);
            work(fate.millis() + (fate.dawdles() ? orders.slowMillis() : 0));
            fail(fate, id, delivery.attempt());
            orders.at(Hook.BEFORE_EFFECT);
            // Of a body that nobody published there is an effect that nobody can explain.
            boolean whole = Content.of(seed, id).is(delivery.body());
            recorder.effect(whole ? id : "another body than that of " + id, key, sequence, token);
            orders.at(Hook.AFTER_EFFECT);
            failed = false;
        } finally {
            recorder.handlerEnded(id, key, token, failed);
        }
    }

    private static void fail(Fate fate, String id, int attempt) {
        if (fate.poison()) {
            throw new PoisonException(id);
        }
        if (attempt <= fate.failures()) {
            throw new PassingException(attempt);
        }
    }

    private static void work(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("the handler was broken off");
            }
        }
    }
}
