package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Finding;
import io.oncemq.PreflightException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells a start that failed by a setting in the words of the setting: its name, its value, the remedy. */
final class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<ConfigurationException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfigurationException cause) {
        if (cause instanceof PreflightException refused) {
            return preflight(refused);
        }
        return new FailureAnalysis(
                cause.property() + " = " + cause.value() + ": " + SettingName.problem(cause) + ".",
                cause.remedy() + (cause.remedy().endsWith("?") ? "" : "."),
                cause);
    }

    private static FailureAnalysis preflight(PreflightException refused) {
        String findings =
                refused.findings().stream().map(Finding::toString).collect(Collectors.joining("\n  - ", "  - ", ""));
        return new FailureAnalysis(
                "The settings of broker or store can lose messages, which the profile DURABLE refuses:\n" + findings,
                "Set what is named above. On servers for development, whose data may be lost, set oncemq.profile=DEV in the"
                        + " application's configuration.",
                refused);
    }
}
