package io.oncemq.testkit.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a fixture runs its server, by the property {@code oncemq.servers}: {@code docker}, {@code process}, or {@code auto},
 * which is a container wherever one can run and a process elsewhere. Each property may also be set as an
 * environment variable, such as {@code ONCEMQ_SERVERS}.
 */
final class BackEnds {
    private static final Logger LOG = LoggerFactory.getLogger(BackEnds.class);
    private static final String PROPERTY = "oncemq.servers";
    private static final List<String> VALUES = List.of("auto", "docker", "process");

    /** This JVM's answer for each image, since asking may mean to pull it. */
    private static final Map<String, Optional<String>> OBSTACLES = new ConcurrentHashMap<>();

    private BackEnds() {}

    /**
     * @param server for messages
     * @param image what a container would be made from
     * @param processOnly why this one is a process under each setting; null if it need not be
     * @throws ServerException if a container is demanded and none can run, or the setting has another value
     */
    static BackEnd choose(String server, String image, @Nullable String processOnly) {
        return choose(server, image, processOnly, setting(PROPERTY).orElse("auto"), BackEnds::obstacle);
    }

    static BackEnd choose(
            String server,
            String image,
            @Nullable String processOnly,
            String setting,
            Function<String, Optional<String>> obstacle) {
        String wanted = setting.toLowerCase(Locale.ROOT);
        if (!VALUES.contains(wanted)) {
            throw new ServerException(PROPERTY + " must be one of " + VALUES + ", not " + setting);
        }
        if (wanted.equals("process")) {
            return BackEnd.PROCESS;
        }
        if (processOnly != null) {
            LOG.debug("{} runs as a child process: {}", server, processOnly);
            return BackEnd.PROCESS;
        }
        Optional<String> why = obstacle.apply(image);
        if (why.isEmpty()) {
            return BackEnd.DOCKER;
        }
        if (wanted.equals("docker")) {
            throw new ServerException(PROPERTY + "=docker, but " + why.get()
                    + ". Start an engine, name an image that it has by oncemq.image.kafka, oncemq.image.rabbitmq or"
                    + " oncemq.image.redis, or set "
                    + PROPERTY + "=process");
        }
        LOG.debug("{} runs as a child process: {}", server, why.get());
        return BackEnd.PROCESS;
    }

    /** The image for a server: the property {@code oncemq.image.<server>}, or the one given. */
    static String image(String server, String official) {
        return setting("oncemq.image." + server).orElse(official);
    }

    static ServerException noPid(String server) {
        return new ServerException(server + " runs in a container and has no process id on this machine: build it with"
                + " asProcess(), or set " + PROPERTY + "=process");
    }

    /** A property, or the environment variable that is named after it. */
    static Optional<String> setting(String property) {
        String variable = property.toUpperCase(Locale.ROOT).replace('.', '_');
        return Arrays.asList(System.getProperty(property), System.getenv(variable)).stream()
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }

    private static Optional<String> obstacle(String image) {
        return OBSTACLES.computeIfAbsent(image, BackEnds::ask);
    }

    private static Optional<String> ask(String image) {
        if (!hasTestcontainers()) {
            return Optional.of("org.testcontainers:testcontainers is not on the class path");
        }
        return DockerHints.absence().or(() -> DockerEngine.obstacle(image));
    }

    private static boolean hasTestcontainers() {
        try {
            Class.forName("org.testcontainers.DockerClientFactory", false, BackEnds.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
