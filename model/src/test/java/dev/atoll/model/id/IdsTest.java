package dev.atoll.model.id;

import static dev.atoll.model.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.Seeds;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdsTest {
    private static final List<Function<String, Id>> KINDS =
            List.of(SandboxId::new, ExecId::new, ImageId::new, HostId::new, KeyId::new, WorkspaceId::new);

    @Test
    void readsBackWhatItMade() {
        Seeds.forAll(random -> {
            Ids ids = new Ids(random);
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            List<Id> made =
                    List.of(ids.sandbox(), ids.exec(), Ids.imageOf(digest), ids.host(), ids.key(), ids.workspace());
            for (int kind = 0; kind < KINDS.size(); kind++) {
                Id id = made.get(kind);
                assertThat(KINDS.get(kind).apply(id.value())).isEqualTo(id);
                assertThat(id.toString()).isEqualTo(id.value());
                assertThat(id.value()).matches("[a-z]+_[a-z2-7]{20}");
                for (int other = 0; other < KINDS.size(); other++) {
                    if (other != kind) {
                        Function<String, Id> reader = KINDS.get(other);
                        refused(ProblemCode.INVALID_ID, () -> reader.apply(id.value()));
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sbx_",
                "sbx_aaaaaaaaaaaaaaaaaaa",
                "sbx_aaaaaaaaaaaaaaaaaaaaa",
                "sbx_AAAAAAAAAAAAAAAAAAAA",
                "sbx_aaaaaaaaaaaaaaaaaaa1",
                "SBX_aaaaaaaaaaaaaaaaaaaa",
                " sbx_aaaaaaaaaaaaaaaaaaaa",
                "sbx_aaaaaaaaaaaaaaaaaaa/",
                "sbx_..................../"
            })
    void refusesWhatIsNoId(String text) {
        refused(ProblemCode.INVALID_ID, () -> new SandboxId(text));
    }

    @Test
    void showsHostileTextShortAndPrintable() {
        Seeds.forAll(random -> {
            String text = Seeds.text(random, 300);
            assertThatThrownBy(() -> new ExecId(text)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().detail().codePoints()).noneMatch(c -> c < 0x20 || c == 0x7f);
                assertThat(e.problem().detail().length()).isLessThan(140);
            });
        });
    }

    @Test
    void derivesTheSameExecFromTheSameKeyOnly() {
        Ids ids = new Ids(new Random(1));
        SandboxId one = ids.sandbox();
        SandboxId other = ids.sandbox();
        assertThat(Ids.execOf(one, "k")).isEqualTo(Ids.execOf(one, "k"));
        assertThat(Ids.execOf(one, "k")).isNotEqualTo(Ids.execOf(one, "k2")).isNotEqualTo(Ids.execOf(other, "k"));
    }

    @Test
    void usesEveryCharacterOfItsAlphabet() {
        StringBuilder all = new StringBuilder();
        Ids ids = new Ids(new Random(2));
        for (int i = 0; i < 200; i++) {
            all.append(ids.sandbox().value().substring(SandboxId.PREFIX.length()));
        }
        assertThat(all.chars().distinct().count()).isEqualTo(32);
    }
}
