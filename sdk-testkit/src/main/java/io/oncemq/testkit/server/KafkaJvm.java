package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a broker's JVM is started.
 *
 * @param classPath the broker's own class path
 * @param heap the value of {@code -Xmx}, such as {@code 256m}
 * @param quickStart compile with C1 only: starts sooner, runs slower
 * @param archive options about the archive of its classes; empty if there is none
 */
record KafkaJvm(List<Path> classPath, String heap, boolean quickStart, List<String> archive) {
    /** Binds the broker's slf4j 1.7; without it a broker logs nothing. */
    private static final String LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5";

    /** Its pom names a version of it that was never published, and a broker does not need it. */
    private static final String UNPUBLISHED = "org.apache.kafka:kafka-tools-api";

    static KafkaJvm of(String version, String heap, boolean quickStart) {
        List<Path> classPath = new ArrayList<>(new MavenArtifacts()
                .classPath(List.of("org.apache.kafka:kafka_2.13:" + version, LOGGING), Set.of(UNPUBLISHED)));
        classPath.add(LauncherJar.with(KafkaMain.class));
        return new KafkaJvm(List.copyOf(classPath), heap, quickStart, List.of());
    }

    KafkaJvm withArchive(Path file) {
        // Where the file does not fit this JVM after all, it starts without.
        return new KafkaJvm(classPath, heap, quickStart, List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + file));
    }

    KafkaJvm recording(Path file) {
        return new KafkaJvm(classPath, heap, quickStart, List.of("-XX:ArchiveClassesAtExit=" + file));
    }

    List<String> command(Path logging) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Executables.java().toString(), "-Xmx" + heap, "-XX:+UseSerialGC"));
        command.add(quickStart ? "-XX:TieredStopAtLevel=1" : "-Xms" + heap);
        command.addAll(archive);
        command.add("-Dlog4j2.configurationFile=" + logging);
        command.addAll(List.of("-cp", MavenArtifacts.join(classPath), KafkaMain.class.getName()));
        return command;
    }
}
