package dev.atoll.api.http;

import java.util.Set;

/**
 * One row of the table of routes.
 *
 * @param operationId its name in the contract and in metrics
 * @param path with {@code {names}} for its variable segments
 * @param query the query parameters it has; any other is refused
 */
public record Route(
        String operationId, Method method, String path, Access access, Set<String> query, Operation operation) {
    public Route {
        query = Set.copyOf(query);
    }

    /** A route under a key. */
    public static Route of(String operationId, Method method, String path, Set<String> query, Operation operation) {
        return new Route(operationId, method, path, Access.KEY, query, operation);
    }

    /** A route for anyone, without query parameters. */
    public static Route open(String operationId, String path, Operation operation) {
        return new Route(operationId, Method.GET, path, Access.OPEN, Set.of(), operation);
    }
}
