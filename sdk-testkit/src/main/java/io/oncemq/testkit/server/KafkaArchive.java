package io.oncemq.testkit.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The broker's classes, parsed and linked ahead, in a file that the JVM maps: halves the processor time of a start.
 *
 * <p>Made once per machine, Java and Kafka version, by a broker that is started and stopped for it. It is an accelerator:
 * where it cannot be made, or another process is making it, brokers start without.
 */
final class KafkaArchive {
    private static final String CLUSTER_ID = "VHJhaW5pbmctb25jZW1xLQ";

    private KafkaArchive() {}

    static KafkaJvm addTo(KafkaJvm jvm) {
        return find(jvm).map(jvm::withArchive).orElse(jvm);
    }

    private static Optional<Path> find(KafkaJvm jvm) {
        int key = Objects.hash(jvm.classPath(), System.getProperty("java.vm.version"), System.getProperty("java.home"));
        Path archive = CacheFolder.path().resolve("kafka-" + Integer.toHexString(key) + ".jsa");
        if (Files.isRegularFile(archive)) {
            return Optional.of(archive);
        }
        Path lockFile = archive.resolveSibling(archive.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null ? Optional.empty() : record(jvm, archive);
        } catch (OverlappingFileLockException anotherThreadMakesIt) {
            return Optional.empty();
        } catch (IOException | ServerException notWorthFailing) {
            return Optional.empty();
        }
    }

    private static Optional<Path> record(KafkaJvm jvm, Path archive) throws IOException {
        if (!Files.isRegularFile(archive)) {
            Path folder = TempFolders.create("training");
            Path draft = archive.resolveSibling(archive.getFileName() + ".draft");
            KafkaNode node = new KafkaNode(0, folder, jvm.recording(draft), null);
            try {
                node.launch(KafkaDefaults.config(1, node.voter(), false), CLUSTER_ID);
                node.awaitReady();
                node.terminate();
                node.awaitStopped();
                Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                node.kill();
                node.release();
                TempFolders.delete(folder);
                Files.deleteIfExists(draft);
            }
        }
        return Optional.of(archive);
    }
}
