package io.oncemq.spring;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.ServerUsers;
import io.oncemq.testkit.spring.OnceMqTest;
import io.oncemq.testkit.spring.TestBroker;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestContextManager;

/** Does what a JVM of Surefire does: it runs test classes whose contexts stay open, and ends. Writes a file before the end. */
final class TestJvm {
    /** Logged by each context whose servers live when it has closed. */
    static final String CLOSED = "shop has closed";

    private static final CountDownLatch CLOSING = new CountDownLatch(2);

    private TestJvm() {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop implements DisposableBean {
        private final List<String> charged = new CopyOnWriteArrayList<>();

        @Autowired
        private KafkaServer kafka;

        @Bean
        DestinationSpec orders() {
            return DestinationSpec.builder("orders")
                    .partitions(2)
                    .group("billing")
                    .build();
        }

        @OnceListener(destination = "orders", group = "billing")
        void charge(String order) {
            charged.add(order);
        }

        /** Closes slowly, so that servers which do not wait for it are gone. */
        @Override
        public void destroy() throws Exception {
            CLOSING.countDown();
            runAsync(() -> {}, delayedExecutor(2, SECONDS)).get();
            new Socket(InetAddress.getLoopbackAddress(), kafka.port()).close();
            LoggerFactory.getLogger(Shop.class).info(CLOSED);
        }
    }

    @OnceMqTest(broker = TestBroker.KAFKA)
    abstract static class Orders {
        @Autowired
        private MessagingClient mq;

        @Autowired
        private Shop shop;

        void areCharged() {
            String order = UUID.randomUUID().toString();
            mq.publisher("orders", Codecs.string())
                    .publish(OutboundMessage.of(order).id(order).key("ann"))
                    .join();
            await().atMost(60, SECONDS).until(() -> shop.charged.contains(order));
        }
    }

    @SpringBootTest(classes = Shop.class, webEnvironment = WebEnvironment.NONE)
    static class First extends Orders {}

    /** Has a context of its own, of the same group and on the same servers. */
    @SpringBootTest(classes = Shop.class, webEnvironment = WebEnvironment.NONE, properties = "other=context")
    static class Second extends Orders {}

    public static void main(String[] args) throws Exception {
        // The hook of the servers comes while the hook of Spring Boot is closing the last context.
        ServerUsers.endFirst(TestJvm::awaitLastClosing);
        for (Orders test : List.of(new First(), new Second(), new First())) {
            TestContextManager manager = new TestContextManager(test.getClass());
            manager.beforeTestClass();
            manager.prepareTestInstance(test);
            test.areCharged();
            manager.afterTestClass();
        }
        Files.createFile(Path.of(args[0]));
        System.exit(0);
    }

    private static void awaitLastClosing() {
        try {
            CLOSING.await(20, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
