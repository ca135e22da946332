package io.oncemq.testkit.kit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kits let a sound store pass, and catch each deliberate defect. */
class StoreKitsTest {
    private static volatile @Nullable StoreDefect defect;

    /** Run by this test only, with the defect that it has chosen. */
    static final class Claims extends IdempotencyStoreKit {
        private final StoreFixture fixture = BrokenStore.fixture(defect);

        @Override
        protected StoreFixture fixture() {
            return fixture;
        }
    }

    static final class Endurance extends StoreEnduranceKit {
        private final StoreFixture fixture = BrokenStore.fixture(defect);

        @Override
        protected StoreFixture fixture() {
            return fixture;
        }
    }

    static final class DataLoss extends DataLossKit {
        private final StoreFixture fixture = BrokenStore.fixture(defect);

        @Override
        protected StoreFixture fixture() {
            return fixture;
        }
    }

    @ParameterizedTest
    @EnumSource
    void catchesTheDefect(StoreDefect each) {
        defect = each;
        assertThat(run(each)).containsExactly(TestExecutionResult.Status.FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void letsASoundStorePass(StoreDefect each) {
        defect = null;
        assertThat(run(each)).containsExactly(TestExecutionResult.Status.SUCCESSFUL);
    }

    private static Class<?> kit(StoreDefect each) {
        Class<?> kit = each.promise.getEnclosingClass();
        return kit == DataLossKit.class
                ? DataLoss.class
                : kit == StoreEnduranceKit.class ? Endurance.class : Claims.class;
    }

    /** Runs the test that must notice the defect; how it ended. */
    private static List<TestExecutionResult.Status> run(StoreDefect each) {
        List<TestExecutionResult.Status> ends = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectNestedMethod(List.of(kit(each)), each.promise, each.test))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    ends.add(result.getStatus());
                                }
                            }
                        });
        return ends;
    }
}
