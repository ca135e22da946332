package io.oncemq;

import java.util.EnumMap;
import java.util.Map;

/** What one broker can do, feature by feature, and what it costs. Immutable and thread-safe. */
public final class Capabilities {
    /** How a feature is had. */
    public enum Level {
        /** By the broker itself. */
        NATIVE,
        /** By OnceMQ on top of the broker. */
        EMULATED,
        /** Not at all: asking for it fails at start. */
        UNSUPPORTED
    }

    /** The level of one feature, with its cost or the reason of its absence in a few words. */
    public record Support(Level level, String note) {}

    private static final Support ABSENT = new Support(Level.UNSUPPORTED, "not offered by this adapter");

    private final String system;
    private final Map<Feature, Support> features;

    private Capabilities(String system, Map<Feature, Support> features) {
        this.system = system;
        this.features = features;
    }

    public static Builder of(String system) {
        return new Builder(system);
    }

    /** The broker's name as OpenTelemetry writes it: {@code kafka}, {@code rabbitmq}, … */
    public String system() {
        return system;
    }

    public Support of(Feature feature) {
        return features.getOrDefault(feature, ABSENT);
    }

    public boolean supports(Feature feature) {
        return of(feature).level() != Level.UNSUPPORTED;
    }

    /**
     * Fails by name when a feature is not there.
     *
     * @throws UnsupportedFeatureException naming the setting that asked for it
     */
    public void require(Feature feature, String property, Object value) {
        Support support = of(feature);
        if (support.level() == Level.UNSUPPORTED) {
            throw new UnsupportedFeatureException(
                    feature,
                    property,
                    value,
                    system + " does not offer " + feature + " (" + support.note() + ")",
                    "Remove the setting or choose a broker whose capabilities list " + feature);
        }
    }

    @Override
    public String toString() {
        return system + features;
    }

    /** Collects supports; a feature that is not named is UNSUPPORTED. Not thread-safe. */
    public static final class Builder {
        private final String system;
        private final Map<Feature, Support> features = new EnumMap<>(Feature.class);

        private Builder(String system) {
            this.system = system;
        }

        public Builder with(Feature feature, Level level, String note) {
            features.put(feature, new Support(level, note));
            return this;
        }

        public Capabilities build() {
            return new Capabilities(system, new EnumMap<>(features));
        }
    }
}
