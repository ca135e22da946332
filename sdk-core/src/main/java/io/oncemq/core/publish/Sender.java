package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.Contained;
import io.oncemq.core.Located;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of everything that order depends on.
 *
 * <p>Messages are accepted in the order of their publishing and stay in {@link OpenEntries} until they are finished. {@link HandOver} walks
 * over them and hands each queued one to the current session. A replaced session turns every undecided message into a queued one, in place,
 * so that the suffix goes out again in the old order. Nothing else ever reorders.
 *
 * <p>Deadlines are kept here as well; {@link Verdicts} decides what is true of an expired message. Opening and closing
 * sessions happens on another thread, so that neither can hold a deadline up.
 */
final class Sender implements Runnable, Generation.Reports, Sessions.Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(20);

    private final Inbox inbox = new Inbox();
    private final Mailbox mailbox = new Mailbox(inbox);
    private final OpenEntries open = new OpenEntries();
    private final ShardCounts counts;
    private final KeyTurns turns;
    private final Freezes freezes;
    private final Outcomes outcomes;
    private final Verdicts verdicts;
    private final Sessions sessions;
    private final Acceptance acceptance;
    private final Blockages blockages;
    private final Baton baton = new Baton();
    private final HandOver handOver;
    private final Activity activity = new Activity();
    private final LongSupplier ticker;

    private boolean closing;
    private boolean standingIn;
    private long closeAt;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    Sender(
            BrokerTransport transport,
            Executor connector,
            String clientId,
            Outcomes outcomes,
            Freezes freezes,
            ShardCounts counts,
            BackOffs backOffs,
            LongSupplier ticker) {
        this.counts = counts;
        this.turns = new KeyTurns(transport.publishOrder());
        this.handOver = new HandOver(open, turns, counts, backOffs, baton, ticker);
        counts.whenFreed(() -> mailbox.post(handOver::restart));
        this.outcomes = outcomes;
        this.freezes = freezes;
        this.ticker = ticker;
        this.blockages = new Blockages(outcomes::emit, ticker);
        Health health = new Health(clientId, outcomes, backOffs, ticker);
        this.sessions = new Sessions(
                transport,
                connector,
                mailbox,
                health,
                ticker,
                () -> new Generation(mailbox, outcomes, counts, this),
                open::destinations,
                this);
        this.verdicts = new Verdicts(
                open,
                turns,
                freezes,
                counts,
                outcomes,
                health::trouble,
                this::abandon,
                Located.in(transport.addresses()));
        this.acceptance = new Acceptance(open, turns, freezes, verdicts);
    }

    /** From any thread. @return false if the sender has ended; the entry is not in its hands then */
    boolean submit(Entry entry) {
        return inbox.push(entry);
    }

    /** From any thread. Completes when every message submitted before with this budget has its outcome. */
    CompletableFuture<Void> flush(InFlightBudget budget) {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        mailbox.post(() -> {
            acceptance.accept(inbox.takeAll());
            handOver.flush();
            CompletableFuture.allOf(open.of(budget)).whenComplete((none, ignored) -> flushed.complete(null));
        });
        if (ended) {
            flushed.complete(null);
        }
        return flushed;
    }

    /** From any thread. Takes a turn, so that what has changed is told. */
    void wake() {
        mailbox.post(() -> {});
    }

    /** From any thread. Ends when all is finished, or at the deadline. */
    void close(Duration deadline) {
        mailbox.post(() -> {
            closing = true;
            handOver.flush();
            closeAt = ticker.getAsLong() + Nanos.of(deadline);
        });
    }

    /** Why the sender ended, if nobody closed it. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            int accepted = turn();
            while (!isOver()) {
                if (!hasMore()) {
                    rest(accepted);
                }
                accepted = turn();
            }
        } catch (Throwable e) {
            fail(e);
        }
        end();
    }

    private void fail(Throwable cause) {
        LOG.error("the publish pipeline fails; open messages end unknown or not attempted", cause);
        failure = cause;
    }

    /** One round of everything. @return how many messages were accepted */
    int turn() {
        int accepted = decide();
        activity.goesOn(!open.isEmpty());
        sessions.advance(ticker.getAsLong(), !open.isEmpty());
        Generation session = sessions.current();
        if (session != null) {
            blockages.look(session);
            handOver.run(session, mailbox::isEmpty);
        }
        handOver.tidy();
        activity.goesOn(!open.isEmpty());
        freezes.tell(outcomes::emit);
        return accepted;
    }

    /** All but sending. @return how many messages were accepted */
    private int decide() {
        mailbox.open();
        int accepted = acceptance.accept(inbox.takeAll());
        long now = ticker.getAsLong();
        int unanswered = verdicts.expire(now);
        if (unanswered > 0) {
            sessions.replaceSoon(
                    new ConnectionException(unanswered + " messages had no answer from the broker by their deadline"));
        }
        handOver.endRests(now);
        if (counts.areChanging()) {
            counts.settled(open::hasKeyOnItsWay);
        }
        return accepted;
    }

    /** Any thread. Another number for each call into the broker's client; -1 while there is none. */
    int call() {
        return baton.call();
    }

    /**
     * From another thread: decides for the sender's thread while that one is inside of the broker's client.
     *
     * @return where its message goes; null if it is not inside of a call any more
     */
    @Nullable
    String standIn() {
        if (!baton.takeUp()) {
            return null;
        }
        String destination = baton.destination();
        standingIn = true;
        try {
            if (!ended) {
                decide();
                freezes.tell(outcomes::emit);
                if (isOver()) {
                    end();
                }
            }
        } catch (Throwable e) {
            fail(e);
            end();
        } finally {
            standingIn = false;
            baton.giveBack();
        }
        return destination;
    }

    Activity activity() {
        return activity;
    }

    /** What the session says of a message; nothing is asked while its thread is inside of it. */
    private Leftover abandon(OutboundFrame frame, Entry entry) {
        return standingIn ? Leftover.STUCK : sessions.abandon(frame, entry);
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isOver() {
        return ended || closing && (open.areFinished() || ticker.getAsLong() - closeAt >= 0);
    }

    /** Decides what is still open and refuses everything from here on. */
    void end() {
        if (ended) {
            return;
        }
        step(() -> acceptance.last(inbox.close()));
        for (long place = open.begin(); place < open.end(); place++) {
            try {
                verdicts.end(open.get(place), failure);
            } catch (Throwable e) {
                LOG.error("a message cannot be settled", e);
            }
        }
        step(open::trim);
        ended = true;
        step(() -> sessions.shut(Duration.ofSeconds(1)));
        step(mailbox::open);
        outcomes.close();
    }

    private static void step(Contained.Code code) {
        Contained.run("a step of closing a publisher fails", "", code);
    }

    int openMessages() {
        return (int) (open.end() - open.begin());
    }

    private boolean hasMore() {
        Generation session = sessions.current();
        return session != null && handOver.hasMore(session);
    }

    private void rest(int accepted) {
        if (accepted >= Pace.BUSY) {
            Pace.nap(this);
        } else {
            inbox.sleep(open.isEmpty() ? Long.MAX_VALUE : handOver.idleFor(LOOK_NANOS), this::hasLetters);
        }
    }

    private boolean hasLetters() {
        return !mailbox.isEmpty();
    }

    @Override
    public void confirmed(Entry entry, Position position) {
        verdicts.confirmed(entry, position);
    }

    @Override
    public void rejected(Generation from, Entry entry, Reason reason, Throwable cause) {
        if (!from.retired) {
            verdicts.refused(entry, reason, cause);
        }
    }

    @Override
    public void notSent(Generation from, Entry entry, Throwable cause) {
        cameBack(from, entry, cause, handOver::backOff);
    }

    @Override
    public void noRoom(Generation from, Entry entry, Throwable cause) {
        cameBack(from, entry, cause, handOver::waitForRoom);
    }

    private void cameBack(Generation from, Entry entry, Throwable cause, Consumer<OutboundFrame> rest) {
        OutboundFrame frame = entry.openFrame();
        if (from.retired || frame == null || !entry.takeBack()) {
            return;
        }
        if (!counts.holds(frame)) {
            rest.accept(frame);
        }
        if (sessions.current() == from && handOver.isOvertaken(frame, entry)) {
            sessions.fail(from, cause);
        }
    }

    @Override
    public void unknown(Generation from, Entry entry, Throwable cause) {
        OutboundFrame frame = entry.openFrame();
        if (from.retired || frame == null) {
            return;
        }
        if (!turns.areNeeded()) {
            sessions.fail(from, cause);
        } else if (entry.takeBack()) {
            entry.perhapsStored = true;
            handOver.backOff(frame);
        }
    }

    @Override
    public void failed(Generation from, Throwable cause) {
        sessions.fail(from, cause);
    }

    @Override
    public void blocked(Generation from, @Nullable String destination, String reason) {
        if (!from.retired) {
            blockages.begin(from, destination, reason);
        }
    }

    @Override
    public void unblocked(Generation from, @Nullable String destination) {
        if (!from.retired) {
            blockages.end(destination);
        }
    }

    @Override
    public void closed() {
        for (long place = open.begin(); place < open.end(); place++) {
            Entry entry = open.get(place);
            if (entry.isHandedOver()) {
                entry.perhapsStored = true;
                entry.takeBack();
            }
        }
    }

    @Override
    public void opened(@Nullable Throwable replacedBecause) {
        handOver.restart();
        if (replacedBecause != null) {
            long again = open.all()
                    .filter(entry -> entry.perhapsStored && !entry.isFinished())
                    .count();
            outcomes.emit(new PublishSessionReplaced((int) again, replacedBecause));
        }
    }
}
