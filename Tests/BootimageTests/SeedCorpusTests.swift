import TestSupport
import Testing

@Suite(.enabled(if: SeedCorpus.folder != nil, "FUZZ_CORPUS names no folder"))
struct SeedCorpusTests {
    @Test func `boot.json with each key and each kind of value`() throws {
        let files = [
            "{}", "[]", "null", #"{"log_level": "Trace", "serial_logging": true}"#,
            #"{"frame_buffer": {"minimum_framebuffer_height": 600, "text_mode": false}}"#,
            #"{"frame_buffer": {"minimum_framebuffer_width": null}}"#,
            #"{"frame_buffer_logging": false, "_test_sentinel": 18446744073709551615}"#,
            #"{"on_failure": 255}"#, #"{"on_failure": "reboot"}"#, #"{"on_failure": -1e400}"#,
            #"{"log_level": "\u0054race"}"#, #"{"log_level": "Off", "log_level": 1, "x": [[]]}"#,
        ]
        try SeedCorpus.write(files.map { Array($0.utf8) }, for: "boot-json")
    }

    @Test func `bootimage.toml with each key and each kind of value`() throws {
        let files = [
            "", #"name = "n""#, "kernel = 'k'\nfirmware = \"uefi\"\nsector-size = 4096",
            "run-args = [\"-m\", '''1G''']\ntest-timeout = 0x10\nheadless = true",
            "[files]\n\"a/b\" = \"c\"\nd.e = 1", #"files = { a = "\u0041" }"#,
            "esp-fat = 1_6", "name = 1979-05-27T07:32:00Z", "[[files]]", "run-arg = [[], {}]",
        ]
        try SeedCorpus.write(files.map { Array($0.utf8) }, for: "settings")
    }
}
