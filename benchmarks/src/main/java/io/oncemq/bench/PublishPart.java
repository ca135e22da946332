package io.oncemq.bench;

import java.util.List;

/** The raw client's publishing beside OnceMQ's; each run has a destination of its own. */
final class PublishPart {
    private static final String HEADING = "publish";
    private static final String GROUP = "g";

    private final Bed bed;
    private final OncePublish once;
    private int destinations;

    PublishPart(Bed bed, OnceClients clients) {
        this.bed = bed;
        this.once = new OncePublish(clients);
    }

    void run(Rounds rounds, int messages, Report report) throws Exception {
        Workload workload = new Workload(Workload.Keys.UNIFORM, messages);
        List<Measured> results = rounds.run(List.of(
                new Contender(bed.rawPublisher(), messages, () -> inFreshDestination(workload, bed::publishRaw)),
                new Contender("OnceMQ publisher", messages, () -> inFreshDestination(workload, once::run))));
        report.rates(HEADING, results, results.get(0));
        report.ratio("publishRatio", results.get(1), results.get(0));
    }

    private double inFreshDestination(Workload workload, Side side) throws Exception {
        destinations++;
        String destination = "publish-" + destinations;
        bed.create(destination, GROUP);
        double rate = side.run(destination, workload, destinations);
        bed.delete(destination, GROUP);
        return rate;
    }

    @FunctionalInterface
    private interface Side {
        double run(String destination, Workload workload, long run) throws Exception;
    }
}
