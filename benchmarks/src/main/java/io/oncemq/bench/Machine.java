package io.oncemq.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where the figures come from. */
final class Machine {
    private static final long MEBIBYTE = 1 << 20;

    private Machine() {}

    static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("cpu", cpu());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("heapMiB", Runtime.getRuntime().maxMemory() / MEBIBYTE);
        machine.put("loadAverage", load());
        return machine;
    }

    static String jdk() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /** Of the last minute: what else was running here; negative where the system does not tell. */
    static double load() {
        return Report.rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), 100);
    }

    private static String cpu() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException noProc) {
            return "unknown";
        }
    }
}
