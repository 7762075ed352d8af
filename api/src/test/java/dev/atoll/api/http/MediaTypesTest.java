package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
    private static final List<String> FORMS = List.of(MediaTypes.JSON, MediaTypes.EVENT_STREAM, MediaTypes.FRAMES);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                      | application/json",
                "*/*                                                     | application/json",
                "text/event-stream                                       | text/event-stream",
                "Text/Event-Stream                                       | text/event-stream",
                "text/*                                                  | text/event-stream",
                "application/vnd.atoll.frames                            | application/vnd.atoll.frames",
                "application/json, text/event-stream                     | application/json",
                "application/json;q=0.5, text/event-stream               | text/event-stream",
                "application/json;q=0, */*                               | text/event-stream",
                "text/html, application/xhtml+xml, */*;q=0.8             | application/json",
                "application/vnd.atoll.frames;q=0.9, text/event-stream;q=0.3 | application/vnd.atoll.frames",
            })
    void choosesTheFormThatIsLikedBest(String accept, String form) {
        assertThat(MediaTypes.chosen(Optional.of(accept), FORMS)).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml;q=1", "*/*;q=0", ",", ";", "json"})
    void saysWhenThereIsNone(String accept) {
        assertThatThrownBy(() -> MediaTypes.chosen(Optional.of(accept), FORMS)).hasMessageContaining("not_acceptable");
    }

    @Test
    void noWishIsTheFirst() {
        assertThat(MediaTypes.chosen(Optional.empty(), FORMS)).isEqualTo(MediaTypes.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\""
            })
    void takesTheTypeInItsSpellings(String type) {
        assertThatCode(() -> MediaTypes.require(Optional.of(type), Optional.empty(), MediaTypes.JSON))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/jsonx", "application/json; charset=latin1", "", "application/*"})
    void refusesOtherTypes(String type) {
        assertThatThrownBy(() -> MediaTypes.require(Optional.of(type), Optional.empty(), MediaTypes.JSON))
                .hasMessageContaining("unsupported_media_type");
    }

    @Test
    void refusesNoTypeAndEncodedBodies() {
        assertThatThrownBy(() -> MediaTypes.require(Optional.empty(), Optional.empty(), MediaTypes.JSON))
                .hasMessageContaining("no content type");
        assertThatThrownBy(
                        () -> MediaTypes.require(Optional.of("application/json"), Optional.of("gzip"), MediaTypes.JSON))
                .hasMessageContaining("content encoding");
    }
}
