package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The core with one piece of its source replaced, beside the real one in the same process: its classes, and those of the tests, are
 * loaded again, and the changed file is compiled. So the code needs no switch for a defect, and a mutant whose text is gone fails.
 */
final class SourceMutant extends ClassLoader {
    private static final String OWN = "io.oncemq.core.";
    private static final Path SOURCES = Path.of("src/main/java");

    private final Map<String, byte[]> changed = new HashMap<>();

    /** @param file its path below the sources of the module */
    SourceMutant(Path folder, String file, String text, String replacement) throws IOException {
        super(SourceMutant.class.getClassLoader());
        String source = Files.readString(SOURCES.resolve(file));
        assertThat(source).as("the text that the mutant replaces").containsOnlyOnce(text);
        Path copy = folder.resolve(Path.of(file).getFileName());
        Files.writeString(copy, source.replace(text, replacement));
        compile(copy, Files.createDirectory(folder.resolve("classes")));
    }

    private void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path);
            boolean compiled = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as("%s", complaints).isTrue();
        }
        try (Stream<Path> compiled = Files.walk(classes)) {
            for (Path each : compiled.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(each).toString();
                changed.put(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                        Files.readAllBytes(each));
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] code = changed.get(name);
        if (code == null) {
            try (InputStream original = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (original == null) {
                    throw new ClassNotFoundException(name);
                }
                code = original.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, code, 0, code.length);
    }
}
