package io.oncemq.core.consume;

import io.oncemq.ConfigurationException;
import io.oncemq.Feature;
import io.oncemq.Replay;
import io.oncemq.StartPosition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a subscription may begin to read, and whether its messages can be read once more. */
final class StartRules {
    private final EngineContext context;
    private final SubscriptionSpec spec;
    private final @Nullable Duration remembered;

    StartRules(EngineContext context, SubscriptionSpec spec) {
        this.context = context;
        this.spec = spec;
        this.remembered = context.store() == null ? null : context.store().rememberFor();
    }

    /** Asks the broker. @throws ConfigurationException if it may not begin there */
    void check() {
        Replay replay = spec.replay();
        if (replay == null) {
            refuseBehindMemory("startAt", "or use StartPosition.EARLIEST for a group that has handled nothing yet");
            return;
        }
        requireHistory(replay);
        if (replay.kind() == Replay.Kind.GAPS) {
            if (replay.from().instant() == null) {
                refuseUnlimited(replay);
            }
            refuseBehindMemory("replay", "or use Replay.again(…), which handles every message once more");
        }
    }

    /** What can be said without the broker. */
    static void checkAsked(
            EngineContext context, StartPosition startAt, @Nullable Replay replay, @Nullable String instance) {
        if (replay == null) {
            requireStart(context, startAt, instance != null);
            return;
        }
        if (instance != null) {
            throw new ConfigurationException(
                    "replay",
                    replay,
                    "reads for a whole group, of which broadcast(" + instance + ") makes one instance",
                    "Leave broadcast out: replay for a group that shares its messages");
        }
        context.transport().capabilities().require(Feature.REPLAY, "replay", replay);
        if (!startAt.equals(StartPosition.EARLIEST)) {
            throw new ConfigurationException(
                    "startAt", startAt, "a replay has a start position of its own", "Leave startAt out");
        }
        if (context.store() == null) {
            throw new ConfigurationException(
                    "replay",
                    replay,
                    "needs an idempotency store, since only a store remembers what was handled",
                    "Name a store with idempotency(…)");
        }
    }

    /** Where a broker starts a group nowhere else than where it is, a new instance begins at the latest anyhow. */
    private static void requireStart(EngineContext context, StartPosition startAt, boolean broadcast) {
        boolean anywhere =
                startAt.equals(StartPosition.EARLIEST) || (broadcast && startAt.equals(StartPosition.LATEST));
        if (!anywhere) {
            context.transport().capabilities().require(Feature.START_POSITION, "startAt", startAt);
        }
    }

    private void requireHistory(Replay replay) {
        if (!context.transport().keepsHistory(spec.destination())) {
            throw new ConfigurationException(
                    "replay",
                    replay,
                    "the broker keeps no history of " + spec.destination() + ", from which it could be read",
                    "Ensure it with MessagingClient.ensure(DestinationSpec.builder(\"" + spec.destination()
                            + "\").history(…).build()): messages can be replayed from then on");
        }
    }

    /** D6: what was handled before the store's memory begins would have its effect again. */
    private void refuseBehindMemory(String property, String otherwise) {
        Instant start = spec.from().instant();
        if (start == null || remembered == null) {
            return;
        }
        boolean behind = Duration.between(start, context.clock().instant()).compareTo(remembered) > 0;
        if (behind && !hasPosition()) {
            throw new ConfigurationException(
                    property,
                    spec.from(),
                    "is before the time that the idempotency store remembers (rememberFor = " + remembered
                            + "): older messages would be handled again",
                    "Start later; or raise rememberFor before messages get that old; " + otherwise);
        }
    }

    /** The earliest message is remembered only where the broker deletes messages before the store forgets them. */
    private void refuseUnlimited(Replay replay) {
        if (remembered == null) {
            return;
        }
        Duration kept = context.transport().preflight(spec.destination()).retention();
        if ((kept == null || kept.compareTo(remembered) > 0) && !hasPosition()) {
            throw new ConfigurationException(
                    "replay",
                    replay,
                    "the broker may have messages that are older than the idempotency store remembers (rememberFor = "
                            + remembered + "): older messages that were handled would count as gaps",
                    "Use StartPosition.at(…) with an instant that the store remembers");
        }
    }

    private boolean hasPosition() {
        return context.transport().hasPosition(spec.destination(), spec.reader());
    }
}
