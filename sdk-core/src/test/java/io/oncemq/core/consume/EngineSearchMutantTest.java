package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.core.consume.EngineWorld.Nature;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The search is worth its time only if it finds an engine that lacks a protection. Each mutant is a defect that the engine once had. */
@Timeout(120)
class EngineSearchMutantTest {
    @TempDir
    private Path folder;

    /** A file, the text without which the protection is gone, a world that needs it, and what is seen there. */
    enum Mutant {
        COMPARES_THE_TOKENS_OF_IDS_IN_DOUBT(
                "Lane",
                " && work.verdict == Work.Verdict.HANDLE",
                "",
                "crashes 1 reversals 1",
                Nature.HEALTHY,
                "no end without further faults"),
        ACCEPTS_QUARANTINE_WITH_BLOCK(
                "SubscriptionSpec",
                "crashPolicy == CrashPolicy.QUARANTINE && deadLetter",
                "false && deadLetter",
                "crashes 1",
                Nature.FAILS_ONCE,
                "a started handler runs again"),
        CLOSES_WHILE_CLAIMS_ARE_UNDER_WAY(
                "Handover",
                " && (held || claims.awaited() == 0)",
                "",
                "closes 1",
                Nature.HEALTHY,
                "a claim is busy whose owner has closed"),
        KEEPS_CLAIMS_THAT_ARE_ANSWERED_TOO_LATE(
                "LaneEngine",
                "                work.move(WorkEvent.CLAIM_GRANTED);\n                claims.release(work);",
                "                work.move(WorkEvent.CLAIM_GRANTED);",
                "closes 1",
                Nature.HEALTHY,
                "a claim is busy whose owner has closed"),
        ACKNOWLEDGES_BEFORE_DONE(
                "LaneEngine",
                "        if (work.claimed) {\n            work.move(WorkEvent.HANDLED);\n            claims.complete(work);\n        } else {",
                "        {",
                "crashes 1",
                Nature.HEALTHY,
                "acknowledged before it was settled");

        private final String file;
        private final String text;
        private final String replacement;
        private final String faults;
        private final Nature nature;
        private final String seen;

        Mutant(String type, String text, String replacement, String faults, Nature nature, String seen) {
            this.file = "io/oncemq/core/consume/" + type + ".java";
            this.text = text;
            this.replacement = replacement;
            this.faults = faults;
            this.nature = nature;
            this.seen = seen;
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsTheMissingProtection(Mutant mutant) throws Exception {
        SourceMutant engine = new SourceMutant(folder, mutant.file, mutant.text, mutant.replacement);
        // A mutant that does not even start would prove nothing.
        Class<?> violation = engine.loadClass(EngineWorld.Violation.class.getName());
        assertThatThrownBy(() -> search(engine, mutant.faults, mutant.nature))
                .isInstanceOf(violation)
                .hasMessageStartingWith(mutant.seen);
    }

    private static void search(ClassLoader engine, String faults, Nature nature) throws Throwable {
        Class<?> natures = engine.loadClass(Nature.class.getName());
        Method run = engine.loadClass(EngineSearch.class.getName()).getDeclaredMethod("run", String.class, natures);
        run.setAccessible(true);
        try {
            run.invoke(null, faults, natures.getEnumConstants()[nature.ordinal()]);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
