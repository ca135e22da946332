package io.oncemq.torture;

import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.torture.history.Recorder;
import java.util.List;

/** Writes down what the engine asks the store, and what it answers. */
final class WitnessedClaims implements ClaimStore {
    private final ClaimStore claims;
    private final Recorder recorder;
    private final Orders orders;
    private final MessageNames names;

    WitnessedClaims(ClaimStore claims, Recorder recorder, Orders orders, MessageNames names) {
        this.claims = claims;
        this.recorder = recorder;
        this.orders = orders;
        this.names = names;
    }

    @Override
    public List<StoreAnswer> apply(List<StoreCommand> commands) {
        List<String> ids = commands.stream().map(each -> names.idOf(each.id())).toList();
        for (int i = 0; i < commands.size(); i++) {
            StoreCommand command = commands.get(i);
            recorder.storeAsked(command.type(), ids.get(i), command.owner().delivery());
        }
        pass(commands, Hook.BEFORE_CLAIM, Hook.BEFORE_DONE);
        List<StoreAnswer> answers = claims.apply(commands);
        for (int i = 0; i < commands.size(); i++) {
            StoreCommand command = commands.get(i);
            StoreAnswer answer = answers.get(i);
            recorder.storeAnswered(
                    command.type(), ids.get(i), command.owner().delivery(), answer.kind(), answer.token());
        }
        pass(commands, Hook.AFTER_CLAIM, Hook.AFTER_DONE);
        return answers;
    }

    private void pass(List<StoreCommand> commands, Hook atClaim, Hook atDone) {
        for (StoreCommand command : commands) {
            switch (command.type()) {
                case CLAIM -> orders.at(atClaim);
                case COMPLETE, DEAD_LETTERED -> orders.at(atDone);
                default -> {}
            }
        }
    }

    @Override
    public int dataLosses() {
        return claims.dataLosses();
    }

    @Override
    public void close() {
        claims.close();
    }
}
