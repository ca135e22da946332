package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The users of an Artemis, in files that the broker reads again when they change. Each permission of Artemis has a role of its name, for all
 * addresses. Not thread-safe; its server locks.
 */
final class ArtemisSecurity {
    private static final List<String> PERMISSIONS = List.of(
            "createAddress",
            "deleteAddress",
            "createDurableQueue",
            "deleteDurableQueue",
            "createNonDurableQueue",
            "deleteNonDurableQueue",
            "send",
            "consume",
            "browse",
            "manage",
            "view",
            "edit");
    private static final String LOGIN = """
            oncemq {
              org.apache.activemq.artemis.spi.core.security.jaas.PropertiesLoginModule required
                reload=true
                baseDir="%s"
                org.apache.activemq.jaas.properties.user="users.properties"
                org.apache.activemq.jaas.properties.role="roles.properties";
            };
            """;

    private final Path folder;
    private final Map<String, String> passwords = new TreeMap<>();
    private final Map<String, List<String>> rights = new TreeMap<>();

    ArtemisSecurity(Path folder) {
        this.folder = folder;
    }

    /** For the JVM of the broker. */
    String jvm() {
        return "-Djava.security.auth.login.config=" + folder.resolve("login.config");
    }

    /** For broker.xml. */
    static String settings() {
        return PERMISSIONS.stream()
                .map(each -> "        <permission type=\"" + each + "\" roles=\"" + each + "\"/>")
                .collect(Collectors.joining(
                        "\n",
                        "    <security-settings>\n      <security-setting match=\"#\">\n",
                        "\n      </security-setting>\n    </security-settings>"));
    }

    void user(String name, String password, List<String> permissions) {
        passwords.put(name, password);
        rights.put(name, permissions);
        write();
    }

    void write() {
        Map<String, String> roles = PERMISSIONS.stream()
                .collect(Collectors.toMap(
                        each -> each,
                        each -> rights.entrySet().stream()
                                .filter(user -> user.getValue().contains(each))
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(","))));
        write("login.config", LOGIN.formatted(folder));
        write("roles.properties", lines(roles));
        write("users.properties", lines(passwords));
    }

    private static String lines(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** At once: the broker may be reading. */
    private void write(String name, String text) {
        try {
            Path draft = Files.writeString(folder.resolve(name + ".draft"), text);
            Files.move(
                    draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
