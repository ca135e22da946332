package io.oncemq.it.redis;

import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.util.List;
import java.util.stream.LongStream;

/** One command for each of some numbered messages, spread over shards and buckets. */
final class StoreCalls {
    private StoreCalls() {}

    /** What is answered for the messages of these numbers, in order. */
    static List<Kind> kinds(ClaimStore claims, Type type, long from, int count, long owner) {
        List<StoreCommand> commands = LongStream.range(from, from + count)
                .mapToObj(n -> StoreCommand.of(type, new RecordId(n << 40, n, (int) n), new Owner(owner, n)))
                .toList();
        return claims.apply(commands).stream().map(StoreAnswer::kind).toList();
    }
}
