package io.oncemq.testkit.server;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/**
 * What a container is made from.
 *
 * @param image the name of its image
 * @param port where the server listens inside
 * @param hostPort the port of 127.0.0.1 that leads there, as long as the container exists
 * @param environment {@code NAME=value}
 * @param command what it runs; empty for what the image says
 */
record ContainerPlan(String image, int port, int hostPort, List<String> environment, List<String> command) {

    /**
     * Makes it, without starting it.
     *
     * @throws ServerException if no engine answers or it cannot make the container
     */
    Container create() {
        DockerEngine engine = DockerEngine.find();
        ExposedPort inside = ExposedPort.tcp(port);
        HostConfig host = HostConfig.newHostConfig()
                .withPortBindings(new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", hostPort), inside))
                .withLogConfig(new LogConfig(LoggingType.JSON_FILE));
        try (CreateContainerCmd creation = engine.client().createContainerCmd(engine.have(image))) {
            creation.withExposedPorts(inside)
                    .withHostConfig(host)
                    .withEnv(environment)
                    .withLabels(labels());
            if (!command.isEmpty()) {
                creation.withCmd(command);
            }
            return new Container(engine.client(), creation.exec().getId());
        } catch (DockerException e) {
            throw new ServerException(
                    "the Docker engine cannot make a container of " + image + ": " + e.getMessage(), e);
        }
    }

    /** Ryuk's, and ours. */
    private static Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
        labels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
        labels.putAll(Orphans.label());
        return labels;
    }
}
