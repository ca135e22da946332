package io.oncemq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Says how a publish is named and which key values it has. Thread-safe. */
public interface PublishObservationConvention extends ObservationConvention<PublishContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof PublishContext;
    }

    @Override
    default String getContextualName(PublishContext context) {
        return "send " + context.destination();
    }
}
