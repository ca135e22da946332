package io.oncemq.testkit.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.server.LeakCheck;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(180)
@ExtendWith(LeakCheck.class)
class TcpProxyTest {
    private static final int SILENCE_MILLIS = 300;
    private static final int PATIENT_MILLIS = 30_000;

    private EchoServer server;
    private TcpProxy proxy;
    private final List<Socket> opened = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        server = new EchoServer();
        proxy = TcpProxy.to(server.port());
    }

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
        proxy.close();
        server.close();
    }

    @Test
    void forwardsBothWaysAndCounts() throws IOException {
        Socket client = connect();
        assertThat(ask(client, "hello")).isEqualTo("hello");
        assertThat(proxy.accepted()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(proxy.replyBytes()).isEqualTo(7));
        assertThat(proxy.requestBytes()).isEqualTo(7);
        client.close();
        await().untilAsserted(() -> assertThat(proxy.open()).isZero());
        await().untilAsserted(() -> assertThat(server.open()).isZero());
    }

    @Test
    void forwardsLargeStreamsUnchanged() throws IOException {
        Socket client = connect();
        List<String> texts = IntStream.range(0, 200)
                .mapToObj(i -> Integer.toString(i % 10).repeat(50_000 + i))
                .toList();
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> texts.forEach(text -> tell(client, text)));
        for (String text : texts) {
            assertThat(hear(client)).isEqualTo(text);
        }
        sender.join();
    }

    @Test
    void delaysEachDirectionWithoutLimitingThroughput() throws IOException {
        Socket client = connect();
        proxy.delay(Duration.ofMillis(500));
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            tell(client, "m" + i);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(hear(client)).isEqualTo("m" + i);
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(taken).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
    }

    @Test
    void holdsEverythingWhileItDropsAndDeliversItWhenRestored() throws IOException {
        Socket client = connect();
        ask(client, "before");
        proxy.drop();
        tell(client, "during");
        assertSilent(client);
        assertThat(server.effects).containsExactly("before");
        Socket late = connect();
        tell(late, "late");
        assertSilent(late);
        proxy.restore();
        assertThat(hear(client)).isEqualTo("during");
        assertThat(hear(late)).isEqualTo("late");
    }

    @Test
    void swallowsRepliesOfRequestsThatHadEffectAndResetsWhenRestored() throws IOException {
        Socket client = connect();
        proxy.swallowReplies();
        tell(client, "lost");
        await().untilAsserted(() -> assertThat(proxy.swallowedBytes()).isEqualTo(6));
        assertThat(server.effects).containsExactly("lost");
        assertSilent(client);
        proxy.restore();
        assertBroken(client);
        assertThat(ask(connect(), "again")).isEqualTo("again");
    }

    @Test
    void resetsInsteadOfReplyingAndServesOthersWhenRestored() throws IOException {
        Socket client = connect();
        proxy.swallowRepliesThenReset();
        tell(client, "stored");
        assertBroken(client);
        assertThat(server.effects).containsExactly("stored");
        assertThat(proxy.resets()).isEqualTo(1);
        proxy.restore();
        assertThat(ask(connect(), "again")).isEqualTo("again");
    }

    @Test
    void cutsAReplyInTheMiddle() throws IOException {
        Socket client = connect();
        proxy.resetAfterReplyBytes(7 + 3);
        assertThat(ask(client, "whole")).isEqualTo("whole");
        tell(client, "half!");
        assertBroken(client);
        assertThat(server.effects).containsExactly("whole", "half!");
        await().untilAsserted(() -> assertThat(proxy.replyBytes()).isEqualTo(10));
    }

    @Test
    void losesOnlyTheReplyToTheMarkedRequest() throws IOException {
        Socket marked = connect();
        Socket other = connect();
        proxy.swallowReplyTo("id-42".getBytes(UTF_8));
        assertThat(ask(marked, "id-41")).isEqualTo("id-41");
        tell(marked, "xx id-42 yy");
        assertBroken(marked);
        assertThat(ask(other, "id-43")).isEqualTo("id-43");
        assertThat(ask(other, "id-42")).isEqualTo("id-42");
        assertThat(server.effects).containsExactly("id-41", "xx id-42 yy", "id-43", "id-42");
    }

    @Test
    void findsAMarkerThatIsSplitOverTwoSegments() throws IOException {
        Socket client = connect();
        ask(client, "warm");
        proxy.swallowReplyTo("id-42".getBytes(UTF_8));
        byte[] frame = {0, 5, 'i', 'd', '-', '4', '2'};
        client.getOutputStream().write(frame, 0, 4);
        await().untilAsserted(() -> assertThat(proxy.requestBytes()).isEqualTo(6 + 4));
        client.getOutputStream().write(frame, 4, 3);
        assertBroken(client);
    }

    @Test
    void resetsAllConnectionsAndServesNewOnes() throws IOException {
        Socket first = connect();
        Socket second = connect();
        ask(first, "a");
        ask(second, "b");
        proxy.reset();
        assertBroken(first);
        assertBroken(second);
        assertThat(proxy.resets()).isEqualTo(2);
        assertThat(ask(connect(), "c")).isEqualTo("c");
    }

    @Test
    void refusesNewConnectionsAndKeepsOldOnesUntilRestored() throws IOException {
        Socket old = connect();
        ask(old, "a");
        proxy.refuse();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(ask(old, "b")).isEqualTo("b");
        proxy.restore();
        assertThat(ask(connect(), "c")).isEqualTo("c");
    }

    @Test
    void endsAllConnectionsInOrderAndServesNewOnes() throws IOException {
        Socket first = connect();
        Socket second = connect();
        ask(first, "a");
        ask(second, "b");
        proxy.finish();
        assertEnded(first);
        assertEnded(second);
        assertThat(proxy.resets()).isZero();
        await().untilAsserted(() -> assertThat(server.open()).isZero());
        assertThat(ask(connect(), "c")).isEqualTo("c");
    }

    @Test
    void acceptsAndClosesNewConnectionsAndKeepsOldOnesUntilRestored() throws IOException {
        Socket old = connect();
        ask(old, "a");
        proxy.acceptAndClose();
        Socket turnedAway = connect();
        tell(turnedAway, "lost");
        assertEnded(turnedAway);
        assertThat(ask(old, "b")).isEqualTo("b");
        proxy.restore();
        assertThat(ask(connect(), "c")).isEqualTo("c");
        assertThat(server.effects).containsExactly("a", "b", "c");
    }

    @Test
    void answersNewConnectionsAsAnHttpServerDoesUntilRestored() throws IOException {
        proxy.answerHttp();
        Socket client = connect();
        tell(client, "no HTTP");
        assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 503 ");
        proxy.restore();
        assertThat(ask(connect(), "c")).isEqualTo("c");
        assertThat(server.effects).containsExactly("c");
    }

    @Test
    void cutsARequestInTheMiddleAndServesNewConnectionsWhenRestored() throws IOException {
        Socket client = connect();
        proxy.resetAfterRequestBytes(1_000);
        tell(client, "x".repeat(50_000));
        assertBroken(client);
        assertThat(proxy.cuts()).isEqualTo(1);
        assertThat(proxy.requestBytes()).isEqualTo(1_000);
        proxy.restore();
        assertThat(ask(connect(), "b")).isEqualTo("b");
        assertThat(server.effects).containsExactly("b");
    }

    @Test
    void endsInOrderInTheMiddleOfARequest() throws IOException {
        Socket client = connect();
        proxy.finishAfterRequestBytes(1_000);
        tell(client, "x".repeat(50_000));
        assertEnded(client);
        assertThat(proxy.cuts()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(server.open()).isZero());
        proxy.restore();
        assertThat(ask(connect(), "b")).isEqualTo("b");
        assertThat(server.effects).containsExactly("b");
    }

    @Test
    void endsInOrderInTheMiddleOfAReply() throws IOException {
        Socket client = connect();
        proxy.finishAfterReplyBytes(1_000);
        tell(client, "x".repeat(50_000));
        assertThat(client.getInputStream().readAllBytes()).hasSize(1_000);
        assertThat(proxy.cuts()).isEqualTo(1);
        proxy.restore();
        assertThat(ask(connect(), "b")).isEqualTo("b");
        assertThat(server.effects).containsExactly("x".repeat(50_000), "b");
    }

    @Test
    void halfClosesAllConnectionsAndServesNewOnes() throws IOException {
        Socket client = connect();
        ask(client, "a");
        proxy.halfClose();
        assertEnded(client);
        tell(client, "half");
        await().untilAsserted(() -> assertThat(server.effects).containsExactly("a", "half"));
        assertThat(ask(connect(), "b")).isEqualTo("b");
        client.close();
        await().untilAsserted(() -> assertThat(proxy.open()).isEqualTo(1));
        assertThat(proxy.resets()).isZero();
    }

    @Test
    void acceptsNewConnectionsSilentlyAndKeepsOldOnesUntilRestored() throws IOException {
        Socket old = connect();
        ask(old, "a");
        proxy.acceptSilently();
        Socket unheard = connect();
        tell(unheard, "lost");
        assertSilent(unheard);
        assertThat(ask(old, "b")).isEqualTo("b");
        proxy.restore();
        assertBroken(unheard);
        assertThat(ask(connect(), "c")).isEqualTo("c");
        assertThat(server.effects).containsExactly("a", "b", "c");
    }

    @Test
    void resetsAClientWhoseServerIsAway() throws IOException {
        server.close();
        Socket client = connect();
        assertBroken(client);
    }

    @Test
    void endsWithoutLeavingAThreadWhateverGoesOn() throws IOException {
        for (int i = 0; i < 10; i++) {
            tell(connect(), "x".repeat(1000));
        }
        proxy.drop();
        proxy.delay(Duration.ofMinutes(1));
        tell(opened.get(0), "held");
        proxy.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("oncemq-proxy-")));
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void standsAtTheSamePortOfAnotherAddressAndMisbehavesByItself() throws IOException {
        InetAddress other = InetAddress.getByName("127.0.0.11");
        assumeThat(isOfThisMachine(other)).isTrue();
        try (TcpProxy beside = TcpProxy.at(new InetSocketAddress(other, proxy.port()), server.port())) {
            Socket client = new Socket(other, beside.port());
            opened.add(client);
            assertThat(ask(client, "hello")).isEqualTo("hello");
            beside.reset();
            assertBroken(client);
            assertThat(ask(connect(), "others")).isEqualTo("others");
        }
        assertThat(ask(connect(), "afterwards")).isEqualTo("afterwards");
    }

    /** Linux has it; macOS has one loopback address unless it is told otherwise. */
    private static boolean isOfThisMachine(InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException no) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENT_MILLIS);
        socket.setTcpNoDelay(true);
        opened.add(socket);
        return socket;
    }

    private static String ask(Socket socket, String text) throws IOException {
        tell(socket, text);
        return hear(socket);
    }

    private static void tell(Socket socket, String text) {
        try {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeUTF(text);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hear(Socket socket) throws IOException {
        return new DataInputStream(socket.getInputStream()).readUTF();
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> hear(socket)).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENT_MILLIS);
    }

    private static void assertEnded(Socket socket) throws IOException {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    private static void assertBroken(Socket socket) {
        assertThatThrownBy(() -> hear(socket)).isInstanceOf(SocketException.class);
    }
}
