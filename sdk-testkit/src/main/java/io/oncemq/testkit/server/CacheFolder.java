package io.oncemq.testkit.server;

import java.nio.file.Path;

/** Where the testkit keeps what it can fetch or build again: {@code $XDG_CACHE_HOME/oncemq}, or {@code ~/.cache/oncemq}. */
final class CacheFolder {
    private CacheFolder() {}

    static Path path() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("oncemq");
    }
}
