package io.oncemq.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * The Docker engine of this machine, as Testcontainers finds it: its settings, environment variables and substitutions of image
 * names hold here too. Found once per JVM. Thread-safe.
 *
 * <p>The containers themselves are driven by the client that Testcontainers configured and not by its GenericContainer, whose
 * start makes a new container each time: a fixture must start again on its data.
 */
final class DockerEngine {
    private static @Nullable DockerEngine found;

    private final DockerClient client;
    private boolean reaperAsked;

    private DockerEngine(DockerClient client) {
        this.client = client;
    }

    /**
     * @throws ServerException if none answers, or its containers cannot be reached at 127.0.0.1
     */
    static synchronized DockerEngine find() {
        DockerEngine engine = found;
        if (engine == null) {
            engine = new DockerEngine(connect());
            Orphans.remove(engine.client);
            found = engine;
        }
        return engine;
    }

    DockerClient client() {
        return client;
    }

    /**
     * The name under which the engine has an image, pulled now if it is not there yet.
     *
     * @throws ServerException if it is not there and cannot be pulled
     */
    synchronized String have(String image) {
        String name = ImageNameSubstitutor.instance()
                .apply(DockerImageName.parse(image))
                .asCanonicalNameString();
        boolean pulled = !has(name);
        if (pulled) {
            ImagePull.of(client, name);
        }
        startReaper(pulled);
        return name;
    }

    private boolean has(String name) {
        try {
            client.inspectImageCmd(name).exec();
            return true;
        } catch (NotFoundException absent) {
            return false;
        }
    }

    /**
     * Starts Testcontainers' Ryuk, which removes our containers also when this JVM is killed; unless it is switched off, or would have
     * to be pulled where we do not know of a registry that answers: Testcontainers tries for two minutes.
     */
    private void startReaper(boolean registryAnswers) {
        boolean off = Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"));
        if (!reaperAsked && !off && (registryAnswers || hasReaper())) {
            reaperAsked = true;
            var unused = DockerClientFactory.instance().client();
        }
    }

    private boolean hasReaper() {
        return client.listImagesCmd().exec().stream()
                .map(Image::getRepoTags)
                .flatMap(tags -> tags == null ? Stream.empty() : Stream.of(tags))
                .anyMatch(tag -> tag.contains("testcontainers/ryuk:"));
    }

    private static DockerClient connect() {
        DockerClientFactory factory = DockerClientFactory.instance();
        try {
            DockerClient client = DockerClientProviderStrategy.getClientForConfig(factory.getTransportConfig());
            String host = factory.dockerHostIpAddress();
            if (!isThisMachine(host)) {
                throw new ServerException("the containers of the Docker engine are reached at " + host
                        + " and not at localhost; if that is not so, set TESTCONTAINERS_HOST_OVERRIDE=localhost");
            }
            return client;
        } catch (IllegalStateException noEngine) {
            throw new ServerException("no Docker engine answers: " + noEngine.getMessage(), noEngine);
        }
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Why no container of an image can run here; empty if one can. */
    static Optional<String> obstacle(String image) {
        try {
            find().have(image);
            return Optional.empty();
        } catch (ServerException e) {
            return Optional.of("" + e.getMessage());
        }
    }
}
