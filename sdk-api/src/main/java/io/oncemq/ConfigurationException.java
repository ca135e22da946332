package io.oncemq;

/**
 * A setting cannot be used as it stands. Thrown while something is built or started, or by the publish of a message that asks for it, before
 * any message is touched.
 */
public class ConfigurationException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String value;
    private final String remedy;

    public ConfigurationException(String property, Object value, String problem, String remedy) {
        super(property + " = " + value + ": " + problem + ". " + remedy);
        this.property = property;
        this.value = String.valueOf(value);
        this.remedy = remedy;
    }

    ConfigurationException(Finding finding, String message) {
        super(message);
        this.property = finding.setting();
        this.value = finding.value();
        this.remedy = finding.remedy();
    }

    /** The name of the setting, as the user wrote it. */
    public String property() {
        return property;
    }

    /** The value that was refused; never a secret. */
    public String value() {
        return value;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
