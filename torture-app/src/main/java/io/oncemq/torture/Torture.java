package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.MessagingException;
import io.oncemq.testkit.server.ServerException;
import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.report.Report;
import io.oncemq.torture.report.Summary;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The command: reads the options, runs, has the history judged, prints what came of it. */
final class Torture {
    private static final int ANOMALIES = 1;
    private static final int WRONG_OPTION = 2;
    private static final int COULD_NOT_RUN = 3;
    private static final Path RUNS = Path.of(System.getProperty("oncemq.torture.runs", "target/torture"));

    private Torture() {}

    public static void main(String[] args) {
        System.setProperty("rmq.logback.configurationFile", "io/oncemq/torture/rocketmq-logback.xml");
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
        int status = command(out, System.err, Boolean.getBoolean("oncemq.torture.terminal"), args);
        out.flush();
        Runtime.getRuntime().exit(status);
    }

    static int command(PrintStream out, PrintStream err, boolean terminal, String... args) {
        if (CommandLine.asksForHelp(args)) {
            out.print(usage());
            return 0;
        }
        try {
            Options options = CommandLine.parse(args);
            return run(options, Nemeses.of(options), new Display(out, terminal), err);
        } catch (UsageException e) {
            err.println("torture: " + e.getMessage());
            err.println("Try ./torture --help");
            return WRONG_OPTION;
        }
    }

    private static int run(Options options, Nemeses nemeses, Display display, PrintStream err) {
        WorkFolder folder = WorkFolder.fresh(RUNS.resolve(options.broker().option() + "-" + options.seed()));
        nemeses.leftOut().forEach(line -> display.line("not run: " + line));
        Map<String, Integer> struck;
        try (Run run = new Run(options, nemeses, folder, display)) {
            struck = run.perform();
        } catch (Stop.StoppedException brokenOff) {
            return COULD_NOT_RUN;
        } catch (MessagingException | ServerException | IllegalStateException | UncheckedIOException e) {
            display.endLive();
            err.println("torture: " + e.getMessage());
            return COULD_NOT_RUN;
        }
        display.endLive();
        Summary summary = Report.write(
                folder.history(),
                folder.path(),
                options.broker().option(),
                Math.round(options.time().toMillis() / 600.0) / 100.0,
                options.seed(),
                new TreeMap<>(struck));
        Judgement judgement = summary.judgement();
        judgement
                .first()
                .forEach(each -> err.println(
                        "torture: " + each.rule() + " " + each.id() + " " + each.process() + ": " + each.text()));
        judgement.breaches().forEach((rule, count) -> display.line(count + " × " + rule.meaning()));
        judgement.explained().forEach((why, count) -> display.line(count + " duplicates explained: " + why));
        display.line("the report: " + folder.file("report.html"));
        display.line(summary.json());
        return judgement.isClean() ? 0 : ANOMALIES;
    }

    private static String usage() {
        try (InputStream text = Torture.class.getResourceAsStream("usage.txt")) {
            if (text == null) {
                throw new IllegalStateException("usage.txt is not on the class path");
            }
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
