package io.oncemq.testkit.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads, by the beginnings of their names, and child processes that were alive at one time. */
record LiveSnapshot(List<String> prefixes, Set<Thread> threads, Set<Long> processes) {
    private static final int FRAMES = 8;

    static LiveSnapshot take(List<String> prefixes) {
        return new LiveSnapshot(
                prefixes,
                matching(prefixes).collect(Collectors.toSet()),
                children().map(ProcessHandle::pid).collect(Collectors.toSet()));
    }

    /** Waits until what started since has ended, and describes what has not. */
    List<String> awaitNothingNew(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> left = newlyAlive();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            left = newlyAlive();
        }
        return left;
    }

    private List<String> newlyAlive() {
        return Stream.concat(
                        matching(prefixes)
                                .filter(thread -> !threads.contains(thread))
                                .map(LiveSnapshot::describe),
                        children()
                                .filter(child -> !processes.contains(child.pid()))
                                .map(LiveSnapshot::describe))
                .toList();
    }

    private static Stream<Thread> matching(List<String> prefixes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> prefixes.stream().anyMatch(thread.getName()::startsWith));
    }

    /** Without the watchdog, which stays as long as the JVM. */
    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(child -> child.pid() != Watchdog.pid());
    }

    private static String describe(Thread thread) {
        return "thread " + thread.getName()
                + Arrays.stream(thread.getStackTrace())
                        .limit(FRAMES)
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
    }

    private static String describe(ProcessHandle process) {
        return "process " + process.pid() + " " + process.info().commandLine().orElse("");
    }
}
