package io.oncemq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets contenders take turns: one round of warm-up, then the counted rounds. The order of each round is
 * another one ({@link Turns}), so that none always runs directly after the same other one.
 */
final class Rounds {
    private static final double NANOS_PER_MICRO = 1_000;

    private final int counted;
    private final LongSupplier cpuNanos;
    private final Consumer<String> progress;

    Rounds(int counted, LongSupplier cpuNanos, Consumer<String> progress) {
        this.counted = counted;
        this.cpuNanos = cpuNanos;
        this.progress = progress;
    }

    /** The results stand in the order of the contenders. */
    List<Measured> run(List<Contender> contenders) throws Exception {
        Turns turns = new Turns(contenders.size());
        double[][] rates = new double[contenders.size()][counted];
        double[][] micros = new double[contenders.size()][counted];
        for (int round = 0; round <= counted; round++) {
            for (int who : turns.of(round)) {
                Contender contender = contenders.get(who);
                contender.preparation().run();
                long before = cpuNanos.getAsLong();
                double rate = contender.trial().run();
                double cpu = (cpuNanos.getAsLong() - before) / NANOS_PER_MICRO / contender.messages();
                String when = round == 0 ? "warm-up" : round + " of " + counted;
                progress.accept("%-8s  %-34s %,12.0f msg/s %8.2f µs CPU".formatted(when, contender.name(), rate, cpu));
                if (round > 0) {
                    rates[who][round - 1] = rate;
                    micros[who][round - 1] = cpu;
                }
            }
        }
        List<Measured> results = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            String name = contenders.get(i).name();
            results.add(new Measured(new Series(name, rates[i]), new Series(name, micros[i])));
        }
        return results;
    }
}
