package io.oncemq.testkit.kit.store;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The store in memory, sound but for its defect. */
final class BrokenStore implements IdempotencyStore {
    private final IdempotencyStore sound;
    private final StoreDefect defect;

    private BrokenStore(IdempotencyStore sound, StoreDefect defect) {
        this.sound = sound;
        this.defect = defect;
    }

    /** @param defect null for none */
    static StoreFixture fixture(@Nullable StoreDefect defect) {
        InProcessFixture sound = new InProcessFixture();
        return new StoreFixture() {
            @Override
            public Set<StoreAbility> abilities() {
                return sound.abilities();
            }

            @Override
            public IdempotencyStore open(Client client) {
                return defect == null
                        ? sound.open(client)
                        : new BrokenStore(
                                sound.open(client.rememberFor(defect.rememberFor(client.rememberFor()))), defect);
            }

            @Override
            public void pass(Duration time) {
                sound.pass(time);
            }

            @Override
            public long nanoTime() {
                return sound.nanoTime();
            }

            @Override
            public void loseData() {
                sound.loseData();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
        ClaimStore first = soundClaims(group, crashPolicy, lease);
        return new ClaimStore() {
            @Override
            public List<StoreAnswer> apply(List<StoreCommand> commands) {
                ClaimStore claims = defect.remembersWhatItKnew() ? first : soundClaims(group, crashPolicy, lease);
                List<StoreAnswer> answers =
                        claims.apply(commands.stream().map(defect::command).toList());
                List<StoreAnswer> broken = new ArrayList<>();
                for (int i = 0; i < commands.size(); i++) {
                    broken.add(defect.answer(commands.get(i), answers.get(i)));
                }
                if (defect.reversesAnswers()) {
                    Collections.reverse(broken);
                }
                return broken;
            }

            @Override
            public int dataLosses() {
                return first.dataLosses();
            }

            @Override
            public void close() {}
        };
    }

    private ClaimStore soundClaims(String group, CrashPolicy crashPolicy, Duration lease) {
        return sound.group(defect.group(group), defect.policy(crashPolicy), defect.lease(lease));
    }

    @Override
    public void close() {
        sound.close();
    }
}
