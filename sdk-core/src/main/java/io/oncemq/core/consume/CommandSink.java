package io.oncemq.core.consume;

import java.util.List;

/** Takes the commands of one turn on their way to the store. */
interface CommandSink {
    /** Hands operations over and empties both lists. Does not block. */
    void submit(List<StoreOperation> moreSettlements, List<StoreOperation> moreClaims);
}
