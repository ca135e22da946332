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
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

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
        } catch (UncheckedIOException e) {
            err.println("torture: " + e.getMessage());
            return COULD_NOT_RUN;
        }
    }

    private static int run(Options options, Nemeses nemeses, Display display, PrintStream err) {
        WorkFolder folder = WorkFolder.fresh(RUNS.resolve(options.broker().option() + "-" + options.seed()));
        nemeses.leftOut().forEach(line -> display.line("not run: " + line));
        Run run = new Run(options, nemeses, folder, display);
        try (run) {
            run.perform();
        } catch (Exception e) {
            display.endLive();
            err.println("torture: " + said(e));
            if (!(e instanceof ServerException
                    || e instanceof MessagingException
                    || e instanceof Stop.StoppedException)) {
                e.printStackTrace(err);
            }
            judgeWhatThereIs(options, folder, run.struck(), err);
            return COULD_NOT_RUN;
        }
        display.endLive();
        Summary summary;
        try {
            summary = write(options, folder, run.struck());
        } catch (Exception e) {
            err.println("torture: the history in " + folder.history() + " could not be judged: " + said(e));
            return COULD_NOT_RUN;
        }
        return tell(summary, folder, display, err);
    }

    /** A run that failed has a history all the same; what it shows may be the reason. */
    private static void judgeWhatThereIs(
            Options options, WorkFolder folder, SortedMap<String, Integer> struck, PrintStream err) {
        try {
            write(options, folder, struck);
            err.println("torture: how far it came: " + folder.file("report.html"));
        } catch (Exception e) {
            err.println("torture: there is no report of it: " + said(e));
        }
    }

    private static Summary write(Options options, WorkFolder folder, SortedMap<String, Integer> struck) {
        return Report.write(
                folder.history(),
                folder.path(),
                options.broker().option(),
                Math.round(options.time().toMillis() / 600.0) / 100.0,
                options.seed(),
                struck);
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static int tell(Summary summary, WorkFolder folder, Display display, PrintStream err) {
        Judgement judgement = summary.judgement();
        judgement
                .first()
                .forEach(each -> err.println(
                        "torture: " + each.rule() + " " + each.id() + " " + each.process() + ": " + each.text()));
        judgement.breaches().forEach((rule, count) -> display.line(count + " × " + rule.meaning()));
        judgement.explained().forEach((why, count) -> display.line(count + " duplicates explained: " + why));
        List<String> absent = summary.nemeses().entrySet().stream()
                .filter(each -> each.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!absent.isEmpty()) {
            display.line("did not happen in this time: " + String.join(", ", absent));
        }
        display.line("the report: " + folder.file("report.html"));
        display.line(summary.json());
        if (!judgement.isClean()) {
            return ANOMALIES;
        }
        return showsSomething(summary, err) ? 0 : COULD_NOT_RUN;
    }

    /** Where nothing happened no promise was tried. */
    private static boolean showsSomething(Summary summary, PrintStream err) {
        boolean worked =
                summary.judgement().published() > 0 && summary.judgement().effects() > 0;
        boolean struck = summary.nemeses().values().stream().anyMatch(count -> count > 0);
        if (!worked) {
            err.println("torture: nothing was published or handled");
        } else if (!struck) {
            err.println("torture: no fault happened; give more --minutes");
        }
        return worked && struck;
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
