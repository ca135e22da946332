package io.oncemq.torture;

import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** What a network does between the processes and a server, done to the broker's clients or to those of the store: to all, or to one member. */
record Network(Trouble trouble, Against against) implements Nemesis {
    private static final long LEAST_MILLIS = 2_000;
    private static final long MOST_MILLIS = 12_000;
    private static final long HALF_A_BODY = 100_000;

    /** What goes wrong. */
    enum Trouble {
        RESET("reset", (proxy, delay) -> proxy.reset()),
        PARTITION("partition", (proxy, delay) -> proxy.drop()),
        DELAY("delay", TcpProxy::delay),
        SWALLOW("swallow-replies", (proxy, delay) -> proxy.swallowReplies()),
        SWALLOW_AND_RESET("swallow-replies-and-reset", (proxy, delay) -> proxy.swallowRepliesThenReset()),
        CUT_REQUESTS("cut-requests", (proxy, delay) -> proxy.resetAfterRequestBytes(HALF_A_BODY)),
        CUT_REPLIES("cut-replies", (proxy, delay) -> proxy.finishAfterReplyBytes(HALF_A_BODY)),
        FINISH("finish", (proxy, delay) -> proxy.finish()),
        HALF_CLOSE("half-close", (proxy, delay) -> proxy.halfClose()),
        ACCEPT_AND_CLOSE("accept-and-close", (proxy, delay) -> {
            proxy.acceptAndClose();
            proxy.finish();
        }),
        ACCEPT_SILENTLY("accept-silently", (proxy, delay) -> {
            proxy.acceptSilently();
            proxy.finish();
        });

        private final String text;
        private final BiConsumer<TcpProxy, Duration> harm;

        Trouble(String text, BiConsumer<TcpProxy, Duration> harm) {
            this.text = text;
            this.harm = harm;
        }

        /** Whether it is over once it has happened. */
        private boolean isOver() {
            return this == RESET || this == FINISH || this == HALF_CLOSE;
        }
    }

    @Override
    public String name() {
        return trouble.text + (against == Against.STORE ? "-store" : "-broker");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Duration delay = Spans.between(random, 20, 400);
        Routes routes =
                against == Against.BROKER ? arena.bed().routes() : arena.store().routes();
        int slot = random.nextInt(Terms.MEMBERS);
        boolean all = random.nextBoolean() || !routes.areSeparate();
        List<TcpProxy> proxies = all ? routes.all() : routes.of(slot);
        String target = (all ? (against == Against.BROKER ? "broker" : "store") + " for everybody" : "consumer-" + slot)
                + (trouble == Trouble.DELAY ? " by " + delay : "");
        Duration hold = trouble.isOver() ? Duration.ZERO : Spans.between(random, LEAST_MILLIS, MOST_MILLIS);
        return Attack.sure(
                target,
                hold,
                () -> proxies.forEach(proxy -> trouble.harm.accept(proxy, delay)),
                () -> proxies.forEach(TcpProxy::restore));
    }
}
