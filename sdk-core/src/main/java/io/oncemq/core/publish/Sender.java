package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of everything that order depends on.
 *
 * <p>Messages are accepted in the order of their publishing and stay in {@link OpenEntries} until they are finished. A cursor
 * walks over them and hands each queued one to the current session; whatever comes back for a second try keeps its place, and
 * the cursor is set back. A replaced session turns every undecided message into a queued one, in place, so that the suffix
 * goes out again in the old order. Nothing else ever reorders.
 *
 * <p>Deadlines are kept here as well; {@link Verdicts} decides what is true of an expired message. Opening and closing
 * sessions happens on another thread, so that neither can hold a deadline up.
 */
final class Sender implements Runnable, Generation.Reports, Sessions.Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(20);
    private static final long TURN_NANOS = MILLISECONDS.toNanos(10);

    private final Inbox inbox = new Inbox();
    private final Mailbox mailbox = new Mailbox(inbox);
    private final OpenEntries open = new OpenEntries();
    private final Holds holds;
    private final ShardCounts counts;
    private final KeyTurns turns;
    private final Freezes freezes;
    private final Outcomes outcomes;
    private final Verdicts verdicts;
    private final Sessions sessions;
    private final LongSupplier ticker;

    private long cursor;
    private long sequence;
    private boolean flushWanted;
    private boolean closing;
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
        counts.whenFreed(() -> mailbox.post(() -> cursor = open.begin()));
        this.holds = new Holds(backOffs);
        this.turns = new KeyTurns(transport.publishOrder());
        this.outcomes = outcomes;
        this.freezes = freezes;
        this.ticker = ticker;
        Health health = new Health(clientId, outcomes, backOffs, ticker);
        this.verdicts = new Verdicts(open, turns, freezes, counts, outcomes, health::trouble);
        this.sessions = new Sessions(
                transport,
                connector,
                mailbox,
                health,
                ticker,
                () -> new Generation(mailbox, outcomes, counts, this),
                this::openDestinations,
                this);
    }

    /** From any thread. @return false if the sender has ended; the entry is not in its hands then */
    boolean submit(Entry entry) {
        return inbox.push(entry);
    }

    /** From any thread. Completes when every message submitted before with this budget has its outcome. */
    CompletableFuture<Void> flush(InFlightBudget budget) {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        mailbox.post(() -> {
            acceptAll();
            flushWanted = true;
            CompletableFuture.allOf(openOf(budget)).whenComplete((none, ignored) -> flushed.complete(null));
        });
        if (ended) {
            flushed.complete(null);
        }
        return flushed;
    }

    /** From any thread. Ends when all is finished, or at the deadline. */
    void close(Duration deadline) {
        mailbox.post(() -> {
            closing = true;
            flushWanted = true;
            closeAt = ticker.getAsLong() + deadline.toNanos();
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
            LOG.error("the publish pipeline failed; open messages end unknown or not attempted", e);
            failure = e;
        }
        end();
    }

    /** One round of everything. @return how many messages were accepted */
    int turn() {
        mailbox.open();
        int accepted = acceptAll();
        long now = ticker.getAsLong();
        int unanswered = verdicts.expire(now);
        if (unanswered > 0) {
            sessions.replaceSoon(
                    new ConnectionException(unanswered + " messages had no answer from the broker by their deadline"));
        }
        if (holds.any() && holds.end(now)) {
            cursor = open.begin();
        }
        if (counts.areChanging()) {
            counts.settled(this::hasKeyOnItsWay);
        }
        sessions.advance(now, !open.isEmpty());
        Generation session = sessions.current();
        if (session != null) {
            handOver(session, now);
        }
        open.trim();
        if (open.isLong()) {
            open.compact();
            cursor = open.begin();
        }
        cursor = Math.max(cursor, open.begin());
        return accepted;
    }

    boolean isOver() {
        return closing && (open.areFinished() || ticker.getAsLong() - closeAt >= 0);
    }

    /** Decides what is still open and refuses everything from here on. */
    void end() {
        for (Entry entry = inbox.close(); entry != null; entry = takeLink(entry)) {
            open.add(entry);
        }
        for (long place = open.begin(); place < open.end(); place++) {
            try {
                verdicts.end(open.get(place), failure);
            } catch (Throwable e) {
                LOG.error("a message could not be settled", e);
            }
        }
        open.trim();
        ended = true;
        sessions.shut(Duration.ofSeconds(1));
        mailbox.open();
        outcomes.close();
    }

    int openMessages() {
        return (int) (open.end() - open.begin());
    }

    private static @Nullable Entry takeLink(Entry entry) {
        Entry following = entry.next;
        entry.next = null;
        return following;
    }

    private boolean hasMore() {
        Generation session = sessions.current();
        return session != null && session.isWritable() && (cursor < open.end() || turns.hasReady());
    }

    private void rest(int accepted) {
        if (accepted >= Pace.BUSY) {
            Pace.nap(this);
        } else {
            inbox.sleep(open.isEmpty() ? Long.MAX_VALUE : LOOK_NANOS, this::hasLetters);
        }
    }

    private boolean hasLetters() {
        return !mailbox.isEmpty();
    }

    private int acceptAll() {
        int count = 0;
        Entry entry = inbox.takeAll();
        while (entry != null) {
            Entry following = entry.next;
            entry.next = null;
            accept(entry);
            entry = following;
            count++;
        }
        return count;
    }

    private void accept(Entry entry) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        String key = frame.key();
        if (key != null && freezes.any()) {
            switch (freezes.admit(frame.destination(), key, frame.id())) {
                case FROZEN -> {
                    verdicts.frozen(entry, frame);
                    return;
                }
                case REPUBLISH -> {
                    entry.republish = true;
                    entry.tracked = true;
                }
                case FREE -> {}
            }
        }
        turns.enter(entry, frame);
        entry.sequence = ++sequence;
        verdicts.watch(entry);
        open.add(entry);
    }

    private void handOver(Generation session, long now) {
        int count = 0;
        while (hasMore() && mailbox.isEmpty()) {
            Entry entry = turns.hasReady() ? turns.takeReady() : open.get(cursor++);
            OutboundFrame frame = entry.openFrame();
            if (frame != null
                    && entry.isQueued()
                    && !holds.isHeld(frame.destination())
                    && !counts.holds(frame)
                    && turns.mayGo(frame, entry)
                    && entry.handOver()) {
                session.session().send(frame, entry);
                // A send may block shortly; many of them must not hold deadlines up.
                if ((++count & 31) == 0 && ticker.getAsLong() - now > TURN_NANOS) {
                    return;
                }
            }
        }
        if (flushWanted && !hasMore()) {
            flushWanted = false;
            session.session().flush();
        }
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
        OutboundFrame frame = entry.openFrame();
        if (from.retired || frame == null || !entry.takeBack()) {
            return;
        }
        if (!counts.holds(frame)) {
            holds.hold(frame.destination(), ticker.getAsLong());
        }
        boolean inUse = sessions.current() == from;
        if (inUse && frame.key() != null && isHandedOverBehind(entry, new Slot(frame.destination(), frame.key()))) {
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
            holds.hold(frame.destination(), ticker.getAsLong());
        }
    }

    @Override
    public void failed(Generation from, Throwable cause) {
        sessions.fail(from, cause);
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
        cursor = open.begin();
        if (replacedBecause != null) {
            int again = 0;
            for (long place = open.begin(); place < open.end(); place++) {
                Entry entry = open.get(place);
                if (entry.perhapsStored && !entry.isFinished()) {
                    again++;
                }
            }
            outcomes.emit(new PublishSessionReplaced(again, replacedBecause));
        }
    }

    private boolean isHandedOverBehind(Entry first, Slot slot) {
        return onItsWay().anyMatch(entry -> entry.sequence > first.sequence && slot.equals(slotOf(entry)));
    }

    private boolean hasKeyOnItsWay(String destination) {
        return onItsWay().map(Sender::slotOf).anyMatch(slot -> slot != null && destination.equals(slot.destination()));
    }

    private Stream<Entry> onItsWay() {
        return LongStream.range(open.begin(), open.end()).mapToObj(open::get).filter(Entry::isHandedOver);
    }

    private static @Nullable Slot slotOf(Entry entry) {
        OutboundFrame frame = entry.openFrame();
        String key = frame == null ? null : frame.key();
        return frame == null || key == null ? null : new Slot(frame.destination(), key);
    }

    private CompletableFuture<?>[] openOf(InFlightBudget budget) {
        List<Entry> entries = new ArrayList<>();
        for (long place = open.begin(); place < open.end(); place++) {
            Entry entry = open.get(place);
            if (entry.budget == budget) {
                entries.add(entry);
            }
        }
        return entries.toArray(CompletableFuture<?>[]::new);
    }

    private Set<String> openDestinations() {
        Set<String> destinations = new TreeSet<>();
        for (long place = open.begin(); place < open.end(); place++) {
            OutboundFrame frame = open.get(place).openFrame();
            if (frame != null) {
                destinations.add(frame.destination());
            }
        }
        return destinations;
    }
}
