package io.oncemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.PublishRejectedException.Reason;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final OutboundMessage<String> MESSAGE =
            OutboundMessage.of("body").id("1");

    @Test
    void theReceiptOfAConfirmedMessageIsReturned() {
        Receipt receipt = new Receipt("1", "orders", new Position("orders-0", 7));
        assertThat(answering(CompletableFuture.completedFuture(receipt)).publishAndAwait(MESSAGE))
                .isSameAs(receipt);
    }

    @Test
    void theOutcomeThatIsNoReceiptIsThrownAsItself() {
        PublishRejectedException rejected =
                new PublishRejectedException("1", "orders", Reason.NOT_ATTEMPTED, "no room", null, null);
        assertThatThrownBy(() ->
                        answering(CompletableFuture.failedFuture(rejected)).publishAndAwait(MESSAGE))
                .isSameAs(rejected);
    }

    @Test
    void anInterruptDoesNotCutTheWaitShortAndIsKept() throws Exception {
        CompletableFuture<Receipt> open = new CompletableFuture<>();
        AtomicReference<Receipt> returned = new AtomicReference<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            Thread.currentThread().interrupt();
            returned.set(answering(open).publishAndAwait(MESSAGE));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        waiting.start();
        Receipt receipt = new Receipt("1", "orders", new Position("orders-0", 7));
        open.complete(receipt);
        assertThat(interrupted.get()).isTrue();
        assertThat(returned.get()).isSameAs(receipt);
    }

    @Test
    void whatIsNoOutcomeOfOnceMqStaysAsItIs() {
        CompletableFuture<Receipt> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);
        assertThatThrownBy(() -> answering(cancelled).publishAndAwait(MESSAGE))
                .isInstanceOf(CancellationException.class);
    }

    @SuppressWarnings("unchecked")
    private static Publisher<String> answering(CompletableFuture<Receipt> outcome) {
        InvocationHandler answer = (proxy, method, arguments) ->
                method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : outcome;
        return (Publisher<String>)
                Proxy.newProxyInstance(PublisherTest.class.getClassLoader(), new Class<?>[] {Publisher.class}, answer);
    }
}
