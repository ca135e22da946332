package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Speaks Redis' protocol and answers as a test says, to show what no single server can be brought to answer. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Function<List<String>, String> answers;
    private final List<List<String>> received = Collections.synchronizedList(new ArrayList<>());

    /** @param answers from a command to a reply as it goes over the wire, without its last line end */
    ScriptedServer(Function<List<String>, String> answers) {
        this.answers = answers;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + port();
    }

    int port() {
        return socket.getLocalPort();
    }

    List<List<String>> received(String command) {
        synchronized (received) {
            return received.stream()
                    .filter(words -> words.get(0).equals(command))
                    .toList();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                start(() -> serve(client));
            }
        } catch (IOException closed) {
            // by close
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            OutputStream out = client.getOutputStream();
            while (true) {
                List<String> words = command(in);
                received.add(words);
                out.write((answers.apply(words) + "\r\n").getBytes(ISO_8859_1));
                out.flush();
            }
        } catch (IOException | IllegalStateException gone) {
            // the client has closed its connection, or the test wants it to be closed without an answer
        }
    }

    private static List<String> command(DataInputStream in) throws IOException {
        int words = Integer.parseInt(line(in).substring(1));
        List<String> command = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            byte[] word = new byte[Integer.parseInt(line(in).substring(1))];
            in.readFully(word);
            line(in);
            command.add(new String(word, ISO_8859_1));
        }
        return command;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
