package io.oncemq.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Handlers that wait, on OnceMQ's lanes and on a bare loop of as many threads. */
final class LanesPart {
    private final Servers servers;
    private final OnceClients clients;
    private final OnceConsume once;
    private final boolean virtualThreads;
    private int groups;

    /** @param virtualThreads whether to measure handlers on virtual threads, too */
    LanesPart(Servers servers, OnceClients clients, boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
        this.servers = servers;
        this.once = new OnceConsume(clients);
        this.clients = clients;
    }

    /** One kind of handler. */
    record Work(Duration time, int threads, int messages) {
        String name() {
            return "lanes, %d ms x %d".formatted(time.toMillis(), threads);
        }
    }

    void run(Rounds rounds, Work work, Report report) throws Exception {
        String topic = "lanes-" + work.time().toMillis();
        servers.createTopic(topic);
        new OncePublish(clients).run(topic, new Workload(Workload.Keys.UNIFORM, work.messages()), 0);
        long nanos = work.time().toNanos();
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("bare loop", work.messages(), () -> BareLoop.run(work.threads(), nanos, work.messages())),
                contender("OnceMQ, without store", topic, work, false, false),
                contender("OnceMQ, Redis store", topic, work, true, false)));
        if (virtualThreads) {
            contenders.add(contender("virtual threads, without store", topic, work, false, true));
            contenders.add(contender("virtual threads, Redis store", topic, work, true, true));
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
        servers.emptyRedis();
        servers.deleteTopic(topic);
    }

    private Contender contender(String name, String topic, Work work, boolean store, boolean virtual) {
        return new Contender(name, work.messages(), () -> lanes(topic, work, store, virtual));
    }

    private double lanes(String topic, Work work, boolean store, boolean virtual) {
        if (store) {
            servers.emptyRedis();
        }
        groups++;
        OnceConsume.Setup setup =
                new OnceConsume.Setup(store, work.threads(), work.time().toNanos(), virtual);
        return once.run(topic, "lanes" + groups, work.messages(), setup);
    }
}
