package io.oncemq.testkit.kit.store;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;

/** A way in which a store can break its promises, and the test of the kits that must notice. */
enum StoreDefect {
    GRANTS_A_CLAIM_TWICE(IdempotencyStoreKit.Busy.class, "oneOfMany") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.BUSY ? StoreAnswer.claimed(Kind.ACQUIRED, 1, 0, false) : answer;
        }
    },
    TAKES_A_REPETITION_FOR_A_STRANGER(IdempotencyStoreKit.Repetition.class, "repeatedClaimIsMine") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.MINE ? StoreAnswer.busy(Duration.ofSeconds(1)) : answer;
        }
    },
    FORGETS_WHAT_IS_DONE(IdempotencyStoreKit.Completion.class, "doneForEverybody") {
        @Override
        StoreCommand command(StoreCommand command) {
            return command.type() == Type.COMPLETE ? as(Type.RELEASE, command) : command;
        }
    },
    IGNORES_ANOTHER_PAYLOAD(IdempotencyStoreKit.Completion.class, "doneForEverybody") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.DONE ? StoreAnswer.done(false) : answer;
        }
    },
    ANSWERS_DONE_FOR_BUSY(IdempotencyStoreKit.Busy.class, "busyTellsTheRemainingTime") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.BUSY ? StoreAnswer.done(false) : answer;
        }
    },
    LETS_A_STOLEN_COMPLETION_SUCCEED(IdempotencyStoreKit.Completion.class, "stolenWhenAnotherTook") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            boolean stolen = command.type() == Type.COMPLETE && answer.kind() == Kind.STOLEN;
            return stolen ? StoreAnswer.of(Kind.OK) : answer;
        }
    },
    HIDES_THAT_A_COMPLETION_IS_LATE(IdempotencyStoreKit.Completion.class, "lateWhenNobodyTook") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.LATE ? StoreAnswer.of(Kind.OK) : answer;
        }
    },
    LOSES_THE_ATTEMPT_COUNT(IdempotencyStoreKit.Leases.class, "releasedClaimIsFree") {
        @Override
        StoreCommand command(StoreCommand command) {
            return command.type() == Type.START ? StoreCommand.of(Type.START, command.id(), command.owner()) : command;
        }
    },
    NEVER_RENEWS(IdempotencyStoreKit.Leases.class, "renewedClaimStays") {
        @Override
        StoreCommand command(StoreCommand command) {
            return command.type() == Type.RENEW
                    ? StoreCommand.of(Type.RENEW, new RecordId(7, 7, 7), command.owner())
                    : command;
        }

        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return command.type() == Type.RENEW ? StoreAnswer.of(Kind.OK) : answer;
        }
    },
    LEASE_NEVER_LAPSES(IdempotencyStoreKit.Busy.class, "takenOverAfterTheRemainingTime") {
        @Override
        Duration lease(Duration lease) {
            return Duration.ofDays(365);
        }
    },
    LEASE_LAPSES_EARLY(IdempotencyStoreKit.Leases.class, "renewedClaimStays") {
        @Override
        Duration lease(Duration lease) {
            return lease.dividedBy(4);
        }
    },
    REPEATS_WHAT_IS_IN_DOUBT(IdempotencyStoreKit.Busy.class, "startedAndGone") {
        @Override
        CrashPolicy policy(CrashPolicy policy) {
            return CrashPolicy.REPROCESS;
        }
    },
    HANDS_A_DEAD_LETTER_TO_THE_HANDLER(IdempotencyStoreKit.DeadLetters.class, "resumedByAnother") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.kind() == Kind.DEAD_LETTERING
                    ? StoreAnswer.claimed(Kind.ACQUIRED, answer.token(), answer.attempt(), false)
                    : answer;
        }
    },
    LOSES_THE_CAUSE_OF_A_DEAD_LETTER(IdempotencyStoreKit.DeadLetters.class, "causeIsKept") {
        @Override
        StoreCommand command(StoreCommand command) {
            return command.because("");
        }
    },
    SUPPRESSES_A_REDRIVE(IdempotencyStoreKit.DeadLetters.class, "redrivenOnce") {
        @Override
        StoreCommand command(StoreCommand command) {
            return new StoreCommand(
                    command.type(),
                    command.id(),
                    command.owner(),
                    0,
                    command.attempt(),
                    command.fingerprint(),
                    false,
                    command.cause());
        }
    },
    SHARES_CLAIMS_AMONG_GROUPS(IdempotencyStoreKit.Names.class, "groupsAreApart") {
        @Override
        String group(String group) {
            return "all";
        }
    },
    LOOKS_AT_HALF_OF_AN_ID(IdempotencyStoreKit.Names.class, "idsAreToldApartByEveryByte") {
        @Override
        StoreCommand command(StoreCommand command) {
            RecordId id = command.id();
            return new StoreCommand(
                    command.type(),
                    new RecordId(id.high(), 0, id.keyHash()),
                    command.owner(),
                    command.generation(),
                    command.attempt(),
                    command.fingerprint(),
                    command.repeated(),
                    command.cause());
        }
    },
    TOKEN_GOES_BACK(StoreEnduranceKit.Tokens.class, "growFromClaimToClaim") {
        @Override
        StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
            return answer.token() == 0
                    ? answer
                    : StoreAnswer.claimed(
                            answer.kind(), Long.MAX_VALUE - answer.token(), answer.attempt(), answer.suspect());
        }
    },
    FORGETS_EARLY(StoreEnduranceKit.Memory.class, "staysDone") {
        @Override
        Duration rememberFor(Duration promised) {
            return promised.dividedBy(2);
        }
    },
    NEVER_FORGETS(StoreEnduranceKit.Memory.class, "isForgotten") {
        @Override
        Duration rememberFor(Duration promised) {
            return Duration.ofDays(365);
        }
    },
    ANSWERS_IN_ANOTHER_ORDER(StoreEnduranceKit.Batches.class, "orderWithinABatch") {
        @Override
        boolean reversesAnswers() {
            return true;
        }
    },
    FORGETS_SILENTLY(DataLossKit.Amnesia.class, "waitsForALease") {
        @Override
        boolean remembersWhatItKnew() {
            return false;
        }
    },
    LOSES_THE_CLAIM_OF_A_RUNNING_HANDLER(DataLossKit.Amnesia.class, "runningHandlerKeepsItsClaim") {
        @Override
        StoreCommand command(StoreCommand command) {
            return command.type() == Type.RENEW ? StoreCommand.of(Type.RENEW, command.id(), command.owner()) : command;
        }
    };

    final Class<?> promise;
    final String test;

    StoreDefect(Class<?> promise, String test) {
        this.promise = promise;
        this.test = test;
    }

    StoreCommand command(StoreCommand command) {
        return command;
    }

    StoreAnswer answer(StoreCommand command, StoreAnswer answer) {
        return answer;
    }

    Duration lease(Duration lease) {
        return lease;
    }

    Duration rememberFor(Duration promised) {
        return promised;
    }

    CrashPolicy policy(CrashPolicy policy) {
        return policy;
    }

    String group(String group) {
        return group;
    }

    boolean reversesAnswers() {
        return false;
    }

    boolean remembersWhatItKnew() {
        return true;
    }

    private static StoreCommand as(Type type, StoreCommand command) {
        return StoreCommand.of(type, command.id(), command.owner());
    }
}
