package io.oncemq.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Handlers that wait, on OnceMQ's lanes and on a bare loop of as many threads. */
final class LanesPart {
    private final Store store;
    private final OnceConsume once;
    private final Backlogs backlogs;
    private final boolean virtualThreads;

    /** @param virtualThreads whether to measure handlers on virtual threads, too */
    LanesPart(Bed bed, Store store, OnceClients clients, boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
        this.store = store;
        this.once = new OnceConsume(clients);
        this.backlogs = new Backlogs("lanes", bed, clients);
    }

    /** One kind of handler. */
    record Work(Duration time, int threads, int messages) {
        String name() {
            return "lanes, %d ms x %d".formatted(time.toMillis(), threads);
        }
    }

    void run(Rounds rounds, Work work, Report report) throws Exception {
        long nanos = work.time().toNanos();
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("bare loop", work.messages(), () -> BareLoop.run(work.threads(), nanos, work.messages())),
                contender("OnceMQ, without store", work, false, false),
                contender("OnceMQ, Redis store", work, true, false)));
        if (virtualThreads) {
            contenders.add(contender("virtual threads, without store", work, false, true));
            contenders.add(contender("virtual threads, Redis store", work, true, true));
        }
        List<Measured> results = rounds.run(contenders);
        Measured bare = results.get(0);
        report.rates(work.name(), results, bare);
        String field = "lanes" + work.time().toMillis() + "ms";
        report.ratio(field + "Ratio", results.get(1), bare);
        report.ratio(field + "StoreRatio", results.get(2), bare);
        if (virtualThreads) {
            report.ratio(field + "VirtualRatio", results.get(3), bare);
            report.ratio(field + "VirtualStoreRatio", results.get(4), bare);
        }
        store.empty();
        backlogs.drop(workload(work));
    }

    private static Workload workload(Work work) {
        return new Workload(Workload.Keys.UNIFORM, work.messages());
    }

    private Contender contender(String name, Work work, boolean remember, boolean virtual) {
        return new Contender(name, work.messages(), () -> prepare(work), () -> lanes(work, remember, virtual));
    }

    private void prepare(Work work) throws Exception {
        backlogs.fill(workload(work));
        store.empty();
    }

    private double lanes(Work work, boolean remember, boolean virtual) throws Exception {
        OnceConsume.Setup setup =
                new OnceConsume.Setup(remember, work.threads(), work.time().toNanos(), virtual);
        return backlogs.read(workload(work), (from, group) -> once.run(from, group, work.messages(), setup));
    }
}
