package io.oncemq.testkit.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Redis server in a container. */
final class RedisContainer implements RedisNode {
    private static final int PORT = 6379;
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final int port = FreePorts.reserve();
    private final ContainerPlan plan;
    private @Nullable Container container;

    RedisContainer(String image, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(PORT)));
        command.addAll(List.of("--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/data"));
        command.addAll(arguments);
        plan = new ContainerPlan(image, PORT, port, List.of(), command);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean isRunning() {
        return container != null && container.isAlive();
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        Container mine = container == null ? plan.create() : container;
        container = mine;
        mine.start();
        Readiness.await("Redis", mine, START_PATIENCE, () -> RedisPing.answers(port));
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

    /** The data are in the container. */
    @Override
    public void wipe() {
        if (container != null) {
            container.remove();
            container = null;
        }
    }

    @Override
    public String logTail(int lines) {
        return container == null ? "" : container.logTail(lines);
    }

    @Override
    public long pid() {
        throw BackEnds.noPid("Redis");
    }

    @Override
    public void release() {
        wipe();
        FreePorts.release(port);
    }

    private Container started() {
        if (container == null) {
            throw new IllegalStateException("Redis was never started");
        }
        return container;
    }
}
