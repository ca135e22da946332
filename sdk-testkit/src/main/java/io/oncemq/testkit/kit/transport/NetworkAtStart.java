package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.oncemq.Codecs;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingException;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class NetworkAtStart extends Scenario {
    /** The documented ten seconds, on a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Map<String, Consumer<TcpProxy>> FAULTS = Map.of(
            "accepts and closes", TcpProxy::acceptAndClose,
            "accepts and says nothing", TcpProxy::acceptSilently,
            "answers in HTTP", TcpProxy::answerHttp);

    NetworkAtStart(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName(
            "S9 an address that accepts and closes, says nothing or answers in HTTP is named within the documented time, and used once it heals")
    final void anAddressThatIsNoBrokersIsNamedSoonAndUsedOnceItHeals() throws Exception {
        String orders = destination(1);
        subscribe(client(), orders).handler(effects.by("only")).start();
        MemberTransport way = fixture.memberTransport().getConstructor().newInstance();
        Map<String, CompletableFuture<Void>> tries = new TreeMap<>();
        FAULTS.forEach((fault, begin) -> tries.put(
                fault,
                CompletableFuture.runAsync(
                        () -> tryAndHeal(fault, begin, way, orders),
                        task -> new Thread(task, "start-" + fault).start())));
        tries.values().forEach(CompletableFuture::join);
        awaitHandled(FAULTS.keySet().toArray(String[]::new));
        awaitEffects(FAULTS.size());
    }

    private void tryAndHeal(String fault, Consumer<TcpProxy> begin, MemberTransport way, String destination) {
        String[] broker = fixture.memberAddress().split(":");
        try (TcpProxy proxy = TcpProxy.to(broker[0], Integer.parseInt(broker[1]))) {
            String address = "127.0.0.1:" + proxy.port();
            begin.accept(proxy);
            long began = System.nanoTime();
            Throwable refusal = catchThrowable(() -> connect(way.at(address)).close());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(refusal).as(fault).isInstanceOf(MessagingException.class).hasMessageContaining(address);
            assertThat(took).as(fault).isLessThan(SOON);
            proxy.restore();
            try (MessagingClient healed = connect(way.at(address))) {
                healed.publisher(destination, Codecs.string(), PATIENT)
                        .publish(message(fault, fault))
                        .join();
            }
        }
    }

    @Test
    @DisplayName("S9 errors of a client whose broker stops answering name its address")
    final void errorsOfAnUnreachableBrokerNameItsAddress() throws Exception {
        String orders = destination(1);
        MemberTransport way = fixture.memberTransport().getConstructor().newInstance();
        String[] broker = fixture.memberAddress().split(":");
        try (TcpProxy proxy = TcpProxy.to(broker[0], Integer.parseInt(broker[1]));
                MessagingClient client = connect(way.at("127.0.0.1:" + proxy.port()))) {
            PublisherOptions brief =
                    PublisherOptions.builder().deadline(Duration.ofSeconds(5)).build();
            Publisher<String> publisher = client.publisher(orders, Codecs.string(), brief);
            publisher.publish(message("before", "a")).join();
            fixture.pauseBroker();
            CompletableFuture<Receipt> unanswered = publisher.publish(message("unanswered", "a"));
            String address = "127.0.0.1:" + proxy.port();
            assertThatThrownBy(client::pingBroker)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining(address);
            assertThatThrownBy(unanswered::join)
                    .hasCauseInstanceOf(MessagingException.class)
                    .hasMessageContaining(address);
        } finally {
            fixture.resumeBroker();
        }
    }

    private static MessagingClient connect(TransportFactory transport) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport)
                .withoutIdempotency()
                .build();
    }
}
