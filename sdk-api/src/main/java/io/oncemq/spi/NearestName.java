package io.oncemq.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The known name that a misspelt one most likely means, for the remedy of an error. Stateless. */
public final class NearestName {
    private NearestName() {}

    /** A question such as {@code Did you mean acks?} and the other remedy, which begins in lower case; the latter alone if nothing is near. */
    public static String remedy(String given, Collection<String> known, String otherwise) {
        String near = to(given, known);
        return near == null
                ? otherwise.substring(0, 1).toUpperCase(Locale.ROOT) + otherwise.substring(1)
                : "Did you mean " + near + "? If not, " + otherwise;
    }

    /** Null if none is near: at most two letters are wrong, or one in a name of up to four letters. */
    public static @Nullable String to(String given, Collection<String> known) {
        int most = given.length() <= 4 ? 1 : 2;
        return known.stream()
                .filter(name -> distance(given, name) <= most)
                .min(Comparator.comparingInt((String name) -> distance(given, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    /** How many letters are to be changed, added, left out or exchanged with their neighbour; case, dots, dashes and underscores do not count. */
    private static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                table[i][j] = i == 0 ? j : j == 0 ? i : cheapest(table, a, b, i, j);
            }
        }
        return table[a.length()][b.length()];
    }

    private static int cheapest(int[][] table, String a, String b, int i, int j) {
        int changed = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(changed, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, table[i - 2][j - 2] + 1) : least;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
