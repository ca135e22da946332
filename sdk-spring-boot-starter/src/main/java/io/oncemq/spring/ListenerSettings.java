package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.BackOff;
import io.oncemq.ConfigurationException;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.MessageFilter;
import io.oncemq.PreflightException;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.SubscriptionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of one listener: its annotation over the defaults, and its own properties over both. */
final class ListenerSettings {
    /**
     * Where settings come from.
     *
     * @param name how a setting is called there
     */
    record Layer(ListenerProperties values, Function<String, String> name) {}

    /** A value with the name under which it was written. */
    private record Chosen<V>(V value, String name) {}

    private final String id;
    private final List<Layer> strongestFirst;

    ListenerSettings(String id, List<Layer> strongestFirst) {
        this.id = id;
        this.strongestFirst = strongestFirst;
    }

    String client() {
        Chosen<String> client = choose("client", ListenerProperties::getClient);
        return client == null ? ClientNames.DEFAULT : client.value();
    }

    String destination() {
        return required("destination", ListenerProperties::getDestination, "orders");
    }

    String group() {
        return required("group", ListenerProperties::getGroup, "billing");
    }

    boolean autoStartup() {
        Chosen<Boolean> auto = choose("auto-startup", ListenerProperties::getAutoStartup);
        return auto == null || auto.value();
    }

    boolean restart() {
        Chosen<Boolean> restart = choose("restart", ListenerProperties::getRestart);
        return restart == null || restart.value();
    }

    /**
     * How long to wait before a restart.
     *
     * @throws ConfigurationException if a wait is out of range
     */
    Restarts.Waiting restartWaiting() {
        Duration first = waited("restart-initial-delay", ListenerProperties::getRestartInitialDelay, Restarts.FIRST);
        Duration longest = waited("restart-max-delay", ListenerProperties::getRestartMaxDelay, Restarts.LONGEST);
        boolean given = choose("", ListenerProperties::getRestartMaxDelay) != null;
        if (given && longest.compareTo(first) < 0) {
            throw new ConfigurationException(
                    nameOf("restart-max-delay", ListenerProperties::getRestartMaxDelay),
                    longest,
                    "is shorter than "
                            + nameOf("restart-initial-delay", ListenerProperties::getRestartInitialDelay) + " = "
                            + first,
                    "Raise it, or lower the other");
        }
        return new Restarts.Waiting(first, longest.compareTo(first) < 0 ? first : longest);
    }

    private Duration waited(
            String setting, Function<ListenerProperties, @Nullable Duration> getter, Duration otherwise) {
        Chosen<Duration> chosen = choose(setting, getter);
        if (chosen == null) {
            return otherwise;
        }
        Duration wait = chosen.value();
        if (wait.compareTo(Restarts.SHORTEST) < 0 || wait.compareTo(Restarts.MOST) > 0) {
            throw new ConfigurationException(chosen.name(), wait, "is out of range", "Use 100 ms to 1 hour");
        }
        return wait;
    }

    void apply(SubscriptionBuilder<?> builder) {
        set("group", ListenerProperties::getGroup, builder::group);
        set("broadcast", ListenerProperties::getBroadcast, builder::broadcast);
        set("concurrency", ListenerProperties::getConcurrency, builder::concurrency);
        set("max-in-flight", ListenerProperties::getMaxInFlight, builder::maxInFlight);
        set(
                "max-in-flight-bytes",
                ListenerProperties::getMaxInFlightBytes,
                size -> builder.maxInFlightBytes(size.toBytes()));
        set("ordering", ListenerProperties::getOrdering, builder::ordering);
        set("crash-policy", ListenerProperties::getCrashPolicy, builder::crashPolicy);
        set("lease", ListenerProperties::getLease, builder::lease);
        set("handler-timeout", ListenerProperties::getHandlerTimeout, builder::handlerTimeout);
        set("drain-timeout", ListenerProperties::getDrainTimeout, builder::drainTimeout);
        set("start-at", ListenerProperties::getStartAt, text -> builder.startAt(startAt(text)));
        set("on-lost-positions", ListenerProperties::getOnLostPositions, builder::onLostPositions);
        filter(builder);
        builder.retry(retry());
        builder.deadLetter(deadLetter());
        restartWaiting();
    }

    /** What starting the subscription refused, under the name that the user wrote or could write. */
    RuntimeException told(RuntimeException refusal) {
        if (refusal instanceof PreflightException || !(refusal instanceof ConfigurationException e)) {
            return refusal;
        }
        if (e.property().equals("clusterName")) {
            String prefix = ClientNames.prefix(client());
            return SettingName.renamed(
                    prefix + "cluster-name",
                    e,
                    e.remedy().replaceAll("call acceptCluster\\(\"(.*)\"\\)", "set " + prefix + "accept-cluster=$1"));
        }
        String setting = setting(e.property());
        String remedy = setting.equals("destination") || setting.equals("group") || setting.equals("dead-letter")
                ? "Create it: by a bean DestinationSpec.builder(\"" + destination() + "\").group(\"" + group()
                        + "\").build(), by oncemq.destinations." + destination() + ".groups=" + group()
                        + ", or by the broker's own tools"
                : e.remedy();
        String name = strongestFirst.stream()
                .filter(layer -> isSet(layer.values(), setting))
                .map(layer -> layer.name().apply(setting))
                .findFirst()
                .orElse("oncemq.listeners." + id + "." + setting);
        return SettingName.renamed(name, e, remedy);
    }

    private String setting(String property) {
        return switch (property) {
            case "deadLetter.destination" -> "dead-letter";
            case "filter" ->
                choose("", values -> values.getFilter().getTypes()) == null ? "filter.sql" : "filter.types";
            default -> kebab(property);
        };
    }

    private static boolean isSet(ListenerProperties values, String setting) {
        return switch (setting) {
            case "destination" -> values.getDestination() != null;
            case "group" -> values.getGroup() != null;
            case "dead-letter" -> values.getDeadLetter() != null;
            case "concurrency" -> values.getConcurrency() != null;
            case "max-in-flight" -> values.getMaxInFlight() != null;
            case "ordering" -> values.getOrdering() != null;
            case "crash-policy" -> values.getCrashPolicy() != null;
            case "start-at" -> values.getStartAt() != null;
            case "handler-timeout" -> values.getHandlerTimeout() != null;
            case "broadcast" -> values.getBroadcast() != null;
            case "filter.types" -> values.getFilter().getTypes() != null;
            case "filter.sql" -> values.getFilter().getSql() != null;
            default -> false;
        };
    }

    /** Of the strongest layer that has one; types and a condition of two layers do not mix. */
    private void filter(SubscriptionBuilder<?> builder) {
        for (Layer layer : strongestFirst) {
            List<String> types = layer.values().getFilter().getTypes();
            String sql = layer.values().getFilter().getSql();
            if (types != null && sql != null) {
                throw new ConfigurationException(
                        layer.name().apply("filter.sql"),
                        sql,
                        "is set together with " + layer.name().apply("filter.types") + ", and a group has one filter",
                        "Remove one of the two; a condition can name types as well");
            }
            if (types != null) {
                named(
                        layer.name().apply("filter.types"),
                        () -> builder.filter(MessageFilter.types(types.toArray(String[]::new))));
            } else if (sql != null) {
                named(layer.name().apply("filter.sql"), () -> builder.filter(MessageFilter.sql(sql)));
            } else {
                continue;
            }
            return;
        }
    }

    private RetryPolicy retry() {
        RetryPolicy defaults = RetryPolicy.defaults();
        BackOff wait = defaults.backOff();
        Duration initial = retried(RetryProperties::getInitialDelay, wait.initial());
        Duration longest =
                retried(RetryProperties::getMaxDelay, initial.compareTo(wait.max()) > 0 ? initial : wait.max());
        BackOff backOff = named(
                retryName(),
                () -> BackOff.builder()
                        .initial(initial)
                        .max(longest)
                        .multiplier(retried(RetryProperties::getMultiplier, wait.multiplier()))
                        .jitter(retried(RetryProperties::getJitter, wait.jitter()))
                        .build());
        Set<Class<? extends Throwable>> none = Set.of();
        return named(
                nameOf("retry.max-attempts", values -> values.getRetry().getMaxAttempts()),
                () -> RetryPolicy.builder()
                        .backOff(backOff)
                        .maxAttempts(retried(RetryProperties::getMaxAttempts, defaults.maxAttempts()))
                        .retryOn(retried(RetryProperties::getRetryOn, none))
                        .deadLetterOn(retried(RetryProperties::getDeadLetterOn, none))
                        .build());
    }

    private String retryName() {
        String longest = nameOf("retry.max-delay", values -> values.getRetry().getMaxDelay());
        return choose("", values -> values.getRetry().getMaxDelay()) == null
                ? nameOf("retry.initial-delay", values -> values.getRetry().getInitialDelay())
                : longest;
    }

    private <V> V retried(Function<RetryProperties, @Nullable V> getter, V otherwise) {
        Chosen<V> chosen = choose("retry", values -> getter.apply(values.getRetry()));
        return chosen == null ? otherwise : chosen.value();
    }

    private DeadLetterPolicy deadLetter() {
        Chosen<String> destination = choose("dead-letter", ListenerProperties::getDeadLetter);
        Chosen<DeadLetterPolicy.OnExhausted> exhausted = choose("on-exhausted", ListenerProperties::getOnExhausted);
        Chosen<DeadLetterPolicy.TooLarge> tooLarge =
                choose("dead-letter-too-large", ListenerProperties::getDeadLetterTooLarge);
        DeadLetterPolicy.Builder policy = DeadLetterPolicy.builder();
        if (exhausted != null) {
            policy.onExhausted(exhausted.value());
        }
        if (destination != null) {
            policy.to(destination.value());
        }
        if (tooLarge != null) {
            policy.tooLarge(tooLarge.value());
        }
        return policy.build();
    }

    private static StartPosition startAt(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "earliest":
                return StartPosition.EARLIEST;
            case "latest":
                return StartPosition.LATEST;
            default:
                try {
                    return StartPosition.at(Instant.parse(text));
                } catch (DateTimeParseException e) {
                    throw new ConfigurationException(
                            "startAt",
                            text,
                            "is not a start position",
                            "Use earliest, latest or an instant such as 2026-01-31T00:00:00Z");
                }
        }
    }

    private String required(String setting, Function<ListenerProperties, @Nullable String> getter, String example) {
        Chosen<String> chosen = choose(setting, getter);
        if (chosen == null || chosen.value().isBlank()) {
            throw new ConfigurationException(
                    chosen == null ? "oncemq.listeners." + id + "." + setting : chosen.name(),
                    "(none)",
                    "the listener " + id + " has no " + setting,
                    "Give it in the annotation, as @OnceListener(" + setting + " = \"" + example
                            + "\"), or set oncemq.listeners." + id + "." + setting);
        }
        return chosen.value();
    }

    private <V> void set(String setting, Function<ListenerProperties, @Nullable V> getter, Consumer<V> setter) {
        Chosen<V> chosen = choose(setting, getter);
        if (chosen != null) {
            named(chosen.name(), () -> setter.accept(chosen.value()));
        }
    }

    private <V> String nameOf(String setting, Function<ListenerProperties, @Nullable V> getter) {
        Chosen<V> chosen = choose(setting, getter);
        return chosen == null ? "oncemq.listeners." + id + "." + setting : chosen.name();
    }

    private <V> @Nullable Chosen<V> choose(String setting, Function<ListenerProperties, @Nullable V> getter) {
        for (Layer layer : strongestFirst) {
            V value = getter.apply(layer.values());
            if (value != null) {
                return new Chosen<>(value, layer.name().apply(setting));
            }
        }
        return null;
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
