package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./verify makes of the reports that Maven leaves; here a script takes Maven's place in a project of two modules. */
class VerifyScriptTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String BOUND = "class Bound {\nboolean holds(int i) {\n    return i < 1;\n}\n}\n";

    @TempDir
    Path project;

    private record Result(int status, String output) {
        String lastLine() {
            List<String> lines = output.lines().toList();
            return lines.get(lines.size() - 1);
        }
    }

    @BeforeEach
    void twoModulesOfOneTestEach() throws IOException {
        Files.createDirectories(project.resolve(".ci"));
        for (String file : List.of(
                "verify",
                ".ci/mutants",
                ".ci/mutants.awk",
                ".ci/toolchain.sh",
                ".ci/containers.sh",
                ".ci/rabbit.sh",
                ".ci/reports.awk",
                ".ci/tagged.awk",
                ".ci/test-classes.awk")) {
            Files.copy(ROOT.resolve(file), project.resolve(file));
        }
        write("pom.xml", "<modules>\n<module>one</module>\n<module>two</module>\n</modules>\n");
        write(".ci/floors", "# module tests\none 1\ntwo 1\n");
        source("one", "FirstTest", "");
        source("two", "SecondIT", "");
        report("one", "surefire-reports", "FirstTest", "");
        report("two", "failsafe-reports", "SecondIT", "");
        String maven = """
                #!/usr/bin/env bash
                if [ "$1" = -v ]; then
                  printf 'Apache Maven 3.9.9\\nJava version: 17.0.1, vendor: x, runtime: %s\\n'
                else
                  cp -r reports/. .
                fi
                """;
        write("bin/mvn", maven.formatted(System.getProperty("java.home")));
        assertTrue(project.resolve("bin/mvn").toFile().setExecutable(true));
    }

    @Test
    void isGreenWhereEverythingRan() throws Exception {
        Result result = verify("--strict");
        assertEquals("2 passed, 0 failed, 0 skipped, 0 not run", result.lastLine(), result.output());
        assertEquals(0, result.status(), result.output());
    }

    @Test
    void aTestThatNeedsAnEngineIsListedAndOnlyStrictMinds() throws Exception {
        source("two", "ContainersIT", "@Tag(\"needs-engine\")\n");
        Result result = verify();
        assertContains(result, "NOT RUN, so not shown to work:", "two: ContainersIT");
        assertEquals("2 passed, 0 failed, 0 skipped, 1 not run", result.lastLine(), result.output());
        assertEquals(0, result.status(), result.output());
        assertEquals(3, verify("--strict").status());
    }

    @Test
    void aTestWithoutItsServerIsListedAndExcusesItsModuleFromTheFloor() throws Exception {
        write(".ci/floors", "one 1\ntwo 20\n");
        report("two", "failsafe-reports", "SecondIT", "<skipped message=\"no RabbitMQ: none here\"/>");
        Result result = verify();
        assertContains(result, "no RabbitMQ: none here:", "two: SecondIT.works");
        assertEquals("1 passed, 0 failed, 0 skipped, 1 not run", result.lastLine(), result.output());
        assertEquals(0, result.status(), result.output());
        assertEquals(3, verify("--strict").status());
    }

    @Test
    void versionsThatAreNotNamedAreNotRun() throws Exception {
        Result result = run(Map.of(), "--servers", "process", "--strict");
        assertEquals("2 passed, 0 failed, 0 skipped, 2 not run", result.lastLine(), result.output());
        assertEquals(3, result.status(), result.output());
    }

    @Test
    void aClassThatLostItsSuffixIsRed() throws Exception {
        source("one", "FirstTests", "");
        Result result = verify();
        assertContains(result, "Without a report", "one: io.example.FirstTests");
        assertEquals(1, result.status(), result.output());
    }

    @Test
    void aSlowClassIsListedAndNeedsNoReportUnlessItIsToRun() throws Exception {
        source("one", "LongTest", "@Tag(\"slow\")\n");
        Result result = verify("--strict");
        assertContains(result, "Slow, not run", "one: LongTest");
        assertEquals(0, result.status(), result.output());
        assertEquals(1, verify("--slow").status());
    }

    @Test
    void aModuleBelowItsFloorIsRed() throws Exception {
        write(".ci/floors", "one 2\ntwo 1\n");
        Result result = verify();
        assertContains(result, "one: 1 tests, at least 2 expected");
        assertEquals(1, result.status(), result.output());
    }

    @Test
    void aModuleThatIsLostOrHasNoFloorIsRed() throws Exception {
        write(".ci/floors", "one 1\nthree 1\n");
        Result result = verify();
        assertContains(
                result, "two: .ci/floors has no line for it", "three: has a line in .ci/floors and is no module");
        assertEquals(1, result.status(), result.output());
    }

    @Test
    void mutantsWithoutAHistoryAreNotRun() throws Exception {
        judged();
        Result result = verify();
        assertContains(result, "NOT RUN, so not shown to work:", "this folder is not a checkout of git");
        assertEquals("2 passed, 0 failed, 0 skipped, 1 not run", result.lastLine(), result.output());
        assertEquals(0, result.status(), result.output());
        assertEquals(3, verify("--strict").status());
    }

    @Test
    void aChangedClassWhoseMutantSurvivesIsRedUnlessThatIsAccepted() throws Exception {
        judged();
        commit();
        assertContains(verify("--strict"), "none is judged");
        assertEquals(0, verify("--strict").status());
        write("one/src/main/java/io/example/Bound.java", BOUND.replace("< 1", "< 2"));
        Result result = verify();
        assertContains(
                result,
                "Mutants that no test notices",
                "io.example.Bound.holds | ConditionalsBoundary | return i < 2;");
        assertEquals(1, result.status(), result.output());
        String survivor = "io.example.Bound.holds | ConditionalsBoundary | return i < 2; -- ";
        write(".ci/mutants-accepted", survivor + "open\n");
        result = verify();
        assertContains(result, "without a reason: " + survivor + "open");
        assertEquals(1, result.status(), result.output());
        write(".ci/mutants-accepted", survivor + "equivalent: i is 0\n");
        result = verify("--strict");
        assertContains(result, ": 2, 1 noticed, 1 accepted, 0 new");
        assertEquals(0, result.status(), result.output());
    }

    @Test
    void slowRunsTheMutantsOfClassesThatDidNotChange() throws Exception {
        judged();
        Result result = verify("--slow");
        assertContains(result, "io.example.Bound.holds | ConditionalsBoundary | return i < 1;");
        assertEquals(1, result.status(), result.output());
    }

    @Test
    void aRunOfMutantsWithoutAReportIsRed() throws Exception {
        judged();
        Files.delete(project.resolve("reports/one/target/pit-reports/mutations.csv"));
        Result result = verify("--slow");
        assertContains(result, "there is no report");
        assertEquals(1, result.status(), result.output());
    }

    @Test
    void aFailureIsAFailureAlsoUnderStrict() throws Exception {
        source("two", "ContainersIT", "@Tag(\"needs-engine\")\n");
        report("one", "surefire-reports", "FirstTest", "<failure/>");
        assertEquals(1, verify("--strict").status());
    }

    @Test
    void theFloorsOfThisProjectNameItsModules() throws IOException {
        List<String> modules = Files.readAllLines(ROOT.resolve("pom.xml")).stream()
                .filter(line -> line.contains("<module>"))
                .map(line -> line.replaceAll(".*<module>(.*)</module>.*", "$1"))
                .sorted()
                .toList();
        try (Stream<String> floors = Files.lines(ROOT.resolve(".ci/floors"))) {
            assertEquals(
                    modules,
                    floors.filter(line -> !line.startsWith("#"))
                            .map(line -> line.split(" ")[0])
                            .sorted()
                            .toList());
        }
    }

    /** Module one has a class whose mutants are judged, and the report of a run in which one of two survived. */
    private void judged() throws IOException {
        write("one/pom.xml", "<oncemq.mutants.classes>io.example.Bound*</oncemq.mutants.classes>\n");
        write("one/src/main/java/io/example/Bound.java", BOUND);
        write(".ci/mutants-accepted", "# none\n");
        write(
                "reports/one/target/pit-reports/mutations.csv",
                "Bound.java,io.example.Bound,x.ConditionalsBoundaryMutator,holds,3,SURVIVED,none\n"
                        + "Bound.java,io.example.Bound,x.NegateConditionalsMutator,holds,3,KILLED,BoundTest\n");
    }

    /** The base that the changes of the project are compared with. */
    private void commit() throws Exception {
        String script =
                "git init -q && git add -A && git -c user.name=x -c user.email=x@example.org commit -q -m base && git tag v1";
        Process process = new ProcessBuilder("bash", "-c", script)
                .directory(project.toFile())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }

    private static void assertContains(Result result, String... texts) {
        assertAll(Stream.of(texts)
                .map(text -> () -> assertTrue(
                        result.output().contains(text), () -> "no \"" + text + "\" in:\n" + result.output())));
    }

    private Result verify(String... options) throws Exception {
        String[] all = Stream.concat(Stream.of("--servers", "process"), Stream.of(options))
                .toArray(String[]::new);
        return run(Map.of("ONCEMQ_RABBIT_HOMES", "named", "ONCEMQ_REDIS_BINARIES", "named"), all);
    }

    private Result run(Map<String, String> environment, String... options) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of("bash", "verify"), Stream.of(options)).toList());
        builder.environment().keySet().removeIf(name -> name.startsWith("ONCEMQ_"));
        builder.environment().putAll(environment);
        builder.environment().put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
        Path output = project.resolve("output");
        Process process = builder.directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Result(process.waitFor(), Files.readString(output));
    }

    private void source(String module, String name, String tag) throws IOException {
        write(
                module + "/src/test/java/io/example/" + name + ".java",
                "package io.example;\n\n%sclass %s {\n    @Test\n    void works() {}\n}\n".formatted(tag, name));
    }

    private void report(String module, String folder, String name, String outcome) throws IOException {
        write(
                "reports/%s/target/%s/TEST-io.example.%s.xml".formatted(module, folder, name),
                "<testsuite>\n<testcase name=\"works\" classname=\"io.example.%s\">\n%s\n</testcase>\n</testsuite>\n"
                        .formatted(name, outcome));
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
