package io.oncemq.micrometer;

import static io.oncemq.micrometer.MessagingKey.ATTEMPT;
import static io.oncemq.micrometer.MessagingKey.CLIENT_ID;
import static io.oncemq.micrometer.MessagingKey.DESTINATION;
import static io.oncemq.micrometer.MessagingKey.ERROR_TYPE;
import static io.oncemq.micrometer.MessagingKey.GROUP;
import static io.oncemq.micrometer.MessagingKey.MESSAGE_ID;
import static io.oncemq.micrometer.MessagingKey.OPERATION_NAME;
import static io.oncemq.micrometer.MessagingKey.OPERATION_TYPE;
import static io.oncemq.micrometer.MessagingKey.REPLAY;
import static io.oncemq.micrometer.MessagingKey.SYSTEM;

import io.micrometer.common.KeyValues;
import io.oncemq.Delivery;

/** {@code process <destination>}, with the names of OpenTelemetry's messaging conventions. */
public class DefaultProcessObservationConvention implements ProcessObservationConvention {
    private static final String PROCESS = "process";

    @Override
    public String getName() {
        return OnceMqObservation.PROCESS_NAME;
    }

    @Override
    public String getContextualName(ProcessContext context) {
        return PROCESS + " " + context.destination();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProcessContext context) {
        return KeyValues.of(
                SYSTEM.withValue(context.system()),
                OPERATION_NAME.withValue(PROCESS),
                OPERATION_TYPE.withValue(PROCESS),
                DESTINATION.withValue(context.destination()),
                GROUP.withValue(context.group()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProcessContext context) {
        Delivery<?> delivery = context.delivery();
        KeyValues values = KeyValues.of(
                        CLIENT_ID.withValue(context.clientId()),
                        MESSAGE_ID.withValue(delivery.id()),
                        ATTEMPT.withValue(Integer.toString(delivery.attempt())))
                .and(Places.of(context.system(), delivery.position()));
        Throwable failure = context.failure();
        if (failure != null) {
            values = values.and(ERROR_TYPE.withValue(Outcomes.errorType(failure)));
        }
        String key = delivery.key();
        if (key != null) {
            values = values.and(Places.key(context.system(), key));
        }
        return delivery.replay()
                .map(name -> KeyValues.of(REPLAY.withValue(name)))
                .orElse(KeyValues.empty())
                .and(values);
    }
}
