package dev.atoll.cli.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds a path with a query. */
public final class Query {
    private final StringBuilder text;
    private char joint = '?';

    private Query(String path) {
        text = new StringBuilder(path);
    }

    public static Query on(String path) {
        return new Query(path);
    }

    /** One path segment, such that nothing typed can become another path. */
    public static String segment(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Query with(String name, String value) {
        text.append(joint).append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        joint = '&';
        return this;
    }

    public Query with(String name, long value) {
        return with(name, String.valueOf(value));
    }

    /** The path and the query. */
    public String path() {
        return text.toString();
    }
}
