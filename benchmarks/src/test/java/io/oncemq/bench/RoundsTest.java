package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final AtomicLong cpu = new AtomicLong();

    @Test
    void contendersAlternateAndTakeTurnsInGoingFirst() throws Exception {
        List<String> order = new ArrayList<>();
        rounds(2).run(List.of(contender("a", order), contender("b", order)));

        assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
    }

    @Test
    void warmUpDoesNotCount() throws Exception {
        AtomicInteger run = new AtomicInteger();
        List<Measured> results = rounds(3).run(List.of(new Contender("a", 1, () -> 10.0 + run.getAndIncrement())));

        assertThat(results.get(0).rate().values()).containsExactly(11, 12, 13);
    }

    @Test
    void processorTimeIsThatOfTheRunDividedByItsMessages() throws Exception {
        List<Measured> results = rounds(1).run(List.of(new Contender("a", 100, () -> {
            cpu.addAndGet(500_000);
            return 1;
        })));
        cpu.addAndGet(1_000_000_000);

        assertThat(results.get(0).cpu().median()).isEqualTo(5);
    }

    private Rounds rounds(int counted) {
        return new Rounds(counted, cpu::get, line -> {});
    }

    private static Contender contender(String name, List<String> order) {
        return new Contender(name, 1, () -> {
            order.add(name);
            return 1;
        });
    }
}
