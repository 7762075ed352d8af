package dev.atoll.api.http;

/** The HTTP methods that operations have. {@code HEAD} comes with {@code GET}, {@code OPTIONS} with every path. */
public enum Method {
    GET,
    POST,
    PUT,
    DELETE
}
