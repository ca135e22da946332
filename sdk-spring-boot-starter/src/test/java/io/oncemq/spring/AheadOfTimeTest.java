package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spring does before it makes a native image, and that the application runs from it: on a JVM, no image is made here. */
class AheadOfTimeTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private Path folder;

    @Test
    void bodiesAndListenersAreKnownAndTheApplicationRunsFromWhatWasGenerated() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // A world of its own: what was generated belongs into the packages of what it calls.
        try (URLClassLoader world = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(world);
            Class<?> application = world.loadClass(AheadOfTimeApp.class.getName());
            Object initializer = application.getMethod("process", Path.class).invoke(null, folder);
            compile();
            application.getMethod("run", String.class).invoke(null, initializer);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Path classes() {
        return folder.resolve("classes");
    }

    private void compile() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> arguments = new ArrayList<>(List.of(
                    "-nowarn", "-proc:none", "-cp", CLASS_PATH, "-d", classes().toString()));
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
            int status = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
                    .run(null, null, null, arguments.toArray(String[]::new));
            assertThat(status).isZero();
        }
    }

    /** Without Spring's own modules for Kafka, whose hints fail where Kafka's client is newer than they expect. */
    private URL[] urls() throws IOException {
        List<URL> urls = new ArrayList<>(
                List.of(Files.createDirectories(classes()).toUri().toURL()));
        for (String entry : CLASS_PATH.split(File.pathSeparator, -1)) {
            if (!entry.contains("spring-kafka") && !entry.contains("spring-boot-kafka")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
