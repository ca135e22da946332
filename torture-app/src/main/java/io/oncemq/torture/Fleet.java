package io.oncemq.torture;

import io.oncemq.torture.history.RunRecorder;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The consumer group: its members, which somebody starts again when they die, and one more that comes and goes. */
final class Fleet implements Runnable, AutoCloseable {
    /** The members that are always there, and one that only joins for a while. */
    static final int SLOTS = Terms.MEMBERS + 1;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RESTART_DELAY = Duration.ofMillis(700);

    private final Stop stop;
    private final Consumer<String> say;
    private final List<Member> members;

    Fleet(Stop stop, Consumer<String> say, RunRecorder log, Options options, Bed bed, Store store, WorkFolder folder) {
        this.stop = stop;
        this.say = say;
        this.members = IntStream.range(0, SLOTS)
                .mapToObj(slot -> new Member(
                        new Member.Place(
                                slot, options.broker(), bed.address(), store.uri(slot), options.seed(), folder),
                        log))
                .toList();
    }

    /** Starts the members that are always there. */
    void start() {
        lasting().forEach(Member::start);
    }

    /** Starts what dies again, as whoever supervises processes does. */
    @Override
    public void run() {
        try {
            while (true) {
                stop.pause(POLL);
                members.forEach(Member::noticeDeath);
                members.stream()
                        .map(Member::takeFailure)
                        .filter(text -> !text.isEmpty())
                        .forEach(say);
                List<Member> missing = members.stream()
                        .filter(member -> member.isWanted() && !member.isAlive())
                        .toList();
                if (!missing.isEmpty()) {
                    stop.pause(RESTART_DELAY);
                    missing.forEach(Fleet::startIfWanted);
                }
            }
        } catch (Stop.StoppedException over) {
            // the run is over
        }
    }

    private static void startIfWanted(Member member) {
        if (member.isWanted()) {
            member.start();
        }
    }

    List<Member> lasting() {
        return members.subList(0, Terms.MEMBERS);
    }

    /** The one that comes and goes. */
    Member guest() {
        return members.get(Terms.MEMBERS);
    }

    Member any(SplittableRandom random) {
        return members.get(random.nextInt(Terms.MEMBERS));
    }

    boolean areAllAlive() {
        return lasting().stream().allMatch(Member::isAlive);
    }

    /** Asks all to close in order, at once. */
    void leave() {
        List<Thread> leaving = members.stream()
                .map(member -> new Thread(member::leave, "leave-" + member.slot()))
                .toList();
        leaving.forEach(Thread::start);
        for (Thread each : leaving) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Stop.StoppedException();
            }
        }
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }
}
