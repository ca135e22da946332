package io.oncemq.bench;

import java.util.List;
import java.util.Locale;

/** The entry point of ./bench. */
public final class Bench {
    private static final int USAGE = 2;

    private Bench() {}

    /** Status 0 after a complete run, 1 if something failed, 2 if the command line is wrong. */
    public static void main(String[] words) {
        Locale.setDefault(Locale.ROOT);
        int status = 0;
        try {
            run(BenchOptions.parse(List.of(words)));
        } catch (UsageException e) {
            System.err.println("bench: " + e.getMessage() + "\nbench: ./bench --help lists the options");
            status = USAGE;
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        System.exit(status);
    }

    private static void run(BenchOptions options) throws Exception {
        Report report = new Report();
        long start = System.nanoTime();
        Sizes sizes = Sizes.of(options.quick());
        report.field("broker", options.broker().word());
        report.field("quick", options.quick());
        report.field("runs", options.runs());
        report.field("virtualThreads", options.virtualThreads());
        report.field("messages", sizes.describe());
        report.field("machine", Machine.describe());
        report.field("jdk", Machine.jdk());
        try (Store store = Store.start();
                Bed bed = options.broker().start()) {
            report.field("redis", store.version());
            measure(options, sizes, bed, store, report);
        }
        report.field("loadAverageAtEnd", Machine.load());
        report.field("seconds", (System.nanoTime() - start) / 1_000_000_000);
        System.out.println();
        System.out.println(report.table());
        System.out.println(report.json());
    }

    private static void measure(BenchOptions options, Sizes sizes, Bed bed, Store store, Report report)
            throws Exception {
        Rounds rounds = new Rounds(options.runs(), new CpuClock(), Bench::tell);
        OnceClients clients = new OnceClients(bed, store);
        if (options.parts().contains(Part.PUBLISH)) {
            tell("publish: %,d messages".formatted(sizes.publish()));
            new PublishPart(bed, clients).run(rounds, sizes.publish(), report);
        }
        if (options.parts().contains(Part.CONSUME)) {
            tell("consume: %,d messages".formatted(sizes.consume()));
            new ConsumePart(bed, store, clients).run(rounds, sizes.consume(), report);
        }
        if (options.parts().contains(Part.LANES)) {
            LanesPart lanes = new LanesPart(bed, store, clients, options.virtualThreads());
            for (LanesPart.Work work : List.of(sizes.lanes2ms(), sizes.lanes5ms())) {
                tell("%s: %,d messages".formatted(work.name(), work.messages()));
                lanes.run(rounds, work, report);
            }
        }
        if (options.parts().contains(Part.MEMORY)) {
            tell("memory");
            new MemoryPart(store, Bench::tell).run(sizes.ids(), report);
        }
    }

    private static void tell(String line) {
        System.out.println(line);
    }
}
