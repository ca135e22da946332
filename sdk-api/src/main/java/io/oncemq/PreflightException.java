package io.oncemq;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Settings of the broker or the store cannot keep what {@link Profile#DURABLE} promises. Names all of them at once. Thrown before
 * any message is touched and before anything is created.
 */
public final class PreflightException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final Finding[] findings;

    /** @param findings at least one, the most important first */
    public PreflightException(List<Finding> findings) {
        super(findings.get(0), text(findings));
        this.findings = findings.toArray(Finding[]::new);
    }

    /** Everything that was found; {@link #property}, {@link #value} and {@link #remedy} are those of the first. */
    public List<Finding> findings() {
        return List.of(findings);
    }

    private static String text(List<Finding> findings) {
        String lines = findings.stream().map(finding -> "\n  " + finding).collect(Collectors.joining());
        return "the profile DURABLE is refused:" + lines
                + "\nOn servers for development, whose data may be lost, use MessagingClient.builder().profile(Profile.DEV)";
    }
}
