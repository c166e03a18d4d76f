import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFKit
@testable import ELFSamples

/// Looks up addresses in valid and in broken symbol tables.
@Suite(.needs("clang", "ld.lld"))
struct FunctionNameTests {
    private static let compilation = Task {
        try await withTemporaryFolder { folder in
            let kernel = SampleKernel(
                source: "verdicts.c", shape: .oneMebibyte, definitions: ["ENDING=PAGE_FAULT"])
            let path = try await kernel.build(in: folder)
            return try (
                KernelELF.load(path).entry, [UInt8](Data(contentsOf: URL(filePath: path.string)))
            )
        }
    }

    private static func find(_ address: UInt64, in bytes: [UInt8]) async throws -> FunctionName? {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kernel")
            try Data(bytes).write(to: URL(filePath: path.string))
            let descriptor = try FileDescriptor.open(path, .readOnly)
            return try descriptor.closeAfter {
                try FunctionName.find(address, in: descriptor, named: "kernel")
            }
        }
    }

    /// Returns the file offset of the symbol table's section header.
    private static func tableHeader(in bytes: [UInt8]) throws -> Int {
        func number(_ offset: Int, _ count: Int) -> Int {
            bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let headers = (0..<number(60, 2)).map { number(40, 8) + 64 * $0 }
        return try #require(headers.first { number($0 + 4, 4) == 2 })
    }

    @Test func `every address of a function resolves to it, and no other address does`()
        async throws
    {
        let (entry, bytes) = try await Self.compilation.value
        let first = try await Self.find(entry, in: bytes)
        #expect(first == FunctionName(symbol: "_start", offset: 0))
        let second = try await Self.find(entry + 3, in: bytes)
        #expect(second == FunctionName(symbol: "_start", offset: 3))
        for address in [0, entry - 4096, entry + 4096, .max] {
            let name = try await Self.find(address, in: bytes)
            #expect(name == nil, "\(address)")
        }
    }

    /// Offsets in the section header: the table's offset, its size, its names.
    @Test(arguments: [(24, UInt64.max), (32, .max), (32, 23), (40, 0xFFFF), (24, 1 << 40)])
    func `a table outside the file has no functions`(_ field: Int, _ value: UInt64) async throws {
        var (entry, bytes) = try await Self.compilation.value
        let header = try Self.tableHeader(in: bytes)
        let byteCount = field == 40 ? 4 : 8
        for index in 0..<byteCount {
            bytes[header + field + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
        }
        let name = try await Self.find(entry, in: bytes)
        #expect(name == nil)
    }

    /// Tools for AArch64 mark the start of code and data with symbols without size; `_DYNAMIC` has
    /// no size either.
    @Test(.needs("readelf"), arguments: [SampleKernel.Shape.oneMebibyte, .positionIndependent])
    func `a mapping symbol is not a function`(_ shape: SampleKernel.Shape) async throws {
        try await withTemporaryFolder { folder in
            let path = try await SampleKernel(
                source: "verdicts.c", shape: shape, definitions: ["ENDING=PAGE_FAULT"],
                processor: .arm
            ).build(in: folder)
            let symbols = try await Tool(name: "readelf").succeed(["-sW", path.string]).output
            #expect(symbols.contains(" $x\n") && symbols.contains(" $d\n"))
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path.string)))
            let entry = try KernelELF.load(path).entry
            let first = try await Self.find(entry, in: bytes)
            #expect(first == FunctionName(symbol: "_start", offset: 0))
            for address in [0, 0x100, entry - 4096, entry + 4096, entry + (1 << 30), .max] {
                let name = try await Self.find(address, in: bytes)
                #expect(name == nil, "\(address)")
            }
        }
    }

    @Test func `a file that is not a kernel is an error`() async throws {
        await #expect(throws: ELFError.self) {
            try await Self.find(0, in: Array("text".utf8))
        }
    }
}
