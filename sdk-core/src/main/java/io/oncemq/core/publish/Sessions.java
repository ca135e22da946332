package io.oncemq.core.publish;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current session and its replacement. Opening and closing may block, so the connector thread does both and the sender
 * thread goes on keeping deadlines. The next session is opened only after the last has been closed for certain: from then on
 * nothing of it is written any more. Sender thread only, but for the tasks it hands to the connector.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private enum Stage {
        NONE,
        OPENING,
        OPEN,
        CLOSING
    }

    /** What the sender does when sessions come and go. */
    interface Changes {
        /** Whatever was handed to the session and has no outcome is perhaps stored. */
        void closed();

        void opened(@Nullable Throwable replacedBecause);
    }

    private final BrokerTransport transport;
    private final Executor connector;
    private final Mailbox mailbox;
    private final Health health;
    private final LongSupplier ticker;
    private final Supplier<Generation> generations;
    private final Supplier<Set<String>> waiting;
    private final Changes changes;

    private Stage stage = Stage.NONE;
    private @Nullable Generation current;
    private @Nullable Throwable replacedBecause;
    private @Nullable Throwable soonBecause;
    private long openAt;
    private long replaceAt;
    private boolean shut;

    Sessions(
            BrokerTransport transport,
            Executor connector,
            Mailbox mailbox,
            Health health,
            LongSupplier ticker,
            Supplier<Generation> generations,
            Supplier<Set<String>> waiting,
            Changes changes) {
        this.transport = transport;
        this.connector = connector;
        this.mailbox = mailbox;
        this.health = health;
        this.ticker = ticker;
        this.generations = generations;
        this.waiting = waiting;
        this.changes = changes;
        this.openAt = ticker.getAsLong();
        this.replaceAt = openAt;
    }

    /** The session to send with, or null while there is none. */
    @Nullable
    Generation current() {
        return stage == Stage.OPEN ? current : null;
    }

    /** What the session that was given a message says of it, see {@link PublishSession#abandon}. */
    Leftover abandon(OutboundFrame frame, Entry entry) {
        Generation open = current();
        return open == null ? Leftover.STUCK : open.session().abandon(frame, entry);
    }

    /** Opens, or replaces, when the time has come. */
    void advance(long now, boolean wanted) {
        if (shut) {
            return;
        }
        Generation open = current();
        if (open != null && health.isDue(now)) {
            noteProgress(open, now);
        }
        if (stage == Stage.NONE && wanted && now - openAt >= 0 && health.permits()) {
            open();
        } else if (open != null && soonBecause != null && now - replaceAt >= 0 && health.permits()) {
            replacedBecause = soonBecause;
            openAt = now;
            closeAndThen(open, now, this::open);
        }
    }

    /** The session is of no use any more: replaces it after a back-off. */
    void fail(Generation from, Throwable cause) {
        if (from != current || shut) {
            return;
        }
        if (stage == Stage.OPENING) {
            from.failure = cause;
        } else if (stage == Stage.OPEN) {
            long now = ticker.getAsLong();
            noteProgress(from, now);
            health.failed(cause, waiting.get());
            replacedBecause = cause;
            openAt = now + closeAndThen(from, now, () -> {});
        }
    }

    /**
     * The session works, but holds something that nobody waits for any more: replaces it as soon as the back-off since the
     * last replacement allows.
     */
    void replaceSoon(Throwable cause) {
        Generation open = current();
        if (open != null && soonBecause == null) {
            long now = ticker.getAsLong();
            noteProgress(open, now);
            health.failed(cause, waiting.get());
            soonBecause = cause;
            replaceAt = Math.max(replaceAt, now);
        }
    }

    /** Before a failure, so that one dead partition among healthy ones does not look like a dead connection. */
    private void noteProgress(Generation session, long now) {
        if (session.takeProgress()) {
            health.progressed(now);
        }
    }

    /** Opens no more and closes what is open. */
    void shut(Duration deadline) {
        shut = true;
        Generation last = current;
        PublishSession session = last == null || stage == Stage.CLOSING ? null : last.detach();
        if (session != null) {
            closeElsewhere(() -> session.close(deadline));
        }
    }

    /** The connector may have been shut down, if the sender was long inside of the broker's client. */
    private void closeElsewhere(Runnable close) {
        try {
            connector.execute(close);
        } catch (RejectedExecutionException e) {
            Thread thread = new Thread(close, "oncemq-close-session");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void open() {
        stage = Stage.OPENING;
        Generation next = generations.get();
        current = next;
        connector.execute(() -> {
            try {
                PublishSession session = transport.openPublishSession(next);
                if (next.attach(session)) {
                    mailbox.post(() -> opened(next));
                } else {
                    session.close(Duration.ZERO);
                }
            } catch (Throwable e) {
                mailbox.post(() -> openFailed(e));
            }
        });
    }

    private void opened(Generation next) {
        long now = ticker.getAsLong();
        stage = Stage.OPEN;
        soonBecause = null;
        next.openedAt = now;
        Throwable because = replacedBecause;
        replacedBecause = null;
        if (next.failure != null) {
            fail(next, next.failure);
        } else {
            changes.opened(because);
        }
    }

    private void openFailed(Throwable cause) {
        long now = ticker.getAsLong();
        stage = Stage.NONE;
        current = null;
        if (!shut) {
            health.failed(cause, waiting.get());
            openAt = now + health.nextDelay(null, now);
        }
    }

    /** @return the back-off that the next session has to wait for */
    private long closeAndThen(Generation last, long now, Runnable afterwards) {
        long delay = health.nextDelay(last, now);
        stage = Stage.CLOSING;
        replaceAt = now + 2 * delay;
        connector.execute(() -> {
            try {
                last.close(Duration.ZERO);
            } catch (Throwable e) {
                LOG.warn("a publish session fails to close", e);
            }
            mailbox.post(() -> closed(last, afterwards));
        });
        return delay;
    }

    private void closed(Generation last, Runnable afterwards) {
        last.retired = true;
        stage = Stage.NONE;
        current = null;
        changes.closed();
        if (!shut) {
            afterwards.run();
        }
    }
}
