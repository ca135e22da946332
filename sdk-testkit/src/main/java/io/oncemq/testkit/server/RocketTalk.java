package io.oncemq.testkit.server;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One request to a name server or broker in RocketMQ's remoting protocol, with its headers in JSON: what a fixture asks of them
 * needs no client of RocketMQ.
 */
final class RocketTalk {
    static final int CREATE_TOPIC = 17;
    static final int CREATE_USER = 3001;
    static final int CHANGE_USER = 3002;
    static final int CREATE_RIGHTS = 3006;
    static final int ADD_RIGHTS = 3007;
    static final int DELETE_RIGHTS = 3008;
    static final int UPDATE_BROKER_CONFIG = 25;
    static final int GET_BROKER_CONFIG = 26;
    static final int MEMBERS = 38;
    static final int ROUTE_OF_TOPIC = 105;
    static final int CLUSTER = 106;

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int LONGEST_ANSWER = 4 << 20;
    private static final int HEADER_LENGTH = 0xFF_FFFF;
    private static final Pattern CODE = Pattern.compile("\"code\":\\s*(\\d+)");

    private RocketTalk() {}

    /**
     * Sends a request on a connection of its own.
     *
     * @return the body of the answer
     * @throws UncheckedIOException if nothing answers within 20 seconds
     * @throws ServerException if the answer is an error; the message carries it
     */
    static String ask(RocketSecurity security, int port, int request, Map<String, String> fields, String body) {
        try (Socket socket = security.connect(port, PATIENCE_MILLIS)) {
            String header = header(request, security.signed(fields, body));
            send(new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())), header, body);
            return answer(new DataInputStream(socket.getInputStream()), request);
        } catch (IOException e) {
            throw new UncheckedIOException("no answer of RocketMQ on port " + port, e);
        }
    }

    private static String header(int request, Map<String, String> fields) {
        String json = fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        return "{\"code\":" + request + ",\"flag\":0,\"language\":\"JAVA\",\"opaque\":1,\"version\":0,\"extFields\":"
                + json + "}";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void send(DataOutputStream out, String header, String body) throws IOException {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] tail = body.getBytes(StandardCharsets.UTF_8);
        out.writeInt(Integer.BYTES + head.length + tail.length);
        out.writeInt(head.length);
        out.write(head);
        out.write(tail);
        out.flush();
    }

    private static String answer(DataInputStream in, int request) throws IOException {
        int length = in.readInt();
        int headerLength = in.readInt() & HEADER_LENGTH;
        if (length > LONGEST_ANSWER || headerLength > length) {
            throw new IOException("an answer of " + length + " bytes");
        }
        String header = new String(in.readNBytes(headerLength), StandardCharsets.UTF_8);
        Matcher code = CODE.matcher(header);
        if (!code.find() || Integer.parseInt(code.group(1)) != 0) {
            throw new ServerException("RocketMQ refused request " + request + ": " + header);
        }
        return new String(in.readNBytes(length - headerLength - Integer.BYTES), StandardCharsets.UTF_8);
    }
}
