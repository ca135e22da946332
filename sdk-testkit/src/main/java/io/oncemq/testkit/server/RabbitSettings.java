package io.oncemq.testkit.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a RabbitMQ node is told at its start, apart from its ports and folders.
 *
 * @param config lines of {@code rabbitmq.conf}
 * @param plugins those to enable
 * @param schedulers how many threads run Erlang; 0 for one per processor
 */
record RabbitSettings(Map<String, String> config, List<String> plugins, int schedulers) {

    /** What a server prints when it is ready. */
    static final String READY = "completed with";

    /** A small server that starts quickly and notices dead peers within seconds. */
    static Map<String, String> defaults(String user, String password) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("default_user", user);
        lines.put("default_pass", password);
        lines.put("loopback_users." + user, "false");
        lines.put("heartbeat", "10");
        lines.put("vm_memory_high_watermark.absolute", "1GB");
        lines.put("disk_free_limit.absolute", "50MB");
        lines.put("raft.wal_max_size_bytes", "67108864");
        lines.put("log.console", "true");
        lines.put("log.console.level", "info");
        lines.put("log.file", "false");
        return lines;
    }

    /** The file {@code rabbitmq.conf}, with further lines; these go before. */
    String file(Map<String, String> own) {
        Map<String, String> all = new LinkedHashMap<>(own);
        config.forEach(all::putIfAbsent);
        return all.entrySet().stream()
                .map(line -> line.getKey() + " = " + line.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** As arguments of Erlang. */
    String threads() {
        return schedulers == 0 ? "" : " +S " + schedulers + ":" + schedulers;
    }

    String pluginsFile() {
        return "[" + String.join(",", plugins) + "].\n";
    }
}
