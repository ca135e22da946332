package io.oncemq.testkit.fault;

import java.nio.charset.StandardCharsets;

/** What a proxy does with a new connection. */
enum Reception {
    /** Forwards its bytes. */
    SERVE(""),
    /** Closes it at once. */
    CLOSE(""),
    /** Answers the first bytes as an HTTP server does, and closes it. */
    HTTP("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    /** Reads it and never says anything. */
    SILENCE("");

    private final String answer;

    Reception(String answer) {
        this.answer = answer;
    }

    byte[] answer() {
        return answer.getBytes(StandardCharsets.US_ASCII);
    }
}
