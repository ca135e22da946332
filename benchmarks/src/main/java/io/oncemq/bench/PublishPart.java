package io.oncemq.bench;

import java.util.List;

/** Raw produce beside OnceMQ publish; each run has a topic of its own. */
final class PublishPart {
    private static final String HEADING = "publish";

    private final Servers servers;
    private final RawPublish raw;
    private final OncePublish once;
    private int topics;

    PublishPart(Servers servers, OnceClients clients) {
        this.servers = servers;
        this.raw = new RawPublish(servers);
        this.once = new OncePublish(clients);
    }

    void run(Rounds rounds, int messages, Report report) throws Exception {
        Workload workload = new Workload(Workload.Keys.UNIFORM, messages);
        List<Measured> results = rounds.run(List.of(
                new Contender("raw producer", messages, () -> inFreshTopic(workload, raw::run)),
                new Contender("OnceMQ publisher", messages, () -> inFreshTopic(workload, once::run))));
        report.rates(HEADING, results, results.get(0));
        report.ratio("publishRatio", results.get(1), results.get(0));
    }

    private double inFreshTopic(Workload workload, Side side) throws Exception {
        topics++;
        String topic = "publish-" + topics;
        servers.createTopic(topic);
        double rate = side.run(topic, workload, topics);
        servers.deleteTopic(topic);
        return rate;
    }

    @FunctionalInterface
    private interface Side {
        double run(String topic, Workload workload, long run) throws Exception;
    }
}
