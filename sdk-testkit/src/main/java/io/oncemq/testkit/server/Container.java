package io.oncemq.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A container that can be started again and again on its data and its port, until it is removed. A shutdown hook removes it
 * with the JVM; {@link Orphans} and Ryuk do where the JVM is killed. Thread-safe.
 */
final class Container implements ServerRun {
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();
    private static final int MOST_FREEZES = 10;
    private static final Set<Container> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Container::endAll, "oncemq-testkit-container-reaper"));
    }

    private final DockerClient client;
    private final String id;

    /** Takes over a container that was created and labelled. */
    Container(DockerClient client, String id) {
        this.client = client;
        this.id = id;
        LIVE.add(this);
    }

    private static void endAll() {
        ServerUsers.endAll();
        LIVE.forEach(Container::remove);
    }

    /** Writes a file into it, also while it is down. */
    void write(String folder, String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.copyArchiveToContainerCmd(id)
                .withRemotePath(folder)
                .withTarInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                .exec();
    }

    /**
     * Starts it on the data that it has.
     *
     * @throws ServerException if the engine cannot
     */
    void start() {
        try {
            client.startContainerCmd(id).exec();
        } catch (NotModifiedException runsAlready) {
            // as wanted
        } catch (DockerException e) {
            throw new ServerException("the Docker engine cannot start a container: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isAlive() {
        try {
            return Boolean.TRUE.equals(state().getRunning());
        } catch (NotFoundException removed) {
            return false;
        }
    }

    @Override
    public int exitStatus() {
        Long status = state().getExitCodeLong();
        return status == null ? -1 : status.intValue();
    }

    /** Also ends a paused one: the signal is pending when the engine thaws it. */
    @Override
    public void kill() {
        signal("SIGKILL");
        awaitExit(KILL_PATIENCE);
    }

    @Override
    public void terminate() {
        signal("SIGTERM");
    }

    private void signal(String name) {
        try {
            client.killContainerCmd(id).withSignal(name).exec();
        } catch (NotFoundException | ConflictException doesNotRun) {
            // as wanted
        }
    }

    @Override
    public boolean awaitExit(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    @Override
    public void pause() {
        if (!isPaused()) {
            freeze(() -> client.pauseContainerCmd(id).exec());
        }
    }

    /**
     * The engine gives up, with status 500, where the kernel has not stopped all processes of a busy container within some tries, and lets
     * them go on then.
     */
    static void freeze(Runnable pause) {
        for (int failures = 1; ; failures++) {
            try {
                pause.run();
                return;
            } catch (InternalServerErrorException e) {
                if (failures == MOST_FREEZES || !String.valueOf(e.getMessage()).contains("unable to freeze")) {
                    throw e;
                }
                LockSupport.parkNanos(POLL_NANOS * failures);
            }
        }
    }

    @Override
    public void resume() {
        if (isPaused()) {
            client.unpauseContainerCmd(id).exec();
        }
    }

    /**
     * Runs a program inside.
     *
     * @return what it printed
     * @throws ServerException if it fails, or does not end within 30 seconds
     */
    String run(String... command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String exec = client.execCreateCmd(id)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command)
                .exec()
                .getId();
        boolean ended = collect(sink -> client.execStartCmd(exec).exec(sink), bytes);
        Long status = client.inspectExecCmd(exec).exec().getExitCodeLong();
        String printed = bytes.toString(StandardCharsets.UTF_8);
        if (!ended || status == null || status != 0) {
            throw new ServerException(String.join(" ", command) + " failed in its container: " + printed);
        }
        return printed;
    }

    /** All that it has printed, over all of its starts. */
    String output() {
        return output(client.logContainerCmd(id).withTailAll());
    }

    @Override
    public String logTail(int lines) {
        return output(client.logContainerCmd(id).withTail(lines)).stripTrailing();
    }

    @Override
    public Duration askEvery() {
        return Duration.ofMillis(100);
    }

    /** Kills it and removes it with its data. */
    void remove() {
        LIVE.remove(this);
        Orphans.remove(client, id);
    }

    private String output(LogContainerCmd command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            collect(sink -> command.withStdOut(true).withStdErr(true).exec(sink), bytes);
        } catch (NotFoundException removed) {
            return "";
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether it came to its end. */
    private static boolean collect(Consumer<ResultCallback.Adapter<Frame>> command, ByteArrayOutputStream bytes) {
        ResultCallback.Adapter<Frame> sink = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                bytes.writeBytes(frame.getPayload());
            }
        };
        command.accept(sink);
        try {
            return sink.awaitCompletion(OUTPUT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isPaused() {
        return Boolean.TRUE.equals(state().getPaused());
    }

    private ContainerState state() {
        return client.inspectContainerCmd(id).exec().getState();
    }
}
