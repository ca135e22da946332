package io.oncemq.it.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rights of a user as docs/redis.md tells people to give them. */
final class LeastRights {
    private static final String BEGINS = "ACL SETUSER billing on >secret ";

    private LeastRights() {}

    static String documented() {
        try {
            return Files.readAllLines(Path.of("..", "docs", "redis.md")).stream()
                    .filter(line -> line.startsWith(BEGINS))
                    .map(line -> line.substring(BEGINS.length()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
