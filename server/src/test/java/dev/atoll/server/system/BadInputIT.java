package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be done is refused with a stable code, a hint, and without harm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"image\":\"no-such-image\"}                     | image_not_found    | 404",
                "{\"image\":\"../../etc\"}                         | invalid_request    | 400",
                "{\"image\":\"busybox\",\"memory\":\"-5Mi\"}       | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"memory\":\"1Mi\"}        | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"memory\":\"999999Ti\"}   | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"memory\":\"2Ti\"}        | capacity           | 503",
                "{\"image\":\"busybox\",\"memory\":\"lots\"}       | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"memory\":512}            | invalid_request    | 400",
                "{\"image\":\"busybox\",\"cpu\":\"0\"}             | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"cpu\":\"1e9\"}           | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"ttl\":\"-1s\"}           | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"ttl\":\"9999d\"}         | invalid_quantity   | 400",
                "{\"image\":\"busybox\",\"name\":\"Not A Name\"}   | invalid_request    | 400",
                "{\"image\":\"busybox\",\"labels\":{\"a=b\":\"\"}} | invalid_request    | 400",
                "{\"image\":\"busybox\",\"env\":{\"A=B\":\"\"}}    | invalid_environment | 400",
                "{\"image\":\"busybox\",\"env\":{\"A\":\"\\u0000\"}} | invalid_environment | 400",
                "{\"image\":\"busybox\",\"env\":{\"A\":null}}      | invalid_request    | 400",
                "{\"image\":\"busybox\",\"network\":\"host\"}      | unknown_field      | 400",
                "{\"image\":\"busybox\",\"image\":\"base\"}        | invalid_json       | 400",
                "{\"image\":\"busybox\"                            | invalid_json       | 400",
                "{\"image\":\"busybox\"} {}                        | invalid_json       | 400",
                "[1]                                               | invalid_request    | 400",
                "''                                                | invalid_json       | 400",
            })
    void aSandboxThatCannotBe(String body, String code, int status) {
        Answer answer = client.request("POST", "/v1/sandboxes?wait=30s")
                .json(body)
                .broken()
                .send();
        // What only a host can know ends a sandbox that was accepted.
        if (answer.status() == 201) {
            assertThat(answer.at("/state")).isEqualTo("failed");
            assertThat(answer.at("/detail")).startsWith(code);
        } else {
            refused(answer, status, code);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                              | invalid_request | 400",
                "{\"argv\":[]}                                   | invalid_command | 400",
                "{\"argv\":[\"\"]}                               | invalid_command | 400",
                "{\"argv\":[\"echo\",\"a\\u0000b\"]}             | invalid_command | 400",
                "{\"argv\":[\"echo\",\"\\ud800\"]}               | invalid_request | 400",
                "{\"argv\":\"echo\"}                             | invalid_request | 400",
                "{\"argv\":[\"true\"],\"user\":\"nobody-here\"}  | user_not_found  | 422",
                "{\"argv\":[\"true\"],\"user\":\"root:nogroup-here\"} | group_not_found | 422",
                "{\"argv\":[\"true\"],\"user\":\"a b\"}          | invalid_command | 400",
                "{\"argv\":[\"true\"],\"cwd\":\"/no/such\"}      | cwd_not_found   | 422",
                "{\"argv\":[\"true\"],\"cwd\":\"relative\"}      | cwd_not_found   | 422",
                "{\"argv\":[\"true\"],\"timeout\":\"0s\"}        | invalid_quantity | 400",
                "{\"argv\":[\"true\"],\"shell\":\"true\"}        | invalid_request | 400",
                "{\"argv\":[\"true\"],\"command\":\"true\"}      | unknown_field   | 400",
            })
    void aCommandThatCannotBe(String body, String code, int status) {
        refused(
                client.request("POST", "/v1/sandboxes/" + sandbox + "/execs?wait=30s")
                        .json(body)
                        .broken()
                        .send(),
                status,
                code);
    }

    @Test
    void aMebibyteOfEnvironmentIsTooMuch() {
        String value = "x".repeat(200 << 10);
        String env = "{\"A\":\"%s\",\"B\":\"%s\",\"C\":\"%s\",\"D\":\"%s\"}".formatted(value, value, value, value);
        refused(
                client.request("POST", "/v1/sandboxes")
                        .json("{\"image\":\"busybox\",\"env\":" + env + "}")
                        .broken()
                        .send(),
                413,
                "environment_too_large");
        refused(
                client.request("POST", "/v1/sandboxes/" + sandbox + "/execs")
                        .json("{\"argv\":[\"env\"],\"env\":" + env + "}")
                        .broken()
                        .send(),
                413,
                "environment_too_large");
        refused(
                client.request("POST", "/v1/sandboxes")
                        .json("{\"image\":\"busybox\",\"env\":{\"A\":\"" + "x".repeat(1 << 20) + "\"}}")
                        .broken()
                        .send(),
                413,
                "body_too_large");
    }

    @Test
    void anotherContentType() {
        Answer answer = client.request("POST", "/v1/sandboxes")
                .bytes("text/yaml", "image: busybox".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .broken()
                .send();
        refused(answer, 415, "unsupported_media_type");
        refused(client.request("PUT", "/v1/images/x").json("{}").broken().send(), 415, "unsupported_media_type");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/signal,'{\"signal\":\"SIGWRONG\"}',invalid_request",
        "POST,/signal,'{\"signal\":9}',invalid_request",
        "POST,/signal,'{\"signal\":\"SIGTERM\",\"target\":\"everyone\"}',invalid_request",
        "POST,/signal,'{}',invalid_request",
        "GET,/output?offset=-1,,invalid_request",
        "GET,/output?limit=0,,invalid_request",
        "GET,/output?stream=stdin,,invalid_request",
        "GET,/output?wait=soon,,invalid_quantity",
        "GET,/output?follow=true,,invalid_request",
        "POST,/input,,invalid_request",
        "POST,/input?offset=x,,invalid_request",
        "POST,/input?offset=0&close=maybe,,invalid_request",
    })
    void aCallOnAnExecThatCannotBe(String method, String rest, String body, String code) {
        String exec = client.post("/v1/sandboxes/" + sandbox + "/execs?wait=30s", "{\"argv\":[\"true\"]}")
                .at("/id");
        ContractClient.Request request = client.request(method, "/v1/sandboxes/" + sandbox + "/execs/" + exec + rest);
        refused((body == null ? request : request.json(body)).broken().send(), 400, code);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/sandboxes?limit=0,invalid_request",
        "/v1/sandboxes?limit=501,invalid_request",
        "/v1/sandboxes?label=nothing,invalid_request",
        "/v1/sandboxes?state=sleeping,invalid_request",
        "/v1/sandboxes?cursor=nonsense,invalid_cursor",
        "/v1/sandboxes?page=2,invalid_request",
        "/v1/sandboxes/sbx_short,invalid_id",
        "/v1/sandboxes/ex_aaaaaaaaaaaaaaaaaaaa,invalid_id",
        "/v1/sandboxes/SBX_AAAAAAAAAAAAAAAAAAAA,invalid_id",
        "/v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa%00,invalid_id",
        "/v1/images/Not..A..Name,invalid_request",
    })
    void aReadThatCannotBe(String path, String code) {
        Answer answer = client.request("GET", path).broken().send();
        // The HTTP server itself refuses some characters in a path.
        assertThat(answer.code()).isIn(code, "invalid_request");
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void aKeyThatIsNoKeyOfIdempotency() {
        for (String key : new String[] {"x".repeat(256), "a\tb", ""}) {
            refused(
                    client.request("POST", "/v1/sandboxes")
                            .header("Idempotency-Key", key)
                            .json("{\"image\":\"busybox\"}")
                            .broken()
                            .send(),
                    400,
                    "invalid_idempotency_key");
        }
    }

    @Test
    void anImageThatIsNone() {
        Random random = new Random(5);
        byte[] noise = new byte[20_000];
        random.nextBytes(noise);
        refused(
                client.request("PUT", "/v1/images/noise")
                        .bytes("application/octet-stream", noise)
                        .send(),
                422,
                "image_invalid");
        Answer remembered = client.get("/v1/images/noise");
        assertThat(remembered.at("/state")).isEqualTo("failed");
        assertThat(remembered.at("/progress")).isNotEmpty();
        assertThat(client.delete("/v1/images/noise").status()).isEqualTo(204);
        refused(client.get("/v1/images/noise"), 404, "image_not_found");
        refused(client.request("POST", "/v1/images/unheard-of/make").send(), 404, "image_not_found");
        refused(client.delete("/v1/images/unheard-of"), 404, "image_not_found");
    }

    @Test
    void aMediaTypeThatCannotBeProduced() {
        String exec = client.post("/v1/sandboxes/" + sandbox + "/execs?wait=30s", "{\"argv\":[\"true\"]}")
                .at("/id");
        refused(
                client.request("GET", "/v1/sandboxes/" + sandbox + "/execs/" + exec + "/output")
                        .header("Accept", "image/png")
                        .send(),
                406,
                "not_acceptable");
    }

    private static void refused(Answer answer, int status, String code) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.at("/hint")).as(answer.text()).isNotEmpty();
    }
}
