package io.oncemq.micrometer;

import static io.oncemq.micrometer.MessagingKey.CLIENT_ID;
import static io.oncemq.micrometer.MessagingKey.DESTINATION;
import static io.oncemq.micrometer.MessagingKey.ERROR_TYPE;
import static io.oncemq.micrometer.MessagingKey.MESSAGE_ID;
import static io.oncemq.micrometer.MessagingKey.OPERATION_NAME;
import static io.oncemq.micrometer.MessagingKey.OPERATION_TYPE;
import static io.oncemq.micrometer.MessagingKey.SYSTEM;

import io.micrometer.common.KeyValues;
import io.oncemq.Receipt;

/** {@code send <destination>}, with the names of OpenTelemetry's messaging conventions. */
public class DefaultPublishObservationConvention implements PublishObservationConvention {
    private static final String SEND = "send";

    @Override
    public String getName() {
        return OnceMqObservation.PUBLISH_NAME;
    }

    @Override
    public String getContextualName(PublishContext context) {
        return SEND + " " + context.destination();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(PublishContext context) {
        return KeyValues.of(
                SYSTEM.withValue(context.system()),
                OPERATION_NAME.withValue(SEND),
                OPERATION_TYPE.withValue(SEND),
                DESTINATION.withValue(context.destination()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(PublishContext context) {
        KeyValues values = KeyValues.of(CLIENT_ID.withValue(context.clientId()));
        String id = context.messageId();
        if (id != null) {
            values = values.and(MESSAGE_ID.withValue(id));
        }
        Throwable failure = context.failure();
        if (failure != null) {
            values = values.and(ERROR_TYPE.withValue(Outcomes.errorType(failure)));
        }
        String key = context.key();
        if (key != null) {
            values = values.and(Places.key(context.system(), key));
        }
        Receipt receipt = context.receipt();
        return receipt == null ? values : values.and(Places.of(context.system(), receipt.position()));
    }
}
