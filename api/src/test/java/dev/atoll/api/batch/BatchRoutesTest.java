package dev.atoll.api.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.TestingApi;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Batches over HTTP, held to the contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchRoutesTest {
    private final TestingApi api = new TestingApi();
    private final ContractClient client = api.client();
    private String sandbox;

    @BeforeEach
    void make() {
        sandbox = api.sandbox();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private Answer run(String request) {
        Answer answer = client.post(sandbox + "/batch", request);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    @Test
    void eachItemHasItsResult() {
        Answer ran = run("""
                {"items":[{"type":"write","path":"d/a.txt","content":"one\\ntwo\\n","mode":"600"},
                          {"type":"edit","path":"d/a.txt","old_string":"two","new_string":"2"},
                          {"type":"read","path":"d/a.txt"},
                          {"type":"read","path":"d/a.txt","first_line":2},
                          {"type":"list","path":"d"},
                          {"type":"grep","path":"d","pattern":"2"},
                          {"type":"stat","path":"d/a.txt","hash":true},
                          {"type":"exec","exec":{"argv":["echo","hello"]},"wait":"20s"},
                          {"type":"remove","path":"d","recursive":true}]}""");
        assertThat(ran.at("/ok")).as(ran.text()).isEqualTo("true");
        assertThat(ran.at("/results/0/entry/mode")).isEqualTo("0600");
        assertThat(ran.at("/results/1/replaced")).isEqualTo("1");
        assertThat(ran.at("/results/2/text")).isEqualTo("one\n2\n");
        assertThat(ran.at("/results/3/text")).isEqualTo("2\n");
        assertThat(ran.at("/results/3/total_lines")).isEqualTo("2");
        assertThat(ran.at("/results/4/items/0/path")).isEqualTo("/work/d/a.txt");
        assertThat(ran.at("/results/5/matches/0/line")).isEqualTo("2");
        assertThat(ran.at("/results/6/items/0/sha256")).hasSize(64);
        assertThat(ran.at("/results/7/exec/state")).isEqualTo("ended");
        assertThat(ran.at("/results/8/ok")).isEqualTo("true");
    }

    @Test
    void aFailureIsAResultAndStopsWhatFollows() {
        String items = """
                [{"type":"read","path":"nowhere"},{"type":"write","path":"after","content":"x"}]""";
        Answer stopped = run("{\"items\":" + items + "}");
        assertThat(stopped.at("/ok")).isEqualTo("false");
        assertThat(stopped.at("/results/0/problem/code")).isEqualTo("file_not_found");
        assertThat(stopped.at("/results/1/skipped")).isEqualTo("true");
        assertThat(client.get(sandbox + "/files/stat?path=after").code()).isEqualTo("file_not_found");
        Answer gone = run("{\"stop_on_error\":false,\"items\":" + items + "}");
        assertThat(gone.at("/results/1/ok")).isEqualTo("true");
    }

    @Test
    void aRepeatUnderAKeyStartsNothingTwice() {
        String body = """
                {"items":[{"type":"exec","exec":{"argv":["echo","x"]}},{"type":"mkdir","path":"n","parents":false}]}""";
        Answer first = keyed(body);
        assertThat(keyed(body).text()).isEqualTo(first.text());
        assertThat(client.get(sandbox + "/execs").json().get("items")).hasSize(1);
    }

    private Answer keyed(String body) {
        return client.request("POST", sandbox + "/batch")
                .header("Idempotency-Key", "batch-key")
                .json(body)
                .send();
    }

    @Test
    void aRequestIsReadStrictly() {
        assertThat(client.post(sandbox + "/batch", "{\"items\":[{\"type\":\"read\",\"path\":\"a\",\"content\":\"b\"}]}")
                        .code())
                .isEqualTo("unknown_field");
        Answer wrong = client.request("POST", sandbox + "/batch")
                .json("{\"items\":[{\"type\":\"stat\",\"path\":\"a\"},{\"type\":\"exec\",\"exec\":{\"argv\":[]}}]}")
                .broken()
                .send();
        assertThat(wrong.at("/detail")).contains("/items/1");
        assertThat(client.request("POST", sandbox + "/batch")
                        .json("{\"items\":[]}")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
        assertThat(client.post(
                                "/v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/batch",
                                "{\"items\":[{\"type\":\"stat\",\"path\":\"a\"}]}")
                        .code())
                .isEqualTo("sandbox_not_found");
    }
}
