import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import SystemPackage

/// Results as one JSON object; `docs/test.md` describes the keys.
struct TestJSON {
    func text(_ results: [TestResult]) -> String {
        let report: JSONObject = [
            "passed": results.passedCount, "failed": results.failedCount,
            "interrupted": results.interruptedCount, "results": results.map(Self.report),
        ]
        return Console.withoutMarkers(json: JSON.text(report))
    }

    private static func report(_ result: TestResult) -> JSONObject {
        [
            "name": result.boot.name, "file": result.boot.file.text,
            "firmware": result.boot.starter.name, "pass": result.isPass,
            "verdict": result.verdict.name, "message": result.summary,
            "attempts": result.attempts, "milliseconds": UInt64(result.duration.wholeMilliseconds),
            "address": result.place.map { Number.hex($0.address) },
            "function": result.place?.function, "line": result.place?.line,
            "tests": result.tests.map(report), "serial": result.evidence.serialTail,
        ]
    }

    private static func report(_ test: GuestTests.Result) -> JSONObject {
        [
            "name": test.name, "outcome": "\(test.outcome)", "reason": test.skipReason,
            "remarks": test.remarks,
            "milliseconds": UInt64(test.duration.wholeMilliseconds),
        ]
    }
}
