package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once per JVM and kind of server where it runs: in the log, and in the file that the property {@code
 * oncemq.servers.report} names, by which a build can tell what its tests ran on.
 */
final class UsedServers {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private UsedServers() {}

    static void say(Server server) {
        String line = server.backEnd() + ": " + server.description();
        if (SAID.add(line)) {
            LOG.info("started as {}", line);
            String report = System.getProperty("oncemq.servers.report", "");
            if (!report.isEmpty()) {
                append(Path.of(report), line);
            }
        }
    }

    private static void append(Path report, String line) {
        try {
            Files.writeString(report, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
