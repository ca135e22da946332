package io.oncemq.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** Every observation of {@link OnceMqObservations}, with its key values. docs/observability.md lists the same. */
public enum OnceMqObservation implements ObservationDocumentation {
    /** One publish, from the call to its outcome. */
    PUBLISH {
        @Override
        public String getName() {
            return PUBLISH_NAME;
        }

        @Override
        public String getContextualName() {
            return "send <destination>";
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultPublishObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {
                MessagingKey.SYSTEM, MessagingKey.OPERATION_NAME, MessagingKey.OPERATION_TYPE, MessagingKey.DESTINATION
            };
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return new KeyName[] {
                MessagingKey.CLIENT_ID,
                MessagingKey.MESSAGE_ID,
                MessagingKey.ERROR_TYPE,
                MessagingKey.PARTITION,
                MessagingKey.KAFKA_OFFSET,
                MessagingKey.KAFKA_KEY,
                MessagingKey.MESSAGE_KEY
            };
        }
    },
    /** One attempt to handle a message, until the handler returns or its stage completes. */
    PROCESS {
        @Override
        public String getName() {
            return PROCESS_NAME;
        }

        @Override
        public String getContextualName() {
            return "process <destination>";
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultProcessObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {
                MessagingKey.SYSTEM,
                MessagingKey.OPERATION_NAME,
                MessagingKey.OPERATION_TYPE,
                MessagingKey.DESTINATION,
                MessagingKey.GROUP
            };
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return new KeyName[] {
                MessagingKey.CLIENT_ID,
                MessagingKey.MESSAGE_ID,
                MessagingKey.ATTEMPT,
                MessagingKey.ERROR_TYPE,
                MessagingKey.PARTITION,
                MessagingKey.KAFKA_OFFSET,
                MessagingKey.KAFKA_KEY,
                MessagingKey.MESSAGE_KEY,
                MessagingKey.REPLAY
            };
        }
    };

    static final String PUBLISH_NAME = "oncemq.publish";
    static final String PROCESS_NAME = "oncemq.process";
}
