package io.oncemq.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came to this process since a moment: threads, sockets, and the processor time that it takes while nothing happens. */
public final class Footprint {
    private static final Logger LOG = LoggerFactory.getLogger(Footprint.class);
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.idle", 3));
    private static final double MOST = 1.5;
    /** Of a core. */
    private static final double MARGIN = 0.02;
    /** A busy moment may fall into one of them, a source that polls is in each. */
    private static final int SAMPLES = 3;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Set<Thread> before;
    private final long socketsBefore = sockets();

    public Footprint() {
        this(Thread.getAllStackTraces().keySet());
    }

    /** @param before threads that do not count */
    public Footprint(Set<Thread> before) {
        this.before = Set.copyOf(before);
    }

    /**
     * @param ofEngine threads of the engine that are neither publishing nor a broker's
     * @param sockets 0 where the operating system does not tell
     * @param processor share of one core
     */
    public record Weight(long threads, long ofEngine, long sockets, double processor) {
        /** At most half as much more than the raw client takes. The tick of a timer is left out on both sides. */
        public void requireProcessor(Weight raw) {
            assertThat(processor)
                    .as("share of a core at rest, beside %s raw", raw.processor)
                    .isLessThanOrEqualTo(MOST * raw.processor + MARGIN);
        }
    }

    /** While the process is at rest. Threads are counted at such a moment: whatever looks around now and then has one for a tenth of a second. */
    public Weight weigh(Duration patience, BooleanSupplier atRest) {
        await().atMost(patience).until(atRest::getAsBoolean);
        Map<String, Long> before = processorMillis();
        double used = IntStream.range(0, SAMPLES).mapToDouble(n -> used()).min().orElseThrow();
        Map<String, Long> took = processorMillis();
        took.replaceAll((kind, millis) -> millis - before.getOrDefault(kind, 0L));
        took.values().removeIf(millis -> millis <= 0);
        LOG.info("processor in {} ms: millis={}", IDLE.toMillis() * SAMPLES, took);
        await().atMost(patience).until(atRest::getAsBoolean);
        Weight weight = new Weight(threads(), ofEngine(), sockets() - socketsBefore, used);
        Map<String, Long> kinds =
                added().collect(Collectors.groupingBy(Footprint::kind, TreeMap::new, Collectors.counting()));
        LOG.info("threads={}", kinds);
        return weight;
    }

    private static String kind(Thread thread) {
        return thread.getName().replaceAll("[0-9]+", "N");
    }

    /** Of the living threads, by kind. */
    private Map<String, Long> processorMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return added().collect(Collectors.groupingBy(
                Footprint::kind,
                TreeMap::new,
                Collectors.summingLong(
                        thread -> TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(thread.getId())))));
    }

    /** Of the threads that came: what the virtual machine compiles meanwhile, and what other tests have left, does not count. */
    private double used() {
        Map<Long, Long> cpu = processorNanos();
        long since = System.nanoTime();
        await().pollDelay(IDLE).atMost(IDLE.multipliedBy(2)).until(() -> true);
        long took = System.nanoTime() - since;
        long nanos = processorNanos().entrySet().stream()
                .mapToLong(each -> each.getValue() - cpu.getOrDefault(each.getKey(), 0L))
                .sum();
        return (double) nanos / took;
    }

    private Map<Long, Long> processorNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return added().map(Thread::getId)
                .collect(Collectors.toMap(id -> id, id -> Math.max(0, threads.getThreadCpuTime(id))));
    }

    /** But for those of a proxy between client and broker. */
    public long threads() {
        return added().count();
    }

    /** Loops, stores, handlers, and what keeps them: whatever is not of publishing, and no poll thread. */
    public long ofEngine() {
        return added().map(Thread::getName)
                .filter(name -> name.matches("oncemq-(loop|loops|store|worker|timer|keep|(jms|rabbit)-source)-.*"))
                .count();
    }

    private Stream<Thread> added() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> !thread.getName().startsWith("oncemq-proxy"));
    }

    private static long sockets() {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(Footprint::isSocket).count();
        } catch (IOException notOnThisSystem) {
            return 0;
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
