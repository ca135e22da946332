package io.oncemq.torture;

import java.util.SplittableRandom;

/** kill -9 of a consumer process at any time. */
record KillConsumer() implements Nemesis {
    @Override
    public String name() {
        return "kill-consumer";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member member = arena.fleet().any(random);
        return new Attack(member.incarnation(), Spans.between(random, 0, 1_000), member::kill, () -> {});
    }
}
