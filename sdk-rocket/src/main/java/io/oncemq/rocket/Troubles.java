package io.oncemq.rocket;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SourceRecovery;
import io.oncemq.spi.support.SourceTrouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the shared table of errors says of each server that a source talks to: an unreachable one is reported by its name, and the others
 * continue. Refused credentials are borne per server, too: what one of them accepts another may refuse for longer than anybody changes a
 * password. Belongs to the source's thread.
 */
final class Troubles {
    /** Stands for what tells of queues and members. */
    static final String DIRECTORY = "name server";

    private static final class Server {
        final SourceRecovery recovery;

        @Nullable
        SourceTrouble kind;

        long until;

        Server(SourceRecovery recovery) {
            this.recovery = recovery;
        }
    }

    private final SourceSpec spec;
    private final LongSupplier ticker;
    private final SourceRecovery all;
    private final Map<String, Server> servers = new HashMap<>();

    Troubles(SourceSpec spec, Consumer<MessagingEvent> events, LongSupplier ticker) {
        this.spec = spec;
        this.ticker = ticker;
        this.all = new SourceRecovery(spec, events, ticker);
    }

    /** The brokers have let this source in: it has read, or it is a member that has nothing to read. */
    void letIn() {
        all.letIn();
    }

    /** A server answers, which proves nothing of the others. @param received whether it brought messages */
    void well(String server, boolean received) {
        Server known = servers.get(server);
        if (known != null) {
            known.recovery.well(true);
            known.kind = null;
        }
    }

    /**
     * How long to wait, in nanoseconds, before that server is asked again. What fails beside it, within that time and for the same reason,
     * counts once.
     *
     * @throws MessagingException the error as applications see it, if it ends the source
     */
    long failed(String server, Throwable error) {
        MessagingException meaning = RocketErrors.translate("consuming " + spec.destination(), error);
        Server known = servers.computeIfAbsent(server, name -> new Server(all.part(name)));
        SourceTrouble kind = kind(meaning, error);
        long now = ticker.getAsLong();
        if (kind == known.kind && now - known.until < 0) {
            return known.until - now;
        }
        Duration wait = kind == SourceTrouble.MISSING
                ? known.recovery.retryAfterMissing(server, meaning)
                : known.recovery.retryAfter(kind, meaning);
        known.kind = kind;
        known.until = now + wait.toNanos();
        return wait.toNanos();
    }

    /** A broker that answers with an error of its own, whatever that is, is not ready for the question: a start of it looks like that. */
    private static SourceTrouble kind(MessagingException meaning, Throwable error) {
        if (RocketErrors.isWithoutGroup(error)) {
            return SourceTrouble.MISSING;
        }
        SourceTrouble kind = SourceTrouble.of(meaning);
        return kind == SourceTrouble.OTHER && RocketErrors.isAnswered(error) ? SourceTrouble.CONNECTION : kind;
    }
}
