package io.oncemq.core.publish;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One session and what it reports. A confirmation counts whenever it comes, even from a session long replaced: what the
 * broker says it has, it has. Any other report is a letter to the sender thread, which ignores it once the session has been
 * replaced.
 */
final class Generation implements PublishListener {
    private final Mailbox mailbox;
    private final Outcomes outcomes;
    private final ShardCounts counts;
    private final Reports reports;
    private @Nullable PublishSession session;
    private boolean unwanted;

    /** Sender thread only: reports other than confirmations no longer count. */
    boolean retired;
    /** Sender thread only: a failure that came before the session was in use. */
    @Nullable
    Throwable failure;

    long openedAt;

    private volatile boolean writable = true;
    private volatile boolean progressed;
    private volatile boolean everProgressed;

    /** What the sender thread makes of reports. */
    interface Reports {
        void confirmed(Entry entry, Position position);

        void rejected(Generation from, Entry entry, Reason reason, Throwable cause);

        void notSent(Generation from, Entry entry, Throwable cause);

        void noRoom(Generation from, Entry entry, Throwable cause);

        void unknown(Generation from, Entry entry, Throwable cause);

        void failed(Generation from, Throwable cause);

        void blocked(Generation from, @Nullable String destination, String reason);

        void unblocked(Generation from, @Nullable String destination);
    }

    Generation(Mailbox mailbox, Outcomes outcomes, ShardCounts counts, Reports reports) {
        this.mailbox = mailbox;
        this.outcomes = outcomes;
        this.counts = counts;
        this.reports = reports;
    }

    /** @return false if nobody wants the session any more: the opener closes it */
    synchronized boolean attach(PublishSession opened) {
        session = opened;
        return !unwanted;
    }

    /** @return the session to close, if it is open already */
    synchronized @Nullable PublishSession detach() {
        unwanted = true;
        return session;
    }

    PublishSession session() {
        PublishSession opened = session;
        if (opened == null) {
            throw new IllegalStateException("the session is not open yet");
        }
        return opened;
    }

    void close(Duration deadline) {
        session().close(deadline);
    }

    boolean isWritable() {
        return writable;
    }

    /** Whether something was confirmed since the last call. */
    boolean takeProgress() {
        if (!progressed) {
            return false;
        }
        progressed = false;
        return true;
    }

    boolean hasProgressed() {
        return everProgressed;
    }

    @Override
    public void confirmed(Object context, Position position) {
        if (!progressed) {
            progressed = true;
            everProgressed = true;
        }
        Entry entry = (Entry) context;
        if (entry.tracked) {
            mailbox.post(() -> reports.confirmed(entry, position));
        } else if (entry.finish()) {
            outcomes.confirm(entry, position);
        }
    }

    @Override
    public void rejected(Object context, Reason reason, Throwable cause) {
        mailbox.post(() -> reports.rejected(this, (Entry) context, reason, cause));
    }

    @Override
    public void notSent(Object context, Throwable cause) {
        mailbox.post(() -> reports.notSent(this, (Entry) context, cause));
    }

    @Override
    public void noRoom(Object context, Throwable cause) {
        mailbox.post(() -> reports.noRoom(this, (Entry) context, cause));
    }

    @Override
    public void unknown(Object context, Throwable cause) {
        mailbox.post(() -> reports.unknown(this, (Entry) context, cause));
    }

    @Override
    public void sessionFailed(Throwable cause) {
        mailbox.post(() -> reports.failed(this, cause));
    }

    @Override
    public boolean shards(String destination, int count) {
        return counts.told(destination, count);
    }

    @Override
    public boolean shards(String destination, int count, String places, boolean accepted) {
        return counts.told(destination, count, places, accepted);
    }

    @Override
    public void writable(boolean nowWritable) {
        writable = nowWritable;
        mailbox.post(() -> {});
    }

    @Override
    public void blocked(@Nullable String destination, String reason) {
        mailbox.post(() -> reports.blocked(this, destination, reason));
    }

    @Override
    public void unblocked(@Nullable String destination) {
        mailbox.post(() -> reports.unblocked(this, destination));
    }
}
