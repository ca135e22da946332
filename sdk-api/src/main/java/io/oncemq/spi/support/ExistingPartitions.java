package io.oncemq.spi.support;

import io.oncemq.DestinationSpec;
import java.util.function.IntSupplier;

/** A destination that is asked for without a number of partitions has those that exist. Thread-safe. */
public final class ExistingPartitions {
    private ExistingPartitions() {}

    /**
     * The destination with a number of partitions in any case: its own, or else the existing one.
     *
     * @param existing how many there are, or 0 where the destination does not exist, which makes it 1; called only if it is needed
     */
    public static DestinationSpec orExisting(DestinationSpec asked, IntSupplier existing) {
        return asked.partitions() > 0
                ? asked
                : asked.toBuilder().partitions(Math.max(1, existing.getAsInt())).build();
    }
}
