package io.oncemq.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds a Redis server for this machine. */
final class RedisBinary {
    private static final String ARTIFACT = "com.github.codemonstur:embedded-redis:1.4.4";
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final Pattern NUMBER = Pattern.compile("v=([0-9.]+)");
    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

    private RedisBinary() {}

    static Path locate() {
        return NAMES.stream()
                .map(Executables::find)
                .flatMap(Optional::stream)
                .filter(RedisBinary::recent)
                .findFirst()
                .orElseGet(RedisBinary::fetched);
    }

    static RedisVersion usual() {
        return version(locate()).orElseThrow();
    }

    /** One of each version that can be found. */
    static List<RedisVersion> all() {
        String named = System.getProperty("oncemq.redis.binaries", System.getenv("ONCEMQ_REDIS_BINARIES"));
        Stream<Path> listed = Stream.of((named == null ? "" : named).split(Pattern.quote(File.pathSeparator)))
                .filter(path -> !path.isBlank())
                .map(Path::of);
        Stream<Path> installed = NAMES.stream().map(Executables::find).flatMap(Optional::stream);
        Map<String, RedisVersion> versions = new LinkedHashMap<>();
        Stream.of(listed, installed, Stream.of(fetched()))
                .flatMap(paths -> paths)
                .map(RedisBinary::version)
                .flatMap(Optional::stream)
                .forEach(version -> versions.putIfAbsent(version.toString(), version));
        return List.copyOf(versions.values());
    }

    /** Empty if it does not run here, or is too old. */
    private static Optional<RedisVersion> version(Path program) {
        String line = versionLine(program);
        Matcher number = NUMBER.matcher(line);
        return atLeast62(line) && number.find()
                ? Optional.of(new RedisVersion(
                        program,
                        line.toLowerCase(Locale.ROOT).contains("valkey") || !line.contains("Redis")
                                ? "Valkey"
                                : "Redis",
                        number.group(1)))
                : Optional.empty();
    }

    private static boolean recent(Path program) {
        return atLeast62(versionLine(program));
    }

    /** What it prints as its version; empty if it cannot be run. */
    private static String versionLine(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unusable) {
            return "";
        }
    }

    /** Its product and version, such as {@code Redis 7.0.15}. */
    static String describe(Path program) {
        return version(program).map(RedisVersion::toString).orElse("Redis of unknown version");
    }

    static boolean atLeast62(String versionLine) {
        Matcher version = VERSION.matcher(versionLine);
        return version.find() && Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2)) >= 6002;
    }

    private static Path fetched() {
        String suffix = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path jar = new MavenArtifacts().file(ARTIFACT);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> unsupported(suffix));
            Path target = CacheFolder.path().resolve(entry.getName());
            if (!Files.isExecutable(target) || Files.size(target) != entry.getSize()) {
                extract(zip, entry, target);
            }
            return target;
        } catch (IOException e) {
            throw new ServerException("cannot unpack a Redis server from " + jar + ": " + e.getMessage(), e);
        }
    }

    private static void extract(ZipFile zip, ZipEntry entry, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Path draft = Files.createTempFile(target.getParent(), "draft", null);
        try (InputStream bytes = zip.getInputStream(entry)) {
            Files.copy(bytes, draft, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!draft.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + draft + " executable");
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The end of the name that the binary for a platform has in the artifact.
     *
     * @throws ServerException if the artifact has none
     */
    static String platform(String os, String arch) {
        String system = os.toLowerCase(Locale.ROOT);
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        boolean intel = arch.equals("amd64") || arch.equals("x86_64");
        if (arm || intel) {
            String machine = arm ? "arm64" : "amd64";
            if (system.startsWith("linux")) {
                return "linux-" + machine;
            }
            if (system.startsWith("mac")) {
                return "darwin-" + machine;
            }
        }
        throw unsupported(os + " on " + arch);
    }

    private static ServerException unsupported(String platform) {
        return new ServerException("no Redis server comes with " + ARTIFACT + " for " + platform
                + ": install redis-server or valkey-server 6.2 or newer and put it on the PATH");
    }
}
