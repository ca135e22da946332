package io.oncemq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Raw consume, consume with deduplication by hand, and OnceMQ: on one topic, each run with a group of its own. */
final class ConsumePart {
    /**
     * One message of each key at once. What a crash may repeat is bounded by the concurrency; the loop by hand may repeat all
     * that one poll brought, which is more.
     */
    private static final int CONCURRENCY = Workload.KEYS;

    private static final int DEFAULT_CONCURRENCY = 64;

    /** The hot key moves by one message per round trip to the store, so fewer messages take long enough. */
    private static final int HOT_SHARE = 10;

    private final Servers servers;
    private final RawConsume raw;
    private final OnceClients clients;
    private final OnceConsume once;
    private int groups;

    ConsumePart(Servers servers, OnceClients clients) {
        this.servers = servers;
        this.raw = new RawConsume(servers);
        this.once = new OnceConsume(clients);
        this.clients = clients;
    }

    void run(Rounds rounds, int messages, Report report) throws Exception {
        Workload uniform = new Workload(Workload.Keys.UNIFORM, messages);
        String topic = fill(uniform);
        List<Contender> all = new ArrayList<>(contenders(topic, messages));
        all.add(new Contender(
                "OnceMQ, Redis, default concurrency",
                messages,
                () -> once(topic, messages, true, DEFAULT_CONCURRENCY)));
        all.add(new Contender("OnceMQ, without store", messages, () -> once(topic, messages, false, CONCURRENCY)));
        List<Measured> results = rounds.run(all);
        report.rates("consume, 1,000 keys", results, results.get(1));
        report.ratio("consumeRatio", results.get(2), results.get(1));
        report.ratio("consumeRawRatio", results.get(2), results.get(0));
        report.ratio("consumeDefaultConcurrencyRatio", results.get(3), results.get(1));
        empty(topic);
        runHot(rounds, messages / HOT_SHARE, report);
    }

    private void runHot(Rounds rounds, int messages, Report report) throws Exception {
        String topic = fill(new Workload(Workload.Keys.HOT, messages));
        List<Measured> results = rounds.run(contenders(topic, messages));
        report.rates("consume, one key has half", results, results.get(1));
        report.ratio("hotKeyRatio", results.get(2), results.get(1));
        empty(topic);
    }

    private List<Contender> contenders(String topic, int messages) {
        return List.of(
                new Contender(
                        "raw poll loop", messages, () -> raw.run(topic, group(), messages, ConsumerRecords::count)),
                new Contender("raw, pipelined SET NX and SET", messages, () -> pipelined(topic, messages)),
                new Contender("OnceMQ, Redis store", messages, () -> once(topic, messages, true, CONCURRENCY)));
    }

    private double pipelined(String topic, int messages) {
        servers.emptyRedis();
        String group = group();
        try (PipelinedDedupe dedupe = new PipelinedDedupe(servers.redis(), group)) {
            return raw.run(topic, group, messages, dedupe);
        }
    }

    private double once(String topic, int messages, boolean store, int concurrency) {
        servers.emptyRedis();
        return once.run(topic, group(), messages, new OnceConsume.Setup(store, concurrency, 0, false));
    }

    private String fill(Workload workload) throws Exception {
        String topic = "consume-" + workload.keys().name().toLowerCase(Locale.ROOT);
        servers.createTopic(topic);
        new OncePublish(clients).run(topic, workload, 0);
        return topic;
    }

    private void empty(String topic) throws Exception {
        servers.emptyRedis();
        servers.deleteTopic(topic);
    }

    private String group() {
        groups++;
        return "g" + groups;
    }
}
