package io.oncemq.testkit.kit.store;

import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import java.util.List;
import java.util.stream.IntStream;

/** One delivery: an owner and the claims that it sends its commands to. */
record Claimant(ClaimStore claims, Owner owner) {
    private static final int UNUSED = 1 << 20;

    static RecordId id(int number) {
        // Spread over shards and buckets as digests are.
        long high = (number + 1L) * 0x9E3779B97F4A7C15L;
        return new RecordId(high, high * 0xBF58476D1CE4E5B9L, (int) (high >>> 20));
    }

    StoreAnswer send(Type type, int number) {
        return send(StoreCommand.of(type, id(number), owner));
    }

    StoreAnswer repeat(Type type, int number) {
        return send(StoreCommand.of(type, id(number), owner).repeat());
    }

    StoreAnswer.Kind kind(Type type, int number) {
        return send(type, number).kind();
    }

    StoreAnswer claim(RecordId id) {
        return send(StoreCommand.of(Type.CLAIM, id, owner));
    }

    StoreAnswer claim(int number, int generation) {
        return send(new StoreCommand(Type.CLAIM, id(number), owner, generation, 0, 0, false, ""));
    }

    StoreAnswer start(int number, int attempt) {
        return send(new StoreCommand(Type.START, id(number), owner, 0, attempt, 0, false, ""));
    }

    /** Renews a claim whose handler runs. */
    StoreAnswer renewRunning(int number, int attempt) {
        return send(new StoreCommand(Type.RENEW, id(number), owner, 0, attempt, 0, false, ""));
    }

    StoreAnswer deadLettering(int number, int generation, int attempt, String cause) {
        return send(new StoreCommand(Type.DEAD_LETTERING, id(number), owner, generation, attempt, 0, false, cause));
    }

    StoreAnswer withFingerprint(Type type, int number, int fingerprint) {
        return send(new StoreCommand(type, id(number), owner, 0, 0, fingerprint, false, ""));
    }

    List<StoreAnswer> sendAll(Type type, int from, int to) {
        return claims.apply(IntStream.range(from, to)
                .mapToObj(number -> StoreCommand.of(type, id(number), owner))
                .toList());
    }

    /** The first call after the server was away may find a dead connection. */
    void reconnect() {
        try {
            send(Type.RELEASE, UNUSED);
        } catch (StoreUnavailableException gone) {
            send(Type.RELEASE, UNUSED);
        }
    }

    private StoreAnswer send(StoreCommand command) {
        return claims.apply(List.of(command)).get(0);
    }
}
