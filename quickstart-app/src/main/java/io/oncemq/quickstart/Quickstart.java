package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.MessagingException;
import io.oncemq.testkit.server.ServerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The command: reads the options, runs the job, prints what came of it. */
final class Quickstart {
    private static final int FAILED = 1;
    private static final int WRONG_OPTION = 2;
    private static final Path EVIDENCE =
            Path.of(System.getProperty("oncemq.quickstart.evidence", "target/last-failure"));

    private Quickstart() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
        int status = command(out, System.err, Boolean.getBoolean("oncemq.quickstart.terminal"), args);
        out.flush();
        Runtime.getRuntime().exit(status);
    }

    static int command(PrintStream out, PrintStream err, boolean terminal, String... args) {
        if (CommandLine.asksForHelp(args)) {
            out.print(usage());
            return 0;
        }
        try {
            return run(CommandLine.parse(args), new Display(out, terminal), err);
        } catch (UsageException e) {
            err.println("quickstart: " + e.getMessage());
            err.println("Try ./quickstart --help");
            return WRONG_OPTION;
        }
    }

    /** Prints table and JSON to the display, errors to {@code err}; the exit status. */
    static int run(Options options, Display display, PrintStream err) {
        try {
            CheckedInput input = CheckedInput.of(options, err);
            Summary summary = new Job(options, input, display, EVIDENCE).run();
            summary.verdict().findings().stream().limit(20).forEach(finding -> err.println("quickstart: " + finding));
            summary.missing().forEach(fault -> err.println("quickstart: a promised fault did not happen: " + fault));
            summary.toTable().forEach(display::line);
            display.line(summary.toJson());
            return summary.holds() ? 0 : FAILED;
        } catch (Stop.StoppedException brokenOff) {
            return FAILED;
        } catch (MessagingException | ServerException | JobFailedException | UncheckedIOException e) {
            display.endLive();
            err.println("quickstart: " + e.getMessage());
            return FAILED;
        }
    }

    private static String usage() {
        try (InputStream text = Quickstart.class.getResourceAsStream("usage.txt")) {
            if (text == null) {
                throw new IllegalStateException("usage.txt is not on the class path");
            }
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
