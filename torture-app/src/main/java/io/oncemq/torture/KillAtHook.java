package io.oncemq.torture;

import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/** A consumer process dies at a place in the way of a message, as by kill -9. */
record KillAtHook(Hook hook) implements Nemesis {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int MOST_PASSINGS = 60;

    @Override
    public String name() {
        return "kill-" + hook.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member member = arena.fleet().any(random);
        int count = 1 + random.nextInt(MOST_PASSINGS);
        String victim = member.incarnation();
        return new Attack(
                victim,
                Duration.ZERO,
                () -> {
                    member.dieAt(hook, count);
                    return arena.stop()
                            .await(
                                    PATIENCE,
                                    () -> !member.isAlive()
                                            || !member.incarnation().equals(victim));
                },
                member::behave);
    }
}
