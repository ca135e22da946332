package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A question that the server does not answer holds up no other question. */
@NeedsRabbit
class RabbitSlowQuestionIT {
    @Test
    void aQueueThatDoesNotAnswerHoldsUpNeitherHealthNorPreflight() {
        RabbitServer server = SharedRabbit.server();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (BrokerTransport transport = SharedRabbit.rabbit().open("slow")) {
            String destination = PublishRig.name();
            transport.ensure(DestinationSpec.builder(destination).group("g").build());
            String queue = destination + ".frozen.0";
            PublishRig.raw(server, channel -> channel.queueDeclare(queue, true, false, false, null));
            assertThat(transport.backlog(destination, "frozen")).hasSize(1);
            freeze(server, queue);
            try {
                CompletableFuture<?> lag =
                        CompletableFuture.runAsync(() -> transport.backlog(destination, "frozen"), threads);
                await().until(() -> isAsked(server, queue));
                transport.ping();
                assertThat(transport.preflight(destination).findings()).isEmpty();
                assertThat(transport.backlog(destination, "g")).hasSize(1);
                assertThat(lag).isNotDone();
                await().until(lag::isCompletedExceptionally);
                // The server still holds what the question was asked on; no later question may get into that.
                List<CompletableFuture<Void>> pings = Stream.generate(
                                () -> CompletableFuture.runAsync(transport::ping, threads))
                        .limit(8)
                        .toList();
                pings.forEach(CompletableFuture::join);
            } finally {
                server.eval(process(queue) + ", sys:resume(Process)");
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aSourceWhoseQueueDoesNotAnswerHoldsUpNoOtherOne() {
        RabbitServer server = SharedRabbit.server();
        String healthy = SharedRabbit.destination(1);
        Received received = Received.settlingAll();
        try (BrokerTransport transport = SharedRabbit.rabbit().open("slow-source")) {
            String destination = PublishRig.name();
            transport.ensure(DestinationSpec.builder(destination)
                    .partitions(1)
                    .group("another")
                    .build());
            String queue = SharedRabbit.queue(destination, 0);
            PublishRig.raw(server, channel -> channel.queueDeclare(queue, true, false, false, null));
            freeze(server, queue);
            try {
                start(transport, destination, Received.settlingAll());
                await().until(() -> isAsked(server, queue));
                start(transport, healthy, received);
                SharedRabbit.raw().publish(healthy, 0, 1, SharedRabbit.numbers(0, 1));
                // The client waits 20 s for an answer.
                await().atMost(Duration.ofSeconds(10)).until(() -> received.texts.contains("0"));
                assertThat(isAsked(server, queue)).isTrue();
            } finally {
                server.eval(process(queue) + ", sys:resume(Process)");
            }
        }
    }

    private static void start(BrokerTransport transport, String destination, Received listener) {
        MessageSource source = transport.openSource(SharedRabbit.spec(destination), listener);
        listener.of(source);
        source.start();
    }

    /** The client would wait twice as long. */
    @Test
    void aConnectionThatHangsFailsAPingAfterTenSeconds() {
        RabbitServer server = SharedRabbit.server();
        try (TcpProxy proxy = TcpProxy.to(server.port());
                BrokerTransport transport = Rabbit.at("127.0.0.1:" + proxy.port())
                        .login(server.user(), server.password())
                        .open("hung")) {
            transport.ping();
            proxy.drop();
            long begun = System.nanoTime();
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(transport::ping)
                    .withMessageContaining("asking for a sign of life");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(18));
            proxy.restore();
        }
    }

    private static void freeze(RabbitServer server, String queue) {
        server.eval(process(queue) + ", sys:suspend(Process)");
    }

    private static boolean isAsked(RabbitServer server, String queue) {
        return server.eval(process(queue) + ", {message_queue_len, Waiting} = process_info(Process, message_queue_len),"
                        + " Waiting > 0")
                .contains("true");
    }

    /** That of a classic queue; {@code Process} is bound to it. */
    private static String process(String queue) {
        return "{ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\"" + queue
                + "\">>)), Process = amqqueue:get_pid(Queue)";
    }
}
