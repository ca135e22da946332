package io.oncemq.it.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import io.oncemq.PreflightException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;

/** What a call was refused for. */
final class Refused {
    private Refused() {}

    static PreflightException by(ThrowingCallable call) {
        PreflightException refusal = catchThrowableOfType(PreflightException.class, call);
        assertThat(refusal).as("the call was not refused").isNotNull();
        return refusal;
    }

    /** Refused for this one setting and value, and told which, whose, and what to do. */
    static void onlyFor(String setting, String value, ThrowingCallable call) {
        PreflightException refusal = by(call);
        assertThat(settings(refusal.findings(), Severity.VIOLATION)).containsExactly(tuple(setting, value));
        assertThat(settings(refusal.findings(), Severity.UNCHECKED)).isEmpty();
        assertThat(refusal.remedy()).isNotBlank();
        assertThat(refusal).hasMessageContaining(setting + " = " + value).hasMessageContaining(refusal.remedy());
    }

    static List<Tuple> settings(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .map(finding -> tuple(finding.setting(), finding.value()))
                .toList();
    }
}
