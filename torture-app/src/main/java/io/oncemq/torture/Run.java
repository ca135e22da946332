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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** One run from the first server to the last line of its history. What was begun is ended by {@link #close}. */
final class Run implements AutoCloseable {
    /** When nothing has moved for so long although all is well, nothing will. */
    private static final Duration STUCK = Duration.ofSeconds(90);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(40);
    private static final Duration REMEMBERED = Duration.ofDays(1);
    /** A session time-out, a lease, and what a process takes to connect anew on a busy machine. */
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    private final Options options;
    private final Nemeses nemeses;
    private final WorkFolder folder;
    private final Display display;
    private final Stop stop = new Stop();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();

    Run(Options options, Nemeses nemeses, WorkFolder folder, Display display) {
        this.options = options;
        this.nemeses = nemeses;
        this.folder = folder;
        this.display = display;
    }

    /** Ends every wait; for another thread. */
    void breakOff() {
        stop.request();
    }

    /**
     * Writes the history.
     *
     * @return how often each fault happened
     * @throws io.oncemq.testkit.server.ServerException if a server is not to be had or does not start
     */
    SortedMap<String, Integer> perform() {
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
                .transport(options.broker().transport(bed.address()))
                .withoutIdempotency()
                .build());
        client.ensure(DestinationSpec.of(Terms.DESTINATION)
                .partitions(Terms.PARTITIONS)
                .group(Terms.GROUP));
        bed.settle().run();
        BrokerTransport transport =
                opened(options.broker().transport(bed.address()).open("driver"));
        log.configured(bounds());
        Fleet fleet = opened(new Fleet(stop, display::line, log, options, bed, store, folder));
        Producer producer = new Producer(client, publishing, options.seed());
        Tail tail = new Tail(folder.history());
        Arena arena = new Arena(options, bed, store, fleet, producer, tail, transport, log, stop);
        Schedule schedule = new Schedule(arena, nemeses.chosen());
        fight(arena, schedule);
        settle(arena);
        end(arena, client, publishing);
        return schedule.struck();
    }

    private static RunBounds bounds() {
        return new RunBounds(
                Terms.LEASE,
                Terms.HANDLER_TIMEOUT,
                REMEMBERED,
                Terms.PUBLISH_DEADLINE,
                RECOVERY,
                // A shard that begins paused may bring the message that told of it.
                Terms.MAX_IN_FLIGHT + Terms.FETCH + Terms.PARTITIONS,
                Terms.CONCURRENCY,
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
        stop.await(STUCK, () -> {
            arena.tail().refresh();
            return arena.tail().effects() > Terms.KEYS / 2;
        });
    }

    private void started(String name, Runnable work) {
        Thread thread = new Thread(work, name);
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
            arena.stop().pause(Duration.ofMillis(250));
            if (stillness.lasts(arena.producer().confirmed().size()
                    + arena.tail().effects()
                    + arena.tail().missing(arena.producer().confirmed()))) {
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
        stop.request();
        arena.fleet().leave();
        arena.producer().open().forEach(publishing::publishStillOpen);
        Closing.watch(
                "the producer's close()", () -> client.close(CLOSE_PATIENCE.dividedBy(2)), CLOSE_PATIENCE, publishing);
        threads.forEach(Run::join);
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
