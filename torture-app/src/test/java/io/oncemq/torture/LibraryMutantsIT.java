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
 * A run on Kafka and Redis whose processes run the library without one of its protections, under the fault that needs it: the judge must
 * say so. The protection is taken out of the source, and the changed class stands first on the class path. What stands in its place says
 * when it is reached: a run that never gets there shows nothing and fails as such. A mutant whose text is gone fails, too.
 */
@Timeout(1800)
class LibraryMutantsIT {
    private static final long PATIENCE_MINUTES = 8;
    /** A run that never gets to the changed line shows nothing, so another seed is tried. */
    private static final int SEEDS = 3;

    private static final String SHORT = "0.2";
    private static final String LONG = "0.7";

    @TempDir
    private Path folder;

    /** A file of sdk-core, the text that holds the protection, what stands there instead, the fault, how long it lasts, and the rule that is broken. */
    enum Mutant {
        ACKNOWLEDGES_BEFORE_DONE(
                "consume/LaneEngine",
                "        if (work.claimed) {\n            work.move(WorkEvent.HANDLED);\n            claims.complete(work);\n        } else {",
                "        {\n            REACHED;",
                "kill-after-effect",
                SHORT,
                Rule.PREMATURE_ACK),
        ACKNOWLEDGES_WHAT_STANDS_BEFORE_THE_NEWEST(
                "consume/AckTracker",
                "while (base < end && unsettled[slot(base)] == null) {",
                "while (base < end) {\n            if (unsettled[slot(base)] != null) REACHED;",
                "kill-after-effect",
                SHORT,
                Rule.PREMATURE_ACK),
        RENEWS_NO_CLAIM(
                "consume/Claims",
                "        work.renewing = true;\n        add(work, StoreCommand.Type.RENEW, work.runs() ? work.attempt : 0, \"\");",
                "        work.renewing = true;\n        REACHED;",
                "slow-handlers",
                SHORT,
                Rule.RENEWAL),
        TAKES_A_SILENT_STORE_FOR_DONE(
                "consume/StoreLoop",
                "            outage(batch, sentAt, e);",
                """
                            batch.removeIf(each -> {
                                boolean complete = each.command().type() == StoreCommand.Type.COMPLETE;
                                if (complete) {
                                    REACHED;
                                    listener.answered(List.of(each), List.of(StoreAnswer.of(StoreAnswer.Kind.OK)), sentAt);
                                }
                                return complete;
                            });
                            outage(batch, sentAt, e);""",
                "restart-store",
                LONG,
                Rule.PREMATURE_ACK),
        TAKES_A_BUSY_MESSAGE_FOR_DONE(
                "consume/LaneEngine",
                "case BUSY -> busy(work, answer.remaining());",
                "case BUSY -> { REACHED; suppress(work, answer); }",
                "partition-broker",
                LONG,
                Rule.PREMATURE_ACK),
        BEGINS_ON_A_LAPSED_LEASE(
                "consume/Work",
                "        return leaseUntil - now > 0;",
                "        if (leaseUntil - now <= 0) REACHED;\n        return true;",
                "pause-consumer",
                LONG,
                Rule.UNCLAIMED),
        REPORTS_AN_UNKNOWN_OUTCOME_AS_REFUSED(
                "publish/Verdicts",
                "        outcomes.unknown(entry, detail, cause);\n        return true;",
                "        REACHED;\n        outcomes.reject(entry, Reason.NOT_ATTEMPTED, detail, cause);\n        return true;",
                "swallow-replies-broker",
                LONG,
                Rule.PHANTOM);

        private final String file;
        private final String text;
        private final String replacement;
        private final String fault;
        private final String minutes;
        private final Rule rule;

        Mutant(String file, String text, String replacement, String fault, String minutes, Rule rule) {
            this.file = file + ".java";
            this.text = text;
            this.replacement = replacement.replace("REACHED", "io.oncemq.core.Reached.here()");
            this.fault = fault;
            this.minutes = minutes;
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTextOfEachMutantIsThereAndCompiles(Mutant mutant) throws Exception {
        compile(mutant, folder.resolve("reached"));
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
        Path reached = folder.resolve("reached");
        Path classes = compile(mutant, reached);
        Path output = folder.resolve("output");
        int exit = -1;
        for (int seed = 1; seed <= SEEDS && !Files.exists(reached); seed++) {
            exit = run(mutant, seed, classes, output);
        }
        String said = Files.readString(output);
        assertThat(reached).as("the changed line was never reached: %s", said).isNotEmptyFile();
        String times = mutant + ", reached " + Files.size(reached) + " times: " + said;
        // 1: judged, with anomalies. A run that could not be judged shows nothing.
        assertThat(exit).as("%s", times).isEqualTo(1);
        String last = said.lines().filter(line -> line.startsWith("{")).reduce("", (one, next) -> next);
        JsonNode json = JsonMapper.shared().readTree(last);
        assertThat(json.get(mutant.rule.field()).asLong()).as("%s", times).isPositive();
    }

    /** @return the run's exit status */
    private int run(Mutant mutant, int seed, Path classes, Path output) throws Exception {
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
                        mutant.minutes,
                        "--seed",
                        Integer.toString(seed),
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
        return run.exitValue();
    }

    /** @return the folder of the changed class, and of one that appends a byte to a file each time the changed line is reached in any process */
    private Path compile(Mutant mutant, Path reached) throws IOException {
        String source = Files.readString(Path.of("../sdk-core/src/main/java/io/oncemq/core", mutant.file));
        assertThat(source).as("the text that the mutant replaces").containsOnlyOnce(mutant.text);
        Path copy = folder.resolve(Path.of(mutant.file).getFileName());
        Files.writeString(copy, source.replace(mutant.text, mutant.replacement));
        Path witness = Files.writeString(folder.resolve("Reached.java"), """
                package io.oncemq.core;

                import java.io.FileOutputStream;
                import java.io.IOException;
                import java.io.UncheckedIOException;

                public final class Reached {
                    public static void here() {
                        try (FileOutputStream file = new FileOutputStream("%s", true)) {
                            file.write('.');
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }
                """.formatted(reached));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(copy, witness))
                            .call())
                    .as("%s", complaints)
                    .isTrue();
        }
        return classes;
    }
}
