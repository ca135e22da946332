package io.oncemq.core.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import io.oncemq.MessageObserver.Publishing;
import io.oncemq.MessagingException;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.Observers;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A {@link Publisher} over the pipeline of its client, with a budget of its own. */
public final class EnginePublisher<T> implements Publisher<T> {
    private final PublishPipeline pipeline;
    private final FrameComposer composer;
    private final SendRules rules;
    private final Observers observers;
    private final String destination;
    private final Codec<T> codec;
    private final byte[] contentType;
    private final PublisherOptions options;
    private final InFlightBudget budget;
    private volatile boolean closed;

    public EnginePublisher(
            PublishPipeline pipeline,
            FrameComposer composer,
            SendRules rules,
            Observers observers,
            String destination,
            Codec<T> codec,
            PublisherOptions options) {
        this.pipeline = pipeline;
        this.composer = composer;
        this.rules = rules;
        this.observers = observers;
        this.destination = destination;
        this.codec = codec;
        this.contentType = codec.contentType().getBytes(UTF_8);
        this.options = options;
        this.budget = new InFlightBudget(options.maxInFlight(), options.maxInFlightBytes());
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public CompletableFuture<Receipt> publish(OutboundMessage<T> message) {
        return observers.none() ? submit(frame(message, null)) : submit(observed(message, null));
    }

    /** Encodes all before it submits the first, so that a body that cannot be encoded leaves nothing half published. */
    @Override
    public List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages) {
        if (!observers.none()) {
            return publishAllObserved(messages);
        }
        List<OutboundFrame> frames = new ArrayList<>(messages.size());
        for (OutboundMessage<T> message : messages) {
            frames.add(frame(message, null));
        }
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>(frames.size());
        for (OutboundFrame frame : frames) {
            outcomes.add(submit(frame));
        }
        return outcomes;
    }

    /**
     * Publishes what follows from a delivery, under an id derived from the delivery's. Blocks at the bound up to the deadline,
     * as {@link #publish} does. After an unknown outcome the same id may be submitted again.
     */
    public CompletableFuture<Receipt> publishDerived(OutboundMessage<T> message, String id) {
        return observers.none() ? submit(frame(message, id)) : submit(observed(message, id));
    }

    private List<CompletableFuture<Receipt>> publishAllObserved(Collection<OutboundMessage<T>> messages) {
        List<Observed> all = new ArrayList<>(messages.size());
        try {
            for (OutboundMessage<T> message : messages) {
                all.add(observed(message, null));
            }
        } catch (RuntimeException e) {
            all.forEach(each -> each.publishing.ended(null, e));
            throw e;
        }
        return all.stream().map(this::submit).toList();
    }

    /** A frame with what hears of its outcome. */
    private record Observed(OutboundFrame frame, Publishing publishing) {}

    private Observed observed(OutboundMessage<T> message, @Nullable String derivedId) {
        Headers.Builder headers = message.headers().toBuilder();
        Publishing publishing = observers.publishing(destination, message, headers);
        try {
            return new Observed(frame(message, headers.build(), derivedId), publishing);
        } catch (RuntimeException e) {
            publishing.ended(null, e);
            throw e;
        }
    }

    private CompletableFuture<Receipt> submit(Observed observed) {
        try {
            CompletableFuture<Receipt> outcome = submit(observed.frame);
            outcome.whenComplete(observed.publishing::ended);
            return outcome;
        } catch (RuntimeException e) {
            observed.publishing.ended(null, e);
            throw e;
        }
    }

    /**
     * The message as it goes over the wire.
     *
     * @param derivedId replaces the message's own id
     * @throws CodecException if the body cannot be encoded
     * @throws io.oncemq.ConfigurationException as {@link #check} does
     */
    public OutboundFrame frame(OutboundMessage<T> message, @Nullable String derivedId) {
        return frame(message, message.headers(), derivedId);
    }

    private OutboundFrame frame(OutboundMessage<T> message, Headers headers, @Nullable String derivedId) {
        check(message);
        T body = message.body();
        byte[] bytes = body == null ? null : encode(body);
        return composer.compose(
                destination, message, headers, derivedId == null ? message.id() : derivedId, bytes, contentType);
    }

    /**
     * Refuses what no attempt could send.
     *
     * @throws io.oncemq.ConfigurationException if the message asks for what the broker does not offer, or contradicts itself
     */
    public void check(OutboundMessage<T> message) {
        rules.check(message);
    }

    @Override
    public void flush() {
        pipeline.flush(budget);
    }

    @Override
    public boolean abandon(String id) {
        return pipeline.abandon(destination, id);
    }

    /** Called by a continuation of a publish it does not wait, since that thread completes what it would wait for. */
    @Override
    public void close() {
        if (!closed) {
            if (!pipeline.isConfirming()) {
                flush();
            }
            closed = true;
        }
    }

    private CompletableFuture<Receipt> submit(OutboundFrame frame) {
        if (closed) {
            throw new ClientClosedException("the publisher for " + destination + " is closed");
        }
        return pipeline.submit(frame, budget, options.deadline());
    }

    private byte[] encode(T body) {
        try {
            return codec.encode(body);
        } catch (MessagingException e) {
            throw e instanceof CodecException ? e : unencodable(body, e);
        } catch (RuntimeException e) {
            throw unencodable(body, e);
        }
    }

    private CodecException unencodable(T body, RuntimeException cause) {
        return new CodecException(
                "a body of " + body.getClass().getName() + " for " + destination + " cannot be encoded", cause);
    }
}
