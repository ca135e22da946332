package io.oncemq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Says how an attempt to handle a message is named and which key values it has. Thread-safe. */
public interface ProcessObservationConvention extends ObservationConvention<ProcessContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessContext;
    }

    @Override
    default String getContextualName(ProcessContext context) {
        return "process " + context.destination();
    }
}
