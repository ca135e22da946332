package io.oncemq.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Containers whose JVM was killed. Each container's label says whose it is; the next JVM that uses containers on the
 * machine removes those whose owner is gone.
 */
final class Orphans {
    private static final String OWNER = "io.oncemq.testkit.owner";

    private Orphans() {}

    /** The label of a container that this JVM owns. */
    static Map<String, String> label() {
        return label(ProcessHandle.current().pid());
    }

    static Map<String, String> label(long pid) {
        return Map.of(OWNER, pidNamespace() + " " + pid);
    }

    static void remove(DockerClient client) {
        client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(OWNER)).exec().stream()
                .filter(container -> isGone(container.getLabels().getOrDefault(OWNER, "")))
                .forEach(container -> remove(client, container.getId()));
    }

    static void remove(DockerClient client, String container) {
        try {
            client.removeContainerCmd(container)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (DockerException goneOrBeingRemoved) {
            // removed by another process
        }
    }

    /** A pid means something only inside of its namespace; of other ones we know nothing, so their owners live. */
    private static boolean isGone(String owner) {
        int space = owner.indexOf(' ');
        return space >= 0
                && owner.substring(0, space).equals(pidNamespace())
                && ProcessHandle.of(Long.parseLong(owner.substring(space + 1))).isEmpty();
    }

    private static String pidNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException notLinux) {
            return "machine";
        }
    }
}
