package io.oncemq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.Receipt;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry's own SDK exports of publishes and attempts, by Micrometer's bridge. */
class OpenTelemetryBridgeTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final Exported exported = new Exported();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final ClientObservations client;

    private static final class Exported implements SpanExporter {
        final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    OpenTelemetryBridgeTest() {
        Tracer own = provider.get("oncemq");
        OtelTracer tracer = new OtelTracer(own, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator =
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), own);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        client = new ClientObservations(registry, null, null);
        client.opened("client-1", "kafka");
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private SpanData span(String name) {
        return exported.spans.stream()
                .filter(span -> span.getName().equals(name))
                .reduce((first, second) -> {
                    throw new AssertionError("two spans " + name);
                })
                .orElseThrow();
    }

    private static Headers headers(Map<String, String> values) {
        Headers.Builder headers = Headers.builder();
        values.forEach(headers::add);
        return headers.build();
    }

    private void attempt(Headers headers, @Nullable RuntimeException failure) {
        Handling handling = Objects.requireNonNull(client.handling("orders", "billing", new FakeDelivery(headers)));
        handling.enter();
        handling.leave();
        handling.ended(failure);
    }

    @Test
    void anAttemptIsTheChildOfItsPublishThroughTheHeadersOfTheMessage() {
        Headers.Builder written = Headers.builder();
        Observation.createNotStarted("request", registry).observe(() -> {
            Publishing publishing = Objects.requireNonNull(
                    client.publishing("orders", OutboundMessage.of("x").key("customer-1"), written));
            publishing.ended(new Receipt("order-1", "orders", new Position("orders-0", 7)), null);
        });
        attempt(written.build(), null);

        SpanData send = span("send orders");
        SpanData process = span("process orders");
        assertThat(written.build().text("traceparent"))
                .startsWith("00-" + send.getTraceId() + "-" + send.getSpanId() + "-");
        assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(send.getParentSpanId()).isEqualTo(span("request").getSpanId());
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(process.getTraceId()).isEqualTo(send.getTraceId());
        assertThat(process.getParentSpanId()).isEqualTo(send.getSpanId());
        assertThat(send.getAttributes().get(AttributeKey.stringKey("messaging.system")))
                .isEqualTo("kafka");
        assertThat(send.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                .isEqualTo("order-1");
        assertThat(process.getAttributes().get(AttributeKey.stringKey("messaging.consumer.group.name")))
                .isEqualTo("billing");
    }

    @Test
    void theContextOfAForeignProducerIsTakenOverWithItsState() {
        attempt(
                headers(Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01", "tracestate", "vendor=1")),
                new IllegalStateException("4711"));
        SpanData process = span("process orders");
        assertThat(process.getTraceId()).isEqualTo(TRACE);
        assertThat(process.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(process.getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
        assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(process.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("java.lang.IllegalStateException");
    }

    /** It may quote the body of a message, and spans leave the application. */
    @Test
    void theTextOfAFailureDoesNotStandInItsSpan() {
        attempt(Headers.empty(), new IllegalStateException("s3cret", new RuntimeException("s3cret")));
        Publishing publishing =
                Objects.requireNonNull(client.publishing("orders", OutboundMessage.of("x"), Headers.builder()));
        publishing.ended(null, new IllegalStateException("s3cret"));
        assertThat(exported.spans).hasSize(2).allSatisfy(span -> {
            assertThat(span.getEvents()).isNotEmpty();
            assertThat(span.toString()).contains("IllegalStateException").doesNotContain("s3cret");
        });
    }

    @Test
    void aSpanWithoutAFailureHasNoTypeOfAnError() {
        attempt(Headers.empty(), null);
        assertThat(span("process orders").getAttributes().get(AttributeKey.stringKey("error.type")))
                .isNull();
    }
}
