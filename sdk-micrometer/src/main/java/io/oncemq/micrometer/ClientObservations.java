package io.oncemq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Observes the messages of one client. Thread-safe. */
final class ClientObservations implements MessageInterceptor {
    private static final PublishObservationConvention PUBLISH = new DefaultPublishObservationConvention();
    private static final ProcessObservationConvention PROCESS = new DefaultProcessObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable PublishObservationConvention publishing;
    private final @Nullable ProcessObservationConvention processing;
    private final ClientFacts facts = new ClientFacts();

    ClientObservations(
            ObservationRegistry registry,
            @Nullable PublishObservationConvention publishing,
            @Nullable ProcessObservationConvention processing) {
        this.registry = registry;
        this.publishing = publishing;
        this.processing = processing;
    }

    @Override
    public void opened(String clientId, String system) {
        facts.opened(clientId, system);
    }

    @Override
    public void subscribed(String reader, String group, Subscription subscription) {
        facts.subscribed(subscription.destination(), reader, group);
    }

    @Override
    public @Nullable Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
        if (registry.isNoop()) {
            return null;
        }
        PublishContext context =
                new PublishContext(facts.system(), facts.clientId(), destination, message.key(), headers);
        Observation observation = OnceMqObservation.PUBLISH.start(publishing, PUBLISH, () -> context, registry);
        return (receipt, failure) -> {
            context.ended(receipt, failure);
            if (failure != null) {
                observation.error(FailureWithoutText.of(failure));
            }
            observation.stop();
        };
    }

    @Override
    public @Nullable Handling handling(String destination, String group, Delivery<?> delivery) {
        if (registry.isNoop()) {
            return null;
        }
        ProcessContext context = new ProcessContext(
                facts.system(), facts.clientId(), destination, facts.group(destination, group), delivery);
        return new Attempt(context, OnceMqObservation.PROCESS.start(processing, PROCESS, () -> context, registry));
    }

    /** Its scope is opened and closed on one thread, then perhaps on another one, never on two at once. */
    private static final class Attempt implements Handling {
        private final ProcessContext context;
        private final Observation observation;
        private volatile Observation.@Nullable Scope scope;

        Attempt(ProcessContext context, Observation observation) {
            this.context = context;
            this.observation = observation;
        }

        @Override
        public void enter() {
            scope = observation.openScope();
        }

        @Override
        public void leave() {
            Objects.requireNonNull(scope).close();
            scope = null;
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            if (failure != null) {
                context.failed(failure);
                observation.error(FailureWithoutText.of(failure));
            }
            observation.stop();
        }
    }
}
