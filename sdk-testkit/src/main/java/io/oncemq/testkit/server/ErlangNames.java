package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An {@code epmd} of a fixture's own: Erlang nodes find each other through it, and theirs would otherwise be one daemon for the whole
 * machine, which outlives them. Not thread-safe; its owner locks.
 */
final class ErlangNames {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final Path folder = TempFolders.create("epmd");
    private final int port = FreePorts.reserve();
    private final ChildProcess process;

    ErlangNames(RabbitInstallation installation) {
        List<String> command =
                List.of(installation.erl("epmd").toString(), "-address", "127.0.0.1", "-port", Integer.toString(port));
        process = ChildProcess.start(command, Map.of(), folder, folder.resolve("epmd.log"));
        try {
            Readiness.await("epmd", process, START_PATIENCE, () -> Listening.on(port));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What makes a node, and each Erlang that it starts, use this one and never start another. */
    Map<String, String> environment() {
        return Map.of(
                "ERL_EPMD_PORT",
                Integer.toString(port),
                "ERL_EPMD_ADDRESS",
                "127.0.0.1",
                "ERL_ZFLAGS",
                "-start_epmd false");
    }

    long pid() {
        return process.pid();
    }

    void close() {
        process.kill();
        FreePorts.release(port);
        TempFolders.delete(folder);
    }
}
