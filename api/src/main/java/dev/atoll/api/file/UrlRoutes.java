package dev.atoll.api.file;

import dev.atoll.api.http.Access;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Operation;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.repeat.KeyedAnswers;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.file.SignedUrls;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.TimeSpan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Signed URLs: made under a key, used by whoever has one, once. */
public final class UrlRoutes {
    static final String SIGNED = "/v1/signed-files";

    private static final String TOKEN = SIGNED + "/{token}";
    private static final Set<String> FIELDS =
            Set.of("operation", "path", "path_base64", "user", "workspace", "expires_in");
    private static final int OK = 200;

    /** What a URL is for. */
    private enum Purpose {
        GET,
        PUT
    }

    private static final Words<Purpose> PURPOSES = Words.of(Purpose.class);

    private final Files files;
    private final SignedUrls urls;
    private final KeyedAnswers answers;
    private final FileDownload download;

    public UrlRoutes(Files files, SignedUrls urls, KeyedAnswers answers) {
        this.files = files;
        this.urls = urls;
        this.answers = answers;
        this.download = new FileDownload(files);
    }

    public List<Route> routes() {
        return List.of(
                Route.of("signFileUrl", Method.POST, FileRoutes.PATH + "/url", Set.of(), this::sign),
                open("readSignedFile", Method.GET, this::read),
                open("writeSignedFile", Method.PUT, this::write));
    }

    private static Route open(String id, Method method, Operation operation) {
        return new Route(id, method, TOKEN, Access.OPEN, Set.of(), operation);
    }

    private void sign(Call call) throws IOException {
        JsonFields fields = call.json(FIELDS);
        FileAccess access = FileQuery.access(call, fields);
        FilePath path = FileFields.path(fields, "path");
        Purpose purpose = PURPOSES.read("/operation", fields.requiredText("operation"));
        Duration lifetime = fields.text("expires_in", TimeSpan::parse).orElse(SignedUrls.DEFAULT_LIFETIME);
        answers.answer(call, OK, "signFileUrl", access.sandbox().value(), () -> {
            SignedUrls.Signed signed = switch (purpose) {
                case GET -> urls.toGet(access, path, lifetime);
                case PUT -> urls.toPut(access, path, lifetime);
            };
            return json -> {
                json.writeStartObject();
                json.writeStringProperty("url", SIGNED + "/" + signed.token());
                json.writeStringProperty("method", purpose.name());
                Json.time(json, "expires_at", signed.expiresAt());
                json.writeEndObject();
            };
        });
    }

    private void read(Call call) throws IOException {
        String token = call.path("token");
        SignedUrls.Redeemed redeemed = call.headersOnly() ? urls.look(token) : urls.redeemGet(token);
        using(redeemed, () -> download.send(call, redeemed.access(), redeemed.path()));
    }

    private void write(Call call) throws IOException {
        SignedUrls.Redeemed redeemed = urls.redeemPut(call.path("token"));
        FileOperation.Write write = new FileOperation.Write(
                redeemed.path(), Optional.empty(), true, OptionalInt.empty(), Optional.empty(), false);
        using(redeemed, () -> FileRoutes.answer(call, files, redeemed.access(), write));
    }

    /** Something that is done with a URL. */
    private interface Use {
        void run() throws IOException;
    }

    /** What ended in a problem did not use the URL up: nothing was written, or nothing was sent but the problem. */
    private static void using(SignedUrls.Redeemed redeemed, Use use) throws IOException {
        try {
            use.run();
        } catch (ProblemException e) {
            redeemed.giveBack().run();
            throw e;
        }
    }
}
