package io.oncemq.torture;

import io.oncemq.Backlog;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingException;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.Recorder;
import io.oncemq.torture.history.RunBounds;
import io.oncemq.torture.history.RunRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One run from the first server to the last line of its history. What was begun is ended by {@link #close}. */
final class Run implements AutoCloseable {
    /** When nothing has moved for so long although all is well, nothing will. */
    private static final Duration STUCK = Duration.ofSeconds(90);

    private static final Duration SIGN_OF_LIFE = Duration.ofMillis(250);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(40);
    private static final int ENOUGH_TO_BEGIN = 200;
    private static final Duration REMEMBERED = Duration.ofDays(1);
    /** A session time-out, a lease, and what a process takes to connect anew on a busy machine. */
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    /** The same, and what was published meanwhile. */
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    private final Options options;
    private final Nemeses nemeses;
    private final WorkFolder folder;
    private final Display display;
    private final Stop stop = new Stop();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Why a thread of the run ended that was to go on. */
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    private SortedMap<String, Integer> struck = Collections.emptySortedMap();

    Run(Options options, Nemeses nemeses, WorkFolder folder, Display display) {
        this.options = options;
        this.nemeses = nemeses;
        this.folder = folder;
        this.display = display;
    }

    /** How often each fault happened; 0 for one that was to happen and has not. */
    SortedMap<String, Integer> struck() {
        return struck;
    }

    /**
     * Writes the history.
     *
     * @throws io.oncemq.testkit.server.ServerException if a server is not to be had or does not start
     * @throws IllegalStateException if the run itself fails, or nothing is handled before any fault
     */
    void perform() {
        try {
            history();
        } catch (Stop.StoppedException stopped) {
            Throwable cause = broken.get();
            throw cause == null ? stopped : new IllegalStateException("a part of the run failed: " + cause, cause);
        }
    }

    private void history() {
        Bed bed = opened(options.broker().bed());
        Store store = opened(nemeses.needReplicas() ? Store.withReplicas() : Store.ofOne());
        store.start();
        bed.broker().start();
        display.line("running on " + bed.broker().description() + "; all is written to " + folder.path());
        RunRecorder log = new RunRecorder(opened(HistoryFile.open(folder.history(), "driver")));
        Recorder publishing = new Recorder(opened(HistoryFile.open(folder.history(), "producer")));
        MessagingClient client = opened(MessagingClient.builder()
                .profile(Terms.PROFILE)
                .clientId("producer")
                .transport(new WitnessedPublishing(publishing)
                        .over(options.broker().transport(bed.address())))
                .withoutIdempotency()
                .build());
        client.ensure(DestinationSpec.builder(Terms.DESTINATION)
                .partitions(Terms.PARTITIONS)
                .group(Terms.GROUP)
                .build());
        bed.settle().run();
        BrokerTransport transport =
                opened(options.broker().transport(bed.address()).open("driver"));
        log.configured(bounds());
        Fleet fleet = opened(new Fleet(stop, display::line, log, options, bed, store, folder));
        Producer producer = new Producer(client, publishing, options.seed());
        Tail tail = new Tail(folder.history());
        Arena arena = new Arena(options, bed, store, fleet, producer, tail, transport, log, stop);
        Schedule schedule = new Schedule(arena, nemeses.chosen());
        started("life", () -> showLife(log));
        try {
            fight(arena, schedule);
        } finally {
            struck = schedule.struck();
        }
        settle(arena);
        end(arena, client, publishing);
    }

    private void showLife(RunRecorder log) {
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        try {
            while (true) {
                log.alive(Math.max(
                        0, Math.round(100 * machine.getSystemLoadAverage() / machine.getAvailableProcessors())));
                stop.pause(SIGN_OF_LIFE);
            }
        } catch (Stop.StoppedException over) {
            // the run is over
        }
    }

    private RunBounds bounds() {
        return new RunBounds(
                Terms.LEASE,
                Terms.HANDLER_TIMEOUT,
                REMEMBERED,
                Terms.PUBLISH_DEADLINE,
                RECOVERY,
                DELIVERY,
                // A shard that begins paused may bring the message that told of it.
                Terms.MAX_IN_FLIGHT + Terms.PARTITIONS * (Terms.FETCH + 1),
                Terms.CONCURRENCY,
                Terms.MAX_ATTEMPTS,
                options.broker().positionsWritten(),
                true);
    }

    private <C extends AutoCloseable> C opened(C resource) {
        open.push(resource);
        return resource;
    }

    private void fight(Arena arena, Schedule schedule) {
        arena.fleet().start();
        started("fleet", arena.fleet());
        started("producer", arena.producer());
        started("progress", new Progress(display, stop, arena, schedule));
        awaitTraffic(arena);
        schedule.run(options.time());
        display.line("the faults are over; waiting until everything is handled");
    }

    /** A fault before the first messages flow would only show how a group starts. */
    private void awaitTraffic(Arena arena) {
        boolean flows = stop.await(STUCK, POLL, () -> {
            arena.tail().refresh();
            return arena.tail().effects() > ENOUGH_TO_BEGIN;
        });
        if (!flows) {
            throw new IllegalStateException("no " + ENOUGH_TO_BEGIN + " messages were handled within "
                    + STUCK.toSeconds() + " s before any fault; see the logs in " + folder.path());
        }
    }

    private void started(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((its, failure) -> {
            broken.compareAndSet(null, failure);
            stop.request();
        });
        threads.add(thread);
        thread.start();
    }

    /** Ends every fault, and waits until all that was published is handled and the broker holds nothing more. */
    private void settle(Arena arena) {
        arena.bed().heal();
        arena.store().heal();
        arena.fleet().lasting().forEach(Member::behave);
        arena.fleet().guest().leave();
        arena.producer().resume();
        arena.producer().finish();
        Stillness stillness = new Stillness(STUCK);
        while (!isQuiescent(arena)) {
            arena.stop().pause(POLL);
            if (stillness.lasts(progress(arena))) {
                Set<String> confirmed = arena.producer().confirmed();
                String why = "nothing moves any more: " + arena.tail().missing(confirmed)
                        + " messages are missing, such as "
                        + arena.tail().someMissing(confirmed) + ", in flight " + inFlight(arena) + ", the broker holds "
                        + backlog(arena);
                display.line(why);
                arena.log().gaveUp(why);
                return;
            }
        }
        arena.log().quiescent();
    }

    /** Changes with whatever moves. */
    private static List<Object> progress(Arena arena) {
        Set<String> confirmed = arena.producer().confirmed();
        return List.of(confirmed.size(), arena.tail().effects(), arena.tail().missing(confirmed), inFlight(arena));
    }

    private static boolean isQuiescent(Arena arena) {
        return arena.producer().isFinished()
                && arena.fleet().areAllAlive()
                && arena.isAllHandled()
                && inFlight(arena).stream().allMatch(count -> count == 0)
                && backlog(arena) == 0;
    }

    private static List<Long> inFlight(Arena arena) {
        return arena.fleet().lasting().stream()
                .map(member -> arena.tail().inFlight(member.incarnation()))
                .toList();
    }

    /** What the broker holds for the group; -1 while it does not answer. */
    private static long backlog(Arena arena) {
        try {
            return arena.transport().backlog(Terms.DESTINATION, Terms.GROUP).stream()
                    .mapToLong(Backlog::messages)
                    .sum();
        } catch (MessagingException away) {
            return -1;
        }
    }

    private void end(Arena arena, MessagingClient client, Recorder publishing) {
        DeadLetterReader.read(arena.transport(), arena.tail().deadLetters(), stop)
                .forEach(arena.log()::deadLetterFound);
        arena.log().deadLettersRead();
        keepLog("broker.log", arena.bed().broker().logTail());
        stop.request();
        arena.fleet().leave();
        arena.producer().open().forEach(publishing::publishStillOpen);
        Closing.watch(
                "the producer's close()", () -> client.close(CLOSE_PATIENCE.dividedBy(2)), CLOSE_PATIENCE, publishing);
        threads.forEach(Run::join);
    }

    /** A server's own log goes with it. */
    private void keepLog(String name, String text) {
        try {
            Files.writeString(folder.file(name), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        }
    }

    @Override
    public void close() {
        stop.request();
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                display.line("could not be closed: " + e);
            }
        }
        threads.forEach(Thread::interrupt);
    }
}
