package io.oncemq.it.redis;

import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random commands of few owners on few messages, so that they meet. */
final class CommandSequences {
    private static final Type[] TYPES = Type.values();

    private final SplittableRandom random;
    private final long[] ids;

    CommandSequences(long seed) {
        this.random = new SplittableRandom(seed);
        this.ids = random.longs(3).toArray();
    }

    SplittableRandom random() {
        return random;
    }

    List<StoreCommand> batch() {
        List<StoreCommand> batch = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            batch.add(command());
        }
        return batch;
    }

    /** Claims are frequent, as in life; most commands come as the script's short ways expect them. */
    private Type type() {
        return oneIn(3) ? Type.CLAIM : TYPES[random.nextInt(TYPES.length)];
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** From one letter to the longest, which no bucket of records could hold without growing. */
    private String cause() {
        return "é".repeat(1 + random.nextInt(StoreCommand.MOST_CAUSE_BYTES / 2));
    }

    private StoreCommand command() {
        Type type = type();
        long id = ids[random.nextInt(ids.length)];
        int generation = oneIn(6) ? 1 + random.nextInt(2) : 0;
        int attempt = type == Type.START || oneIn(6) ? random.nextInt(4) : 0;
        int fingerprint = random.nextInt(3);
        boolean repeated = oneIn(6);
        return new StoreCommand(
                type,
                new RecordId(id, ~id, (int) id),
                new Owner(7, 1 + random.nextInt(2)),
                generation,
                attempt,
                fingerprint,
                repeated,
                type == Type.DEAD_LETTERING && oneIn(2) ? cause() : "");
    }
}
