package io.oncemq.core;

/** Text that others chose, such as ids and keys, as a log may show it: one line, of bounded length, in valid characters. */
public final class LogText {
    private static final int LONGEST = 300;

    private LogText() {}

    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (i == LONGEST || !harmless(text.charAt(i))) {
                return cleaned(text);
            }
        }
        return text;
    }

    private static boolean harmless(char each) {
        return each >= ' ' && each < 0x7f;
    }

    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
        text.codePoints()
                .limit(LONGEST)
                .forEach(each -> clean.appendCodePoint(Character.isISOControl(each) || isBroken(each) ? '?' : each));
        return text.codePointCount(0, text.length()) > LONGEST
                ? clean.append('…').toString()
                : clean.toString();
    }

    /** Half of a character, or what only breaks or turns lines. */
    private static boolean isBroken(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.SURROGATE
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
