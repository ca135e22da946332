package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The commands of one shard that go into one script call, as the script reads them (see claims.lua).
 *
 * @param positions where each command, and so its answer, stands in the caller's list
 */
record ShardCall(int shard, int[] positions) {
    static final int HEADER_BYTES = 31;
    static final int COMMAND_BYTES = 45;

    private static final int REPEATED = 8;
    private static final int PLAIN = 16;
    private static final int CAUSE = 32;

    /** @param again whether an earlier try of the call may have been applied */
    byte[] encode(GroupSettings settings, ShardMark mark, List<StoreCommand> commands, boolean again) {
        ByteBuffer out = ByteBuffer.allocate(size(commands));
        putSixBytes(out, settings.lease().toMillis());
        putSixBytes(out, settings.rememberFor().toMillis());
        out.putShort((short) settings.fill());
        out.put((byte) ((settings.quarantine() ? 1 : 0) + (mark.known() ? 2 : 0) + (settings.instance() ? 4 : 0)));
        out.putLong(mark.marker()).putLong(mark.token());
        for (int position : positions) {
            put(out, again ? commands.get(position).repeat() : commands.get(position));
        }
        return out.array();
    }

    private int size(List<StoreCommand> commands) {
        int size = HEADER_BYTES + positions.length * COMMAND_BYTES;
        for (int position : positions) {
            String cause = commands.get(position).cause();
            size += cause.isEmpty() ? 0 : 1 + cause.getBytes(UTF_8).length;
        }
        return size;
    }

    private static void put(ByteBuffer out, StoreCommand command) {
        RecordId id = command.id();
        out.put(operation(command));
        out.putLong(id.high()).putLong(id.low());
        out.putLong(command.owner().process()).putLong(command.owner().delivery());
        out.putInt(command.fingerprint()).putInt(command.generation()).putInt(command.attempt());
        if (!command.cause().isEmpty()) {
            byte[] cause = command.cause().getBytes(UTF_8);
            out.put((byte) cause.length).put(cause);
        }
    }

    private static byte operation(StoreCommand command) {
        int flags = 0;
        if (command.repeated()) {
            flags = REPEATED;
        } else if (command.generation() == 0 && (command.attempt() == 0 || command.type() == Type.COMPLETE)) {
            flags = PLAIN;
        }
        return (byte) (command.type().ordinal() + flags + (command.cause().isEmpty() ? 0 : CAUSE));
    }

    private static void putSixBytes(ByteBuffer out, long value) {
        out.putShort((short) (value >>> 32)).putInt((int) value);
    }

    /** @param lost whether the caller learns by this that the shard has lost data */
    record Reply(long marker, long lastToken, boolean lost) {}

    Reply decode(byte[] reply, StoreAnswer[] answers) {
        ByteBuffer in = ByteBuffer.wrap(reply);
        long first = in.getLong();
        long marker = in.getLong();
        boolean lost = in.get() == 1;
        long token = first;
        for (int position : positions) {
            StoreAnswer answer = answer(in, token);
            if (answer.token() != 0) {
                token++;
            }
            answers[position] = answer;
        }
        return new Reply(marker, token == first ? 0 : token - 1, lost);
    }

    private static String cause(ByteBuffer in) {
        byte[] text = new byte[in.get() & 0xff];
        in.get(text);
        return new String(text, UTF_8);
    }

    private static StoreAnswer answer(ByteBuffer in, long token) {
        byte letter = in.get();
        return switch (letter) {
            case 'A' -> StoreAnswer.claimed(Kind.ACQUIRED, token, 0, false);
            case 'a' -> StoreAnswer.claimed(Kind.ACQUIRED, token, in.getInt(), in.get() == 1);
            case 'm' -> StoreAnswer.claimed(Kind.MINE, token, in.getInt(), in.get() == 1);
            case 'l' -> StoreAnswer.deadLettering(token, in.getInt(), cause(in));
            case 'I' -> StoreAnswer.claimed(Kind.IN_DOUBT, 0, in.getInt(), false);
            case 'B' ->
                StoreAnswer.busy(Duration.ofMillis(((long) in.getShort() & 0xffff) << 32 | in.getInt() & 0xffffffffL));
            case 'K' -> StoreAnswer.of(Kind.OK);
            case 'L' -> StoreAnswer.of(Kind.LATE);
            case 'S' -> StoreAnswer.of(Kind.STOLEN);
            case 'D' -> StoreAnswer.done(false);
            case 'd' -> StoreAnswer.done(true);
            case 'X' -> StoreAnswer.of(Kind.DEAD_LETTERED);
            case 'P' -> StoreAnswer.of(Kind.PARKED);
            default -> throw new IllegalStateException("the script answered with the letter " + letter);
        };
    }
}
