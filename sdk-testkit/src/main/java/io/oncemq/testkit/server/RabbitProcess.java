package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ node as a child process: the Erlang machine itself, since {@code RABBITMQ_ALLOW_INPUT} lets the server's script become it
 * instead of waiting for it. Its helpers end when their pipe to it closes.
 */
final class RabbitProcess implements RabbitNode {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final String COOKIE = "oncemqtestkit";

    private final RabbitInstallation installation;
    private final ErlangNames names;
    private final String name;
    private final RabbitSettings settings;
    private final @Nullable TestCertificates certificates;
    private final Path folder = TempFolders.create("rabbitmq");
    private final Path log = folder.resolve("server.log");
    private final int port = FreePorts.reserve();
    private final int distributionPort = FreePorts.reserve();
    private final int tlsPort;
    private final ErlangCall call;
    private @Nullable ChildProcess process;
    private long loggedBefore;

    /**
     * @param name that of the Erlang node, without its host
     * @param certificates those of its TLS listener; null for none
     */
    RabbitProcess(
            RabbitInstallation installation,
            ErlangNames names,
            String name,
            RabbitSettings settings,
            @Nullable TestCertificates certificates) {
        this.installation = installation;
        this.names = names;
        this.name = name + "@localhost";
        this.settings = settings;
        this.certificates = certificates;
        tlsPort = certificates == null ? -1 : FreePorts.reserve();
        call = new ErlangCall(installation, distributionPort, COOKIE, folder);
    }

    /** The name of the Erlang node. */
    String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int tlsPort() {
        return tlsPort;
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void launch() {
        if (isRunning()) {
            return;
        }
        writeFiles();
        loggedBefore = Readiness.size(log);
        String program = installation.home().resolve("sbin/rabbitmq-server").toString();
        process = ChildProcess.start(List.of(program), environment(), folder, log);
    }

    @Override
    public void awaitReady() {
        Readiness.await(
                "RabbitMQ", running(), START_PATIENCE, () -> Readiness.logged(log, loggedBefore, RabbitSettings.READY));
    }

    @Override
    public void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop(STOP_PATIENCE);
        }
    }

    @Override
    public void pause() {
        running().pause();
    }

    @Override
    public void resume() {
        running().resume();
    }

    @Override
    public String eval(String expression) {
        return call.eval(expression);
    }

    @Override
    public String logTail(int lines) {
        return process == null ? "" : process.logTail(lines);
    }

    @Override
    public long pid() {
        return running().pid();
    }

    @Override
    public void release() {
        FreePorts.release(port);
        FreePorts.release(distributionPort);
        if (tlsPort >= 0) {
            FreePorts.release(tlsPort);
        }
        TempFolders.delete(folder);
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("RabbitMQ was never started");
        }
        return process;
    }

    private Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(names.environment());
        all.put("HOME", folder.toString());
        all.put("PATH", installation.erlang() + ":" + System.getenv("PATH"));
        all.put("ERL_CRASH_DUMP_SECONDS", "0");
        all.put("RABBITMQ_ALLOW_INPUT", "yes");
        all.put("RABBITMQ_NODENAME", name);
        all.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        all.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        all.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
        all.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE",
                folder.resolve("advanced.config").toString());
        all.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                folder.resolve("enabled_plugins").toString());
        all.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        all.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        all.put("RABBITMQ_LOGS", "-");
        all.put("RABBITMQ_SCHEMA_DIR", folder.resolve("schema").toString());
        all.put("RABBITMQ_GENERATED_CONFIG_DIR", folder.resolve("config").toString());
        all.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
        all.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", erlangArguments());
        return all;
    }

    private String erlangArguments() {
        return "-noinput -kernel inet_dist_use_interface {127,0,0,1}" + settings.threads();
    }

    private void writeFiles() {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("listeners.tcp.1", "127.0.0.1:" + port);
        if (certificates != null) {
            own.put("listeners.ssl.1", "127.0.0.1:" + tlsPort);
            own.put("ssl_options.cacertfile", certificates.authority().toString());
            own.put("ssl_options.certfile", certificates.serverCertificate().toString());
            own.put("ssl_options.keyfile", certificates.serverKey().toString());
        }
        try {
            Files.writeString(folder.resolve("rabbitmq.conf"), settings.file(own));
            Files.writeString(folder.resolve("advanced.config"), "[].\n");
            Files.writeString(folder.resolve("enabled_plugins"), settings.pluginsFile());
            Path cookie = folder.resolve(".erlang.cookie");
            if (!Files.exists(cookie)) {
                Files.writeString(cookie, COOKIE);
                Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
