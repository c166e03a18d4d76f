import Foundation
import SystemPackage
import TestSupport

/// The kernels in Fixtures/kernels that QEMU starts itself, built in a folder.
enum DirectSample {
    /// image.c, as an ELF file and as a flat file with its header.
    static func image(
        definitions: [String] = [], in folder: FilePath
    ) async throws -> (elf: String, flat: String) {
        let kernel = SampleKernel(
            source: "image.c", shape: .oneMebibyte,
            definitions: ["HEADER", "TEXT_OFFSET=0x200000"] + definitions, processor: .arm,
            linkage: .init(
                "ld.lld",
                [
                    "-static", "--defsym=BASE=0x40200000", "-T",
                    Project.kernels.appending("image.ld").string,
                ]))
        let elf = try await rename(kernel.build(in: folder), to: "image.elf", in: folder)
        let flat = folder.appending("image.img").string
        try await Tool(name: "llvm-objcopy").succeed(["-O", "binary", elf, flat])
        return (elf, flat)
    }

    static func pvh(definitions: [String] = [], in folder: FilePath) async throws -> String {
        let kernel = SampleKernel(
            source: "pvh.S", shape: .oneMebibyte, definitions: definitions,
            linkage: .init("ld.lld", ["-static", "--image-base=0x200000", "--entry=start"]))
        return try await rename(kernel.build(in: folder), to: "pvh.elf", in: folder)
    }

    static func bzImage(in folder: FilePath) async throws -> String {
        let kernel = SampleKernel(
            source: "bzimage.S", shape: .oneMebibyte, processor: .i386,
            linkage: .init("ld.lld", ["--oformat=binary", "--image-base=0", "-Ttext=0"]))
        return try await rename(kernel.build(in: folder), to: "bzImage", in: folder)
    }

    /// Stops at the kernel's first instruction, by the script that `run` writes; ends QEMU then.
    static func debug(
        _ kernel: String, with debugger: String, in folder: FilePath
    ) async throws -> (run: Tool.Verdict, gdb: Tool.Verdict) {
        let port = try freePort()
        async let guest = Project.bootimage.run([
            "run", "--direct", kernel, "--headless", "--gdb", "--gdb-port", "\(port)",
            "--timeout", "\(patience)",
        ])
        let name = (kernel as NSString).lastPathComponent as NSString
        let script = folder.appending(name.deletingPathExtension + ".gdb").string
        for _ in 0..<2000 where !FileManager.default.fileExists(atPath: script) {
            try await Task.sleep(for: .milliseconds(50))
        }
        let gdb = try await Tool(name: debugger).run([
            "-q", "-nx", "-batch", "-x", script, "-ex", "x/i $pc", "-ex", "kill",
        ])
        return (try await guest, gdb)
    }

    static func names(in folder: FilePath) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string)
    }

    private static func rename(
        _ file: FilePath, to name: String, in folder: FilePath
    ) throws -> String {
        let path = folder.appending(name).string
        try FileManager.default.moveItem(atPath: file.string, toPath: path)
        return path
    }
}
