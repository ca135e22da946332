package io.oncemq.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** The processor time that this JVM has used, in nanoseconds; it stands still while others have the processor. */
final class CpuClock implements LongSupplier {
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Override
    public long getAsLong() {
        return system.getProcessCpuTime();
    }
}
