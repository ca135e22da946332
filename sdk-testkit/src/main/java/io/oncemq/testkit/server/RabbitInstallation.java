package io.oncemq.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A RabbitMQ server that this machine has, with the Erlang to run it.
 *
 * @param home the folder with {@code sbin} and {@code plugins}
 * @param version such as 4.0.5
 * @param erlang the folder with {@code erl} and {@code epmd}: that of the same tree where the server was unpacked together with its
 *     Erlang, else the one on the PATH
 */
record RabbitInstallation(Path home, String version, Path erlang) {
    static final String PROPERTY = "oncemq.rabbit.home";

    private static final Path PACKAGED = Path.of("/usr/lib/rabbitmq/lib");
    private static final String PACKAGE = "/lib/rabbitmq/lib/rabbitmq_server-";
    private static final Pattern RABBIT = Pattern.compile("rabbit-([0-9][0-9.]*[0-9])(\\.ez)?");
    private static final String REMEDY =
            "Install RabbitMQ 3.10 or newer (Debian, Ubuntu: apt-get install rabbitmq-server; macOS: brew"
                    + " install rabbitmq), or name the folder that has its sbin and plugins by the property " + PROPERTY
                    + " or the environment variable ONCEMQ_RABBIT_HOME";

    /**
     * That named by the property {@code oncemq.rabbit.home} or the variable {@code ONCEMQ_RABBIT_HOME}, else that of a Debian package,
     * else the one whose {@code rabbitmq-server} is on the PATH.
     *
     * @throws ServerException if there is none
     */
    static RabbitInstallation locate() {
        Optional<String> named = BackEnds.setting(PROPERTY);
        if (named.isPresent()) {
            return at(Path.of(named.get()));
        }
        return packaged()
                .or(RabbitInstallation::onPath)
                .map(RabbitInstallation::at)
                .orElseThrow(() ->
                        new ServerException("there is no RabbitMQ below " + PACKAGED + " nor on the PATH. " + REMEDY));
    }

    /** Why there is none. */
    static Optional<String> obstacle() {
        try {
            locate();
            return Optional.empty();
        } catch (ServerException e) {
            return Optional.of("no RabbitMQ: " + e.getMessage());
        }
    }

    static List<Path> all() {
        Optional<String> named = BackEnds.setting("oncemq.rabbit.homes");
        if (named.isPresent()) {
            return Stream.of(named.get().split(Pattern.quote(File.pathSeparator)))
                    .map(Path::of)
                    .toList();
        }
        return obstacle().isPresent() ? List.of() : List.of(locate().home());
    }

    /**
     * @throws ServerException if that folder is no server, or has no Erlang
     */
    static RabbitInstallation at(Path home) {
        if (!Files.isExecutable(home.resolve("sbin/rabbitmq-server"))) {
            throw new ServerException(home + " has no sbin/rabbitmq-server. " + REMEDY);
        }
        String version = versionOf(home)
                .orElseThrow(() -> new ServerException(home.resolve("plugins") + " has no rabbit plugin. " + REMEDY));
        return new RabbitInstallation(home, version, erlangFor(home));
    }

    Path erl(String program) {
        return erlang.resolve(program);
    }

    private static Optional<Path> packaged() {
        return folders(PACKAGED).stream()
                .filter(folder -> folder.getFileName().toString().startsWith("rabbitmq_server-"))
                .max(Comparator.comparing(folder -> folder.getFileName().toString()));
    }

    /** The home of the program on the PATH; a package's wrapper there, which changes the user, has none. */
    private static Optional<Path> onPath() {
        return Executables.find("rabbitmq-server")
                .map(Executables::real)
                .map(Path::getParent)
                .map(Path::getParent)
                .filter(home -> Files.isDirectory(home.resolve("plugins")));
    }

    private static Path erlangFor(Path home) {
        Path real = Executables.real(home);
        Path bin = real.resolve("../../../../bin").normalize();
        if (real.toString().contains(PACKAGE) && Files.isExecutable(bin.resolve("erl"))) {
            return bin;
        }
        return Executables.find("erl")
                .map(Path::getParent)
                .orElseThrow(
                        () -> new ServerException("RabbitMQ is in " + home + ", but no erl is on the PATH. " + REMEDY));
    }

    private static Optional<String> versionOf(Path home) {
        return folders(home.resolve("plugins")).stream()
                .map(plugin -> RABBIT.matcher(plugin.getFileName().toString()))
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .findFirst();
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent)) {
            return Arrays.asList(all.toArray(Path[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
