package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.oncemq.MessagingEvent.CompletionBlocked;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.core.Contained;
import io.oncemq.core.LoggedFailure;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the threads of one pipeline, whatever fails meanwhile. It runs no code of the application but the logger, and none of the
 * broker's client; it waits only for the short time in which another thread holds a lock of the engine. While the sender's
 * thread is inside of the broker's client, it keeps the deadlines in its place, and it reports a call, or a continuation of the
 * application, that does not return. One thread runs it.
 */
final class Watch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(50);
    private static final long IDLE_LOOK_NANOS = SECONDS.toNanos(1);
    private static final long BLOCKED_NANOS = SECONDS.toNanos(1);

    private final Sender sender;
    private final Thread sending;
    private final Outcomes outcomes;
    private final ThreadFactory reporters;
    private final LongSupplier ticker;
    private final Stay call = new Stay();
    private final Stay completion = new Stay();
    private boolean soon;
    private volatile @Nullable Thread watching;

    /** @param reporters make a thread on which listeners hear of a blocked completion, since the usual one is blocked */
    Watch(Sender sender, Thread sending, Outcomes outcomes, ThreadFactory reporters, LongSupplier ticker) {
        this.sender = sender;
        this.sending = sending;
        this.outcomes = outcomes;
        this.reporters = reporters;
        this.ticker = ticker;
    }

    @Override
    public void run() {
        watching = Thread.currentThread();
        while (!sender.hasEnded()) {
            Throwable thrown = Contained.run(this::lookOnce);
            if (thrown != null) {
                Contained.run(
                        "the next look comes in spite of a failure",
                        "",
                        () -> LOG.error("the watch over publishing fails", LoggedFailure.of(thrown)));
            }
            if (soon) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            } else {
                sender.activity().sleep(IDLE_LOOK_NANOS);
            }
        }
        watching = null;
    }

    private void lookOnce() {
        soon = true;
        soon = look();
    }

    /** Looks again soon: there is something to look after. From any thread. */
    void wake() {
        Thread thread = watching;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** @return whether there is something to look after */
    boolean look() {
        long now = ticker.getAsLong();
        if (call.lasts(sender.call(), now)) {
            String destination = sender.standIn();
            Duration running = call.isNews(now);
            if (destination != null && running != null) {
                outcomes.emit(new SendBlocked(destination, running, Stacks.of(sending, "the thread that sends")));
            }
        }
        if (completion.lasts(outcomes.progress(), now)) {
            Duration running = completion.isNews(now);
            if (running != null) {
                CompletionBlocked event = new CompletionBlocked(running, outcomes.where());
                reporters.newThread(() -> outcomes.tell(event)).start();
            }
        }
        return call.isSeen() || completion.isSeen() || sender.activity().goesOn();
    }

    /** How long one and the same thing goes on. */
    private static final class Stay {
        private long seen = -1;
        private long since;
        private boolean told;

        /** @param what a number of its own, or -1. @return whether it was there at the last look, too */
        boolean lasts(long what, long now) {
            boolean same = what >= 0 && what == seen;
            if (!same) {
                seen = what;
                since = now;
                told = false;
            }
            return same;
        }

        boolean isSeen() {
            return seen >= 0;
        }

        /** For how long, if that is too long and was not told yet. */
        @Nullable
        Duration isNews(long now) {
            if (told || now - since < BLOCKED_NANOS) {
                return null;
            }
            told = true;
            return Duration.ofNanos(now - since);
        }
    }
}
