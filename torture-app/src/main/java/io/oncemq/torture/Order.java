package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * What the driver wants a consumer process to do from now on. It stands in a file of the process, which is replaced as a whole.
 *
 * @param number tells an order from the one before
 * @param hook where to die, or null
 * @param count at which passing of it
 * @param slowMillis what some of the handlers take on top
 */
record Order(int number, @Nullable Hook hook, int count, long slowMillis) {
    static final Order NONE = new Order(0, null, 0, 0);

    static Order dieAt(int number, Hook hook, int count) {
        return new Order(number, hook, count, 0);
    }

    static Order slow(int number, long millis) {
        return new Order(number, null, 0, millis);
    }

    void writeTo(Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        String text = number + " " + (hook == null ? "-" : hook.name()) + " " + count + " " + slowMillis;
        try {
            Files.writeString(fresh, text, UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Order readFrom(Path file) {
        try {
            String[] words = Files.readString(file, UTF_8).split(" ", -1);
            return new Order(
                    Integer.parseInt(words[0]),
                    words[1].equals("-") ? null : Hook.valueOf(words[1]),
                    Integer.parseInt(words[2]),
                    Long.parseLong(words[3]));
        } catch (NoSuchFileException none) {
            return NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
