package io.oncemq.bench;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;

/** Raw consume, consume with deduplication by hand, and OnceMQ: on the same messages, each run with a group of its own. */
final class ConsumePart {
    /**
     * One message of each key at once. What a crash may repeat is bounded by the concurrency; the loop by hand may repeat all
     * that it got at once, which is more.
     */
    private static final int CONCURRENCY = Workload.KEYS;

    private static final int DEFAULT_CONCURRENCY = 64;

    /** The hot key moves by one message per round trip to the store, so fewer messages take long enough. */
    private static final int HOT_SHARE = 10;

    private final Bed bed;
    private final Store store;
    private final OnceConsume once;
    private final Backlogs backlogs;

    ConsumePart(Bed bed, Store store, OnceClients clients) {
        this.bed = bed;
        this.store = store;
        this.once = new OnceConsume(clients);
        this.backlogs = new Backlogs("consume", bed, clients);
    }

    void run(Rounds rounds, int messages, Report report) throws Exception {
        Workload uniform = new Workload(Workload.Keys.UNIFORM, messages);
        List<Contender> all = new ArrayList<>(contenders(uniform));
        all.add(contender(
                "OnceMQ, Redis, default concurrency", uniform, () -> once(uniform, true, DEFAULT_CONCURRENCY)));
        all.add(contender("OnceMQ, without store", uniform, () -> once(uniform, false, CONCURRENCY)));
        if (bed.overlaps()) {
            all.add(contender("raw, SET NX and SET beside the poll loop", uniform, () -> overlapped(uniform)));
        }
        List<Measured> results = rounds.run(all);
        report.rates("consume, 1,000 keys", results, results.get(1));
        report.ratio("consumeRatio", results.get(2), results.get(1));
        report.ratio("consumeRawRatio", results.get(2), results.get(0));
        report.ratio("consumeDefaultConcurrencyRatio", results.get(3), results.get(1));
        if (bed.overlaps()) {
            report.ratio("consumeOverlappedRatio", results.get(2), results.get(5));
        }
        empty(uniform);
        runHot(rounds, messages / HOT_SHARE, report);
    }

    private void runHot(Rounds rounds, int messages, Report report) throws Exception {
        Workload hot = new Workload(Workload.Keys.HOT, messages);
        List<Measured> results = rounds.run(contenders(hot));
        report.rates("consume, one key has half", results, results.get(1));
        report.ratio("hotKeyRatio", results.get(2), results.get(1));
        empty(hot);
    }

    private List<Contender> contenders(Workload workload) {
        return List.of(
                contender(bed.rawConsumer(), workload, () -> raw(workload)),
                contender("raw, pipelined SET NX and SET", workload, () -> pipelined(workload)),
                contender("OnceMQ, Redis store", workload, () -> once(workload, true, CONCURRENCY)));
    }

    private Contender contender(String name, Workload workload, Contender.Trial trial) {
        return new Contender(name, workload.messages(), () -> prepare(workload), trial);
    }

    private void prepare(Workload workload) throws Exception {
        backlogs.fill(workload);
        store.empty();
    }

    private double raw(Workload workload) throws Exception {
        return backlogs.read(workload, (from, group) -> bed.consumeRaw(from, group, workload.messages(), IdStep.NONE));
    }

    private double pipelined(Workload workload) throws Exception {
        return backlogs.read(workload, (from, group) -> {
            try (PipelinedDedupe dedupe = new PipelinedDedupe(store.connect(), group)) {
                return bed.consumeRaw(from, group, workload.messages(), dedupe);
            }
        });
    }

    private double overlapped(Workload workload) throws Exception {
        return backlogs.read(workload, (from, group) -> {
            try (Jedis jedis = store.connect()) {
                return bed.consumeOverlapped(from, group, workload.messages(), jedis);
            }
        });
    }

    private double once(Workload workload, boolean remember, int concurrency) throws Exception {
        OnceConsume.Setup setup = new OnceConsume.Setup(remember, concurrency, 0, false);
        return backlogs.read(workload, (from, group) -> once.run(from, group, workload.messages(), setup));
    }

    private void empty(Workload workload) throws Exception {
        store.empty();
        backlogs.drop(workload);
    }
}
