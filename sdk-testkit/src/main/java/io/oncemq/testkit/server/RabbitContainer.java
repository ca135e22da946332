package io.oncemq.testkit.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ server in a container of the official image, or of one that takes its configuration from {@code /etc/rabbitmq} and has
 * {@code rabbitmqctl} on its PATH. Not thread-safe; its owner locks.
 */
final class RabbitContainer implements RabbitNode {
    private static final int PORT = 5672;
    private static final String CONFIG_FOLDER = "/etc/rabbitmq";
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final int port = FreePorts.reserve();
    private final RabbitSettings settings;
    private final ContainerPlan plan;
    private @Nullable Container container;
    private int printedBefore;

    RabbitContainer(String image, RabbitSettings settings) {
        this.settings = settings;
        List<String> environment = List.of(
                "RABBITMQ_NODENAME=oncemq@localhost",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=" + settings.threads().strip());
        plan = new ContainerPlan(image, PORT, port, environment, List.of());
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int tlsPort() {
        return -1;
    }

    @Override
    public boolean isRunning() {
        return container != null && container.isAlive();
    }

    @Override
    public void launch() {
        if (isRunning()) {
            return;
        }
        Container mine = container == null ? plan.create() : container;
        container = mine;
        mine.write(CONFIG_FOLDER, "rabbitmq.conf", settings.file(Map.of("listeners.tcp.1", "0.0.0.0:" + PORT)));
        mine.write(CONFIG_FOLDER, "enabled_plugins", settings.pluginsFile());
        printedBefore = mine.output().length();
        mine.start();
    }

    @Override
    public void awaitReady() {
        Container mine = started();
        Readiness.await(
                "RabbitMQ",
                mine,
                START_PATIENCE,
                () -> mine.output().indexOf(RabbitSettings.READY, printedBefore) >= 0);
    }

    @Override
    public void kill() {
        if (container != null) {
            container.kill();
        }
    }

    @Override
    public void stop() {
        if (container != null) {
            container.stop(STOP_PATIENCE);
        }
    }

    @Override
    public void pause() {
        started().pause();
    }

    @Override
    public void resume() {
        started().resume();
    }

    @Override
    public String eval(String expression) {
        return started().run("rabbitmqctl", "eval", expression + ".").strip();
    }

    @Override
    public String logTail(int lines) {
        return container == null ? "" : container.logTail(lines);
    }

    @Override
    public long pid() {
        throw BackEnds.noPid("RabbitMQ");
    }

    @Override
    public void release() {
        if (container != null) {
            container.remove();
        }
        FreePorts.release(port);
    }

    private Container started() {
        if (container == null) {
            throw new IllegalStateException("RabbitMQ was never started");
        }
        return container;
    }
}
