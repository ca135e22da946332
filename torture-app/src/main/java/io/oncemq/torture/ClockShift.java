package io.oncemq.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A consumer process gets a clock that goes an hour wrong; its monotonic clock stays. */
record ClockShift() implements Nemesis {
    private static final String TOOL = "faketime";

    @Override
    public String name() {
        return "clock-shift";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Optional<String> obstacle(BrokerKind broker) {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, TOOL)));
        return there ? Optional.empty() : Optional.of("there is no " + TOOL + " on the PATH");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member member = arena.fleet().any(random);
        String shift = random.nextBoolean() ? "+3600s" : "-3600s";
        return new Attack(
                member.incarnation() + " " + shift,
                Spans.between(random, 5_000, 10_000),
                () -> {
                    member.leave();
                    member.start(List.of(TOOL, "-f", shift));
                },
                () -> {
                    member.leave();
                    member.start();
                });
    }
}
