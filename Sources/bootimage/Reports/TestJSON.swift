import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

/// Results as one JSON object.
struct TestJSON {
    func text(_ results: [TestResult]) -> String {
        let passed = results.filter(\.isPass).count
        return JSONValue.object([
            ("passed", .number(UInt64(passed))),
            ("failed", .number(UInt64(results.count - passed))),
            ("results", .array(results.map(value))),
        ]).text
    }

    private func value(_ result: TestResult) -> JSONValue {
        .object([
            ("name", .string(result.boot.name)),
            ("file", .string(result.boot.file.string)),
            ("firmware", .string(result.boot.firmware.rawValue)),
            ("pass", .bool(result.isPass)),
            ("verdict", .string(result.verdict.name)),
            ("message", .string(result.summary)),
            ("attempts", .number(UInt64(result.attempts))),
            ("milliseconds", .number(UInt64(result.duration.wholeMilliseconds))),
            ("address", result.place.map { .string(Number.hex($0.address)) } ?? .null),
            ("function", result.place?.function.map(JSONValue.string) ?? .null),
            ("line", result.place?.line.map(JSONValue.string) ?? .null),
            ("tests", .array(result.tests.map(Self.value))),
            ("serial", .array(result.evidence.serialTail.map(JSONValue.string))),
        ])
    }

    private static func value(_ test: GuestTests.Result) -> JSONValue {
        .object([
            ("name", .string(test.name)),
            ("outcome", .string("\(test.outcome)")),
            ("remarks", .array(test.remarks.map(JSONValue.string))),
            ("milliseconds", .number(UInt64(test.duration.wholeMilliseconds))),
        ])
    }
}
