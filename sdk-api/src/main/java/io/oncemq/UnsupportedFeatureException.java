package io.oncemq;

/**
 * A feature was asked for that the broker or this version does not have. Thrown at start, or by the publish that asks for it; no message
 * is touched.
 */
public final class UnsupportedFeatureException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final Feature feature;

    public UnsupportedFeatureException(Feature feature, String property, Object value, String problem, String remedy) {
        super(property, value, problem, remedy);
        this.feature = feature;
    }

    public Feature feature() {
        return feature;
    }
}
