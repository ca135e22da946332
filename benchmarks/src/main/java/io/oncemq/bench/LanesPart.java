package io.oncemq.bench;

import java.time.Duration;
import java.util.List;

/** Handlers that wait, on OnceMQ's lanes and on a bare loop of as many threads. */
final class LanesPart {
    private final Servers servers;
    private final OnceClients clients;
    private final OnceConsume once;
    private int groups;

    LanesPart(Servers servers, OnceClients clients) {
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
        List<Measured> results = rounds.run(List.of(
                new Contender("bare loop", work.messages(), () -> BareLoop.run(work.threads(), nanos, work.messages())),
                new Contender("OnceMQ, without store", work.messages(), () -> lanes(topic, work, false)),
                new Contender("OnceMQ, Redis store", work.messages(), () -> lanes(topic, work, true))));
        Measured bare = results.get(0);
        report.rates(work.name(), results, bare);
        String field = "lanes" + work.time().toMillis() + "ms";
        report.ratio(field + "Ratio", results.get(1), bare);
        report.ratio(field + "StoreRatio", results.get(2), bare);
        servers.emptyRedis();
        servers.deleteTopic(topic);
    }

    private double lanes(String topic, Work work, boolean store) {
        if (store) {
            servers.emptyRedis();
        }
        groups++;
        OnceConsume.Setup setup =
                new OnceConsume.Setup(store, work.threads(), work.time().toNanos());
        return once.run(topic, "lanes" + groups, work.messages(), setup);
    }
}
