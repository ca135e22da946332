package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Evaluates expressions in an Erlang node by {@code erl_call}, a small program that comes with Erlang. It takes milliseconds, where
 * {@code rabbitmqctl} takes a second or two.
 */
final class ErlangCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RabbitInstallation installation;
    private final int port;
    private final String cookie;
    private final Path folder;

    /**
     * @param port where the node listens for others
     * @param folder for what it prints, and its home
     */
    ErlangCall(RabbitInstallation installation, int port, String cookie, Path folder) {
        this.installation = installation;
        this.port = port;
        this.cookie = cookie;
        this.folder = folder;
    }

    /** As {@link RabbitNode#eval}. */
    String eval(String expression) {
        Path output = folder.resolve("call.log");
        try {
            List<String> command = List.of(
                    installation.erl("erl_call").toString(), "-address", "127.0.0.1:" + port, "-c", cookie, "-e");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("HOME", folder.toString());
            Process process = builder.start();
            try (OutputStream input = process.getOutputStream()) {
                input.write((expression + ".\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedAlready) {
                // its output tells why
            }
            boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            return result(expression, ended ? Files.readString(output).strip() : "no answer within " + PATIENCE);
        } catch (IOException e) {
            throw new ServerException("cannot run erl_call of " + installation.erlang() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while RabbitMQ evaluated " + expression, e);
        }
    }

    /** A text as an Erlang binary. */
    static String binary(String text) {
        return "<<\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"/utf8>>";
    }

    private static String result(String expression, String printed) {
        if (printed.startsWith("{ok, ") && printed.endsWith("}")) {
            return printed.substring(5, printed.length() - 1);
        }
        throw new ServerException("RabbitMQ did not evaluate " + expression + ": " + printed);
    }
}
