package dev.atoll.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.OpenApiDocument.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Talks to the API and holds both sides to the contract: a request that breaks it fails the test unless it says that it means to, and so
 * does every answer. Thread-safe.
 */
public final class ContractClient {
    private static final OpenApiContract CONTRACT = new OpenApiContract(OpenApiDocument.load());
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http;
    private final URI base;
    private final Optional<String> key;

    private ContractClient(HttpClient http, URI base, Optional<String> key) {
        this.http = http;
        this.base = base;
        this.key = key;
    }

    public static ContractClient of(int port, String key) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new ContractClient(http, URI.create("http://127.0.0.1:" + port), Optional.of(key));
    }

    /** The same with another key, or none. */
    public ContractClient with(Optional<String> otherKey) {
        return new ContractClient(http, base, otherKey);
    }

    public static OpenApiContract contract() {
        return CONTRACT;
    }

    public Answer get(String path) {
        return request("GET", path).send();
    }

    public Answer delete(String path) {
        return request("DELETE", path).send();
    }

    public Answer post(String path, String json) {
        return request("POST", path).json(json).send();
    }

    public Request request(String method, String path) {
        return new Request(method, path);
    }

    /** One request on its way to be sent. */
    public final class Request {
        private final String method;
        private final String target;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private byte[] body = new byte[0];
        private Optional<BodyPublisher> publisher = Optional.empty();
        private boolean meantToBreak;

        private Request(String method, String target) {
            this.method = method;
            this.target = target;
            key.ifPresent(secret -> headers.put("Authorization", "Bearer " + secret));
        }

        public Request header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        public Request json(String text) {
            return bytes("application/json", text.getBytes(StandardCharsets.UTF_8));
        }

        public Request bytes(String contentType, byte[] bytes) {
            body = bytes;
            return header("Content-Type", contentType);
        }

        /** A body whose length is not announced. */
        public Request chunked(String contentType, InputStream bytes) {
            publisher = Optional.of(BodyPublishers.ofInputStream(() -> bytes));
            return header("Content-Type", contentType);
        }

        /** This request breaks the contract on purpose. */
        public Request broken() {
            meantToBreak = true;
            return this;
        }

        public Answer send() {
            checkRequest();
            try {
                HttpResponse<byte[]> response = http.send(built(), BodyHandlers.ofByteArray());
                return checked(new Answer(response.statusCode(), response.headers(), response.body()));
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + target, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Sends and hands on the body as it comes; only an answer that is not a success is held to the contract. */
        public InputStream stream() {
            checkRequest();
            try {
                HttpResponse<InputStream> response = http.send(built(), BodyHandlers.ofInputStream());
                if (response.statusCode() != 200) {
                    byte[] all = response.body().readAllBytes();
                    Answer answer = checked(new Answer(response.statusCode(), response.headers(), all));
                    throw new AssertionError("status " + answer.status() + ": " + answer.text());
                }
                return response.body();
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + target, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private HttpRequest built() {
            HttpRequest.Builder builder =
                    HttpRequest.newBuilder(URI.create(base + target)).timeout(PATIENCE);
            headers.forEach(builder::header);
            return builder.method(method, publisher.orElseGet(() -> BodyPublishers.ofByteArray(body)))
                    .build();
        }

        private void checkRequest() {
            if (meantToBreak) {
                return;
            }
            Operation operation =
                    operation().orElseThrow(() -> new AssertionError("no operation for " + method + " " + target));
            byte[] shown = publisher.isPresent() ? new byte[] {'{', '}'} : body;
            assertThat(CONTRACT.requestViolations(operation, path(), query(), headers, shown))
                    .as("%s %s against the contract", method, target)
                    .isEmpty();
        }

        private Answer checked(Answer answer) {
            if (!method.equals("HEAD") && !method.equals("OPTIONS")) {
                assertThat(CONTRACT.answerViolations(operation(), answer))
                        .as(
                                "the answer to %s %s against the contract: %s %s",
                                method, target, answer.status(), answer.text())
                        .isEmpty();
            }
            return answer;
        }

        private Optional<Operation> operation() {
            return CONTRACT.document().operation(method, path());
        }

        private String path() {
            return target.split("\\?", 2)[0];
        }

        private String query() {
            String[] parts = target.split("\\?", 2);
            return parts.length > 1 ? parts[1] : "";
        }
    }
}
