package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Route LIST = Route.of("listThings", Method.GET, "/v1/things", Set.of(), call -> {});
    private static final Route MAKE = Route.of("makeThing", Method.POST, "/v1/things", Set.of(), call -> {});
    private static final Route DROP = Route.of("dropThing", Method.DELETE, "/v1/things/{id}", Set.of(), call -> {});

    @Test
    void knowsTheMethodsOfAPath() {
        RouteTable table = new RouteTable(List.of(LIST, MAKE, DROP));
        assertThat(table.methodsOf("/v1/things")).containsExactly("GET", "HEAD", "OPTIONS", "POST");
        assertThat(table.methodsOf("/v1/things/x")).containsExactly("DELETE", "OPTIONS");
        assertThat(table.methodsOf("/v1/things/")).isEmpty();
        assertThat(table.methodsOf("/v1/things/x/y")).isEmpty();
        assertThat(table.methodsOf("/")).isEmpty();
    }

    @Test
    void refusesTheSameTwice() {
        assertThatThrownBy(() -> new RouteTable(List.of(LIST, LIST))).hasMessageContaining("listThings");
    }
}
