package dev.atoll.api.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every route there is. */
public final class RouteTable {
    private final List<Route> routes;

    /** Throws when two routes share an operation id, or a method and a path. */
    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        Set<String> seen = new HashSet<>();
        for (Route route : routes) {
            if (!seen.add(route.operationId()) || !seen.add(route.method() + " " + route.path())) {
                throw new IllegalArgumentException("a second " + route);
            }
        }
    }

    public List<Route> routes() {
        return routes;
    }

    /** The methods that a path has, {@code HEAD} and {@code OPTIONS} among them; empty when there is no such path. */
    public Set<String> methodsOf(String path) {
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (matches(route.path(), path)) {
                methods.add(route.method().name());
                methods.add("OPTIONS");
                if (route.method() == Method.GET) {
                    methods.add("HEAD");
                }
            }
        }
        return methods;
    }

    private static boolean matches(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            boolean fits = wanted[i].startsWith("{") ? !given[i].isEmpty() : wanted[i].equals(given[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
