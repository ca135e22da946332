package io.oncemq.core.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.MessagingException;
import io.oncemq.OutboundMessage;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.Observers;
import io.oncemq.core.publish.PublishPipeline.Submission;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A {@link io.oncemq.Publisher} over the pipeline of its client, with a budget of its own. */
public final class EnginePublisher<T> implements EngineBacked<T> {
    private final PublishPipeline pipeline;
    private final FrameComposer composer;
    private final SendRules rules;
    private final Observers observers;
    private final String destination;
    private final Codec<T> codec;
    private final byte[] contentType;
    private final PublisherOptions options;
    private final long largest;
    private final InFlightBudget budget;
    private volatile boolean closed;

    /** Without a limit of size. */
    public EnginePublisher(
            PublishPipeline pipeline,
            FrameComposer composer,
            SendRules rules,
            Observers observers,
            String destination,
            Codec<T> codec,
            PublisherOptions options) {
        this(pipeline, composer, rules, observers, destination, codec, options, OptionalLong.empty());
    }

    /** @param largest how many bytes a message may have, so that it can be dead-lettered; empty without a limit */
    public EnginePublisher(
            PublishPipeline pipeline,
            FrameComposer composer,
            SendRules rules,
            Observers observers,
            String destination,
            Codec<T> codec,
            PublisherOptions options,
            OptionalLong largest) {
        this.pipeline = pipeline;
        this.composer = composer;
        this.rules = rules;
        this.observers = observers;
        this.destination = destination;
        this.codec = codec;
        this.contentType = codec.contentType().getBytes(UTF_8);
        this.options = options;
        this.largest = largest.orElse(Long.MAX_VALUE);
        this.budget = pipeline.budget(destination, options.maxInFlight(), options.maxInFlightBytes());
    }

    @Override
    public EnginePublisher<T> engine() {
        return this;
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public CompletableFuture<Receipt> publish(OutboundMessage<T> message) {
        return submit(framed(message, null), null, 0, false);
    }

    /** Encodes all before it submits the first, so that a body that cannot be encoded leaves nothing half published. */
    @Override
    public List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages) {
        List<Framed> framed = framed(messages);
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>(framed.size());
        framed.forEach(each -> outcomes.add(submit(each, null, 0, false)));
        return outcomes;
    }

    /** Encodes all before it submits the first, as {@link #publishAll} does. */
    @Override
    public List<CompletableFuture<Receipt>> republish(Collection<CompletableFuture<Receipt>> outcomes) {
        List<CompletableFuture<Receipt>> again = new ArrayList<>(outcomes);
        List<Failed> failed = Failed.of(again, destination);
        List<Framed> framed = framed(Failed.<T>messages(failed));
        Recovery recovery = pipeline.recovery(framed.stream().map(Framed::frame).toList());
        try {
            for (int i = 0; i < framed.size(); i++) {
                Failed one = failed.get(i);
                CompletableFuture<Receipt> outcome = submit(framed.get(i), recovery, one.order(), one.isUnknown());
                one.places().forEach(place -> again.set(place, outcome));
            }
        } catch (Throwable e) {
            pipeline.end(recovery);
            throw e;
        }
        return again;
    }

    @Override
    public int blockedKeys() {
        return pipeline.blockedKeys(destination);
    }

    /**
     * Publishes what follows from a delivery, under an id derived from the delivery's. Blocks at the bound up to the deadline,
     * as {@link #publish} does. After an unknown outcome the same id may be submitted again.
     */
    public CompletableFuture<Receipt> publishDerived(OutboundMessage<T> message, String id) {
        return submit(framed(message, id), null, 0, false);
    }

    /** A frame with what is completed and told when its outcome is known. */
    private record Framed(OutboundFrame frame, PublishFuture future) {}

    private List<Framed> framed(Collection<OutboundMessage<T>> messages) {
        List<Framed> all = new ArrayList<>(messages.size());
        try {
            for (OutboundMessage<T> message : messages) {
                all.add(framed(message, null));
            }
        } catch (Throwable e) {
            all.forEach(each -> each.future.refused(e));
            throw e;
        }
        return all;
    }

    private Framed framed(OutboundMessage<T> message, @Nullable String derivedId) {
        Headers.Builder headers = observers.none() ? null : message.headers().toBuilder();
        Publishing publishing = headers == null ? null : observers.publishing(destination, message, headers);
        boolean own = derivedId == null;
        PublishFuture future = pipeline.future(own ? message : null, own ? options.completeOn() : null, publishing);
        try {
            Headers all = headers == null ? message.headers() : headers.build();
            return new Framed(frame(message, all, derivedId), future);
        } catch (Throwable e) {
            future.refused(e);
            throw e;
        }
    }

    private CompletableFuture<Receipt> submit(
            Framed framed, @Nullable Recovery recovery, long order, boolean unknownBefore) {
        try {
            if (closed) {
                throw new ClientClosedException("the publisher for " + destination + " is closed");
            }
            Submission submission = new Submission(framed.frame, framed.future, recovery, order, unknownBefore);
            return framed.frame.size() > largest
                    ? pipeline.tooLarge(submission, largest)
                    : pipeline.submit(submission, budget, options.deadline());
        } catch (Throwable e) {
            framed.future.refused(e);
            throw e;
        }
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

    @Override
    public void close() {
        close(() -> pipeline.flush(budget));
    }

    @Override
    public void close(Duration deadline) {
        close(() -> pipeline.flush(budget, deadline));
    }

    /** Called by a continuation of a publish it does not wait, since that thread completes what it would wait for. */
    private void close(Runnable flush) {
        if (!closed) {
            if (!pipeline.isConfirming()) {
                flush.run();
            }
            closed = true;
        }
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
