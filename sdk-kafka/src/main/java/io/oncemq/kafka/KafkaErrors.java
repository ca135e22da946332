package io.oncemq.kafka;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** What Kafka's exceptions mean here. */
final class KafkaErrors {
    /** A setting as Kafka's texts name it. */
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+(\\.[a-z]+)+\\b");

    private KafkaErrors() {}

    /**
     * What a future of the admin client failed with, as the client's own unchecked exception.
     *
     * @param failure of a future, whose cause is what it failed with
     */
    static RuntimeException raised(Exception failure) {
        return failure.getCause() instanceof RuntimeException cause ? cause : new KafkaException(failure);
    }

    /** The reason if this answer to a record is final: certainly not stored, and a re-send would get the same answer. */
    static @Nullable Reason refusal(Throwable error) {
        if (error instanceof RecordTooLargeException || error instanceof RecordBatchTooLargeException) {
            return Reason.TOO_LARGE;
        }
        if (error instanceof AuthorizationException) {
            return Reason.UNAUTHORIZED;
        }
        if (error instanceof InvalidTopicException) {
            return Reason.UNROUTABLE;
        }
        return error instanceof InvalidRecordException
                        || error instanceof InvalidTimestampException
                        || error instanceof SerializationException
                ? Reason.REFUSED
                : null;
    }

    /** Whether it passes by itself. */
    static boolean passing(Throwable error) {
        return error instanceof RetriableException
                || error instanceof RebalanceInProgressException
                || error instanceof CommitFailedException;
    }

    /** The exception that a caller of ours shall see. */
    static MessagingException translate(String doing, Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        MessagingException access = AccessErrors.explain(doing, error);
        if (access != null) {
            return access;
        }
        MessagingException configuration = configuration(doing, error);
        if (configuration != null) {
            return configuration;
        }
        if (error instanceof RetriableException || error instanceof InterruptException) {
            return new ConnectionException(doing + " was not answered in time: " + error.getMessage(), error);
        }
        return new MessagingException(doing + " failed: " + error, error);
    }

    private static @Nullable MessagingException configuration(String doing, Throwable cause) {
        if (cause instanceof InvalidTopicException
                || cause instanceof InvalidReplicationFactorException
                || cause instanceof InvalidPartitionsException
                || cause instanceof InvalidConfigurationException
                || cause instanceof PolicyViolationException) {
            return new ConfigurationException(
                    doing, "(refused)", String.valueOf(cause.getMessage()), "Correct it or ask the broker's operator");
        }
        return null;
    }

    /**
     * What the constructor of a client threw. The client's own text can quote a credential, so only the setting's name is
     * taken from it, and no cause.
     */
    static MessagingException construction(KafkaException error, String servers) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof MessagingException ours) {
                return ours;
            }
            if (cause instanceof ApiException) {
                return translate("connecting", cause);
            }
            if (cause instanceof LoginException) {
                return new AuthenticationException(
                        "sasl.jaas.config",
                        "***",
                        "no credentials are available ("
                                + innermost(error).getClass().getSimpleName() + ")",
                        "Check the login, and the supplier of tokens if there is one",
                        null);
            }
            if (cause instanceof ConfigException && cause.getMessage() != null) {
                return invalid(cause.getMessage(), servers);
            }
        }
        return new ConfigurationException(
                "kafka client",
                "***",
                "could not be built (" + innermost(error).getClass().getSimpleName() + ")",
                "Check the security.*, sasl.* and ssl.* properties");
    }

    private static MessagingException invalid(String text, String servers) {
        if (text.contains(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            return new ConfigurationException(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    redacted(servers),
                    text.startsWith("No resolvable")
                            ? "none of the hosts has an address (DNS)"
                            : "is not a list of host:port",
                    "Write for example broker-1:9092,broker-2:9092");
        }
        boolean security = text.contains("sasl.") || text.contains("ssl.") || text.contains("JAAS");
        return new ConfigurationException(
                setting(text), "***", security ? "a security property is invalid" : text, "Correct the property");
    }

    /** Addresses without what may be a login. */
    static String redacted(String servers) {
        return servers.replaceAll("[^,]*@", "***@");
    }

    /** Only what is known to be a setting, for a secret can have dots as well. */
    private static String setting(String text) {
        return NAME.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(ProducerConfig.configNames()::contains)
                .findFirst()
                .orElse("kafka client");
    }

    private static Throwable innermost(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
