package dev.atoll.manager.file;

import dev.atoll.model.problem.TextPlaces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the lines of a text that are most like the beginning of another text. */
final class LikeLines {
    /** Characters shown of a line. */
    static final int SHOWN_CHARACTERS = 200;

    /** Below this share of common pairs of characters a line is not like another. */
    private static final double LEAST_LIKENESS = 0.5;

    private static final double SAME_BUT_FOR_SPACES = 2;

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private LikeLines() {}

    private record Scored(double likeness, TextPlaces.Line line) {}

    /** At most {@code most} lines, the most like first. Likeness is that of the first line of {@code wanted} that is not blank. */
    static List<TextPlaces.Line> of(byte[] text, String wanted, int most) {
        String first = wanted.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
        if (first.isEmpty()) {
            return List.of();
        }
        int[] pairs = pairs(first);
        List<Scored> best = new ArrayList<>();
        int number = 0;
        int at = 0;
        while (at < text.length) {
            int end = endOfLine(text, at);
            number++;
            int length = end - at;
            if (length * 4L >= first.length() && length <= 4L * first.length() + 400) {
                String line = new String(text, at, length, StandardCharsets.UTF_8);
                double likeness = likeness(first, pairs, line.strip());
                if (likeness >= LEAST_LIKENESS) {
                    best.add(new Scored(likeness, new TextPlaces.Line(number, shown(line))));
                    keepBest(best, most, 4 * most);
                }
            }
            at = end + 1;
        }
        keepBest(best, most, most);
        return best.stream()
                .sorted(Comparator.comparingDouble(Scored::likeness).reversed())
                .map(Scored::line)
                .toList();
    }

    private static void keepBest(List<Scored> best, int most, int whenOver) {
        if (best.size() > whenOver) {
            best.sort(Comparator.comparingDouble(Scored::likeness).reversed());
            best.subList(most, best.size()).clear();
        }
    }

    /** The line around a place. */
    static String lineAt(byte[] text, int place) {
        int begin = place;
        while (begin > 0 && text[begin - 1] != '\n') {
            begin--;
        }
        return shown(new String(text, begin, endOfLine(text, begin) - begin, StandardCharsets.UTF_8));
    }

    private static int endOfLine(byte[] text, int from) {
        int end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private static String shown(String line) {
        String whole = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        if (whole.length() <= SHOWN_CHARACTERS) {
            return whole;
        }
        int end =
                Character.isHighSurrogate(whole.charAt(SHOWN_CHARACTERS - 1)) ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS;
        return whole.substring(0, end) + "…";
    }

    /** Dice's measure over pairs of neighbouring characters, in their order or not: 1 when both lines have the same pairs. */
    private static double likeness(String wanted, int[] pairs, String line) {
        if (SPACES.matcher(line).replaceAll(" ").equals(SPACES.matcher(wanted).replaceAll(" "))) {
            return SAME_BUT_FOR_SPACES;
        }
        int[] others = pairs(line);
        if (pairs.length == 0 || others.length == 0) {
            return 0;
        }
        int common = 0;
        for (int i = 0, j = 0; i < pairs.length && j < others.length; ) {
            if (pairs[i] == others[j]) {
                common++;
                i++;
                j++;
            } else if (pairs[i] < others[j]) {
                i++;
            } else {
                j++;
            }
        }
        return 2.0 * common / (pairs.length + others.length);
    }

    private static int[] pairs(String line) {
        int[] pairs = new int[Math.max(0, line.length() - 1)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = line.charAt(i) << 16 | line.charAt(i + 1);
        }
        Arrays.sort(pairs);
        return pairs;
    }
}
