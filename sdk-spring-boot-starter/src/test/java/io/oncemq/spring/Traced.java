package io.oncemq.spring;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.ThreadLocalCurrentTraceContext;
import brave.propagation.TraceContext;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A tracer with W3C's headers behind the application's observation registry, and the spans that it ended. */
@Configuration(proxyBeanMethods = false)
class Traced {
    private final List<MutableSpan> ended = new CopyOnWriteArrayList<>();

    @Bean
    Tracing tracing() {
        return Tracing.newBuilder()
                .currentTraceContext(ThreadLocalCurrentTraceContext.newBuilder().build())
                .traceId128Bit(true)
                .supportsJoin(false)
                .propagationFactory(new W3CPropagation(new BraveBaggageManager(List.of(), List.of()), List.of()))
                .addSpanHandler(new SpanHandler() {
                    @Override
                    public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                        ended.add(new MutableSpan(span));
                        return true;
                    }
                })
                .build();
    }

    @Bean
    ObservationHandler.FirstMatchingCompositeObservationHandler tracingHandlers(Tracing tracing) {
        BraveTracer tracer = new BraveTracer(
                tracing.tracer(),
                new BraveCurrentTraceContext(tracing.currentTraceContext()),
                new BraveBaggageManager(List.of(), List.of()));
        BravePropagator propagator = new BravePropagator(tracing);
        return new ObservationHandler.FirstMatchingCompositeObservationHandler(
                new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                new DefaultTracingObservationHandler(tracer));
    }

    List<MutableSpan> named(String name) {
        return ended.stream().filter(span -> name.equals(span.name())).toList();
    }
}
