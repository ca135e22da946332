package io.oncemq.it;

import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came to this process since a moment: threads, sockets, and the processor time that it takes while nothing happens. */
public final class Footprint {
    private static final Logger LOG = LoggerFactory.getLogger(Footprint.class);
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.idle", 3));
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
    public record Weight(long threads, long ofEngine, long sockets, double processor) {}

    /** While the process is at rest. Threads are counted at such a moment: whatever looks around now and then has one for a tenth of a second. */
    public Weight weigh(Duration patience, BooleanSupplier atRest) {
        await().atMost(patience).until(atRest::getAsBoolean);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long since = System.nanoTime();
        await().pollDelay(IDLE).atMost(IDLE.plus(patience)).until(() -> true);
        double used = (double) (system.getProcessCpuTime() - cpu) / (System.nanoTime() - since);
        await().atMost(patience).until(atRest::getAsBoolean);
        Weight weight = new Weight(threads(), ofEngine(), sockets() - socketsBefore, used);
        Map<String, Long> kinds = added().collect(Collectors.groupingBy(
                thread -> thread.getName().replaceAll("[0-9]+", "N"), TreeMap::new, Collectors.counting()));
        LOG.info("threads={}", kinds);
        return weight;
    }

    /** But for those of a proxy between client and broker. */
    public long threads() {
        return added().count();
    }

    /** Loops, stores, handlers, and what keeps them: whatever is not of publishing, and no poll thread. */
    public long ofEngine() {
        return added().map(Thread::getName)
                .filter(name -> name.matches("oncemq-(loop|loops|store|worker|timer|keep|jms-source)-.*"))
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
