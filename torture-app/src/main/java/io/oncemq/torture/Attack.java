package io.oncemq.torture;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One fault, as it will happen.
 *
 * @param target whom it concerns, in a few words. The first one says what it may explain: {@code broker} that shards move, {@code store} that
 *     leases lapse, the name of a process both for that process alone; any other nothing
 * @param hold how long it lasts
 * @param begin does the harm; whether it came to that
 * @param end takes it back; also called where nothing was done
 */
record Attack(String target, Duration hold, BooleanSupplier begin, Runnable end) {
    /** One that is sure to happen. */
    static Attack sure(String target, Duration hold, Runnable begin, Runnable end) {
        return new Attack(
                target,
                hold,
                () -> {
                    begin.run();
                    return true;
                },
                end);
    }
}
