package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.check.Rule;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run on Kafka and Redis whose processes run the library without one of its protections, under the fault that needs it: the judge must say so.
 * The protection is taken out of the source, and the changed class stands first on the class path. A mutant whose text is gone fails.
 */
@Timeout(600)
class LibraryMutantsIT {
    private static final long PATIENCE_MINUTES = 8;

    @TempDir
    private Path folder;

    /** A file of sdk-core, the text that holds the protection, what stands there instead, the fault, and the rule that is broken. */
    enum Mutant {
        ACKNOWLEDGES_BEFORE_DONE(
                "consume/LaneEngine",
                "        if (work.claimed) {\n            work.move(WorkEvent.HANDLED);\n            claims.complete(work);\n        } else {",
                "        {",
                "kill-after-effect",
                Rule.PREMATURE_ACK),
        ACKNOWLEDGES_WHAT_STANDS_BEFORE_THE_NEWEST(
                "consume/AckTracker",
                "while (base < end && unsettled[slot(base)] == null)",
                "while (base < end)",
                "kill-after-effect",
                Rule.PREMATURE_ACK),
        RENEWS_NO_CLAIM(
                "consume/Claims",
                "        work.renewing = true;\n        add(work, StoreCommand.Type.RENEW, work.runs() ? work.attempt : 0);",
                "        work.renewing = true;",
                "slow-handlers",
                Rule.RENEWAL);

        private final String file;
        private final String text;
        private final String replacement;
        private final String fault;
        private final Rule rule;

        Mutant(String file, String text, String replacement, String fault, Rule rule) {
            this.file = file + ".java";
            this.text = text;
            this.replacement = replacement;
            this.fault = fault;
            this.rule = rule;
        }
    }

    @Test
    void anAcknowledgementBeforeDoneIsSeen() throws Exception {
        assertSeen(Mutant.ACKNOWLEDGES_BEFORE_DONE);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ACKNOWLEDGES_BEFORE_DONE")
    void eachOtherIsSeen(Mutant mutant) throws Exception {
        assertSeen(mutant);
    }

    private void assertSeen(Mutant mutant) throws Exception {
        Path classes = compile(mutant);
        Path output = folder.resolve("output");
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Doncemq.torture.runs=" + folder.resolve("runs"),
                        "-cp",
                        classes + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                        Torture.class.getName(),
                        "--broker",
                        "kafka",
                        "--minutes",
                        "0.2",
                        "--seed",
                        "1",
                        "--nemesis",
                        mutant.fault)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(run.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroy();
        }
        String said = Files.readString(output);
        // 1: judged, with anomalies. A run that could not be judged shows nothing.
        assertThat(run.exitValue()).as("%s", said).isEqualTo(1);
        String last = said.lines().filter(line -> line.startsWith("{")).reduce("", (one, next) -> next);
        JsonNode json = JsonMapper.shared().readTree(last);
        assertThat(json.get(mutant.rule.field()).asLong()).as("%s", said).isPositive();
    }

    /** @return the folder of the changed class */
    private Path compile(Mutant mutant) throws IOException {
        String source = Files.readString(Path.of("../sdk-core/src/main/java/io/oncemq/core", mutant.file));
        assertThat(source).as("the text that the mutant replaces").containsOnlyOnce(mutant.text);
        Path copy = folder.resolve(Path.of(mutant.file).getFileName());
        Files.writeString(copy, source.replace(mutant.text, mutant.replacement));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(copy))
                            .call())
                    .as("%s", complaints)
                    .isTrue();
        }
        return classes;
    }
}
