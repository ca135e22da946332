package io.oncemq.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that gives a process another wall clock. Every class on its class path, so OnceMQ and the clients of broker and store,
 * asks here in place of {@code System.currentTimeMillis()}, {@code Instant.now()} and {@code Clock.systemUTC()}.
 *
 * <p>Classes of the JDK are left alone: what asks the time by {@code new Date()} gets the true one, and so do its timers, which go by the monotonic
 * clock anyway.
 */
public final class ShiftedClock implements ClassFileTransformer {
    private static final String HERE = "io/oncemq/torture/ShiftedClock";
    private static final Redirection TO_HERE = new Redirection(
            Map.of(
                    "java/lang/System", "currentTimeMillis()J",
                    "java/time/Instant", "now()Ljava/time/Instant;",
                    "java/time/Clock", "systemUTC()Ljava/time/Clock;"),
            HERE);
    private static volatile Duration shift = Duration.ZERO;

    private ShiftedClock() {}

    /** What the JVM calls before the program, with the shift as ISO 8601 has it. */
    public static void premain(String argument, Instrumentation instrumentation) {
        shift = Duration.parse(argument);
        instrumentation.addTransformer(new ShiftedClock());
    }

    /** The option of a JVM that has this class on its class path. */
    static String option(Path folder, Duration shift) {
        Path jar = folder.resolve("shifted-clock.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ShiftedClock.class.getName());
        try {
            if (!Files.exists(jar)) {
                new JarOutputStream(Files.newOutputStream(jar), manifest).close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-javaagent:" + jar + "=" + shift;
    }

    @Override
    public byte @Nullable [] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        boolean onTheClassPath = loader == ClassLoader.getSystemClassLoader();
        return onTheClassPath && !HERE.equals(name) ? TO_HERE.applyTo(bytes) : null;
    }

    /** In place of {@code System.currentTimeMillis()}. */
    public static long currentTimeMillis() {
        return System.currentTimeMillis() + shift.toMillis();
    }

    /** In place of {@code Instant.now()}. */
    public static Instant now() {
        return Instant.now().plus(shift);
    }

    /** In place of {@code Clock.systemUTC()}. */
    public static Clock systemUTC() {
        return Clock.offset(Clock.systemUTC(), shift);
    }
}
