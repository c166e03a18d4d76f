/// What each folder of Swift may import: a boundary that the compiler does not see inside a module.
enum ImportTable {
    private static let systemCalls: Set<Substring> = ["SystemPackage", "Glibc", "Musl"]

    /// A folder's row is for the folders in it as well, unless they have a row of their own.
    static let rows: [String: Set<Substring>] = [
        "Bootloader": ["Glibc"],
        "Bootloader/AArch64": ["CMachine"],
        "Bootloader/BIOS": ["CBIOS", "CMachine"],
        "Bootloader/Core": ["CMachine"],
        "Bootloader/UEFI": ["CMachine", "CUEFI"],
        "Bootloader/X86_64": ["CMachine"],
        "Plugins": ["Foundation", "PackagePlugin"],
        "Sources/BootInfo": ["CBootInfo"],
        "Sources/DiskImage": [],
        "Sources/DiskImage/Writing": systemCalls.union(["Synchronization"]),
        "Sources/ELFKit": ["SystemPackage"],
        "Sources/ELFKit/Reading": systemCalls.union(["CLibELF"]),
        "Sources/GuestFS": ["CGuestFS", "Glibc", "GuestFSProtocol", "SystemPackage"],
        "Sources/GuestFS/Protocol": [],
        "Sources/bootimage-guestfs": [
            "Dispatch", "FoundationEssentials", "Glibc", "GuestFS", "GuestFSProtocol",
            "Synchronization", "SystemPackage",
        ],
        "Sources/Kernel": ["BootInfo", "CBootInfo", "KernelFont", "KernelRuntime"],
        "Sources/KernelTesting": ["BootInfo", "CBootInfo", "KernelRuntime"],
        "Sources/bootimage/Building": systemCalls.union(["DiskImage", "ELFKit", "PrebuiltLoader"]),
        "Sources/bootimage/Commands": ["ArgumentParser", "DiskImage", "ELFKit", "SystemPackage"],
        "Sources/bootimage/Configuring": [
            "DiskImage", "ELFKit", "FoundationEssentials", "SystemPackage",
        ],
        "Sources/bootimage/Creating": ["ELFKit", "FoundationEssentials", "SystemPackage"],
        "Sources/bootimage/Diagnosing": systemCalls.union(["CKVM", "ELFKit"]),
        "Sources/bootimage/Digesting": ["DiskImage", "SystemPackage"],
        "Sources/bootimage/Documenting": ["FoundationEssentials"],
        "Sources/bootimage/Flashing": systemCalls.union([
            "CBlockDevice", "CProcess", "DiskImage", "FoundationEssentials",
        ]),
        "Sources/bootimage/Inspecting": ["DiskImage", "ELFKit", "SystemPackage"],
        "Sources/bootimage/Loading": [
            "DiskImage", "ELFKit", "FoundationEssentials", "PrebuiltLoader", "SystemPackage",
        ],
        "Sources/bootimage/Verifying": systemCalls.union([
            "DiskImage", "ELFKit", "GuestFSProtocol",
        ]),
        "Sources/bootimage/Planning": ["ArgumentParser", "DiskImage", "ELFKit", "SystemPackage"],
        "Sources/bootimage/Publishing": [
            "DiskImage", "ELFKit", "FoundationEssentials", "SystemPackage",
        ],
        "Sources/bootimage/Reporting": systemCalls.union([
            "DiskImage", "ELFKit", "GuestFSProtocol",
        ]),
        "Sources/bootimage/Running": systemCalls.union([
            "CKVM", "CProcess", "DiskImage", "ELFKit", "FoundationEssentials", "GuestFSProtocol",
        ]),
        "Sources/bootimage/Observing": systemCalls.union(["CProcess", "FoundationEssentials"]),
        "Sources/bootimage/Signing": systemCalls.union(["DiskImage", "FoundationEssentials"]),
        "Sources/bootimage/Testing": systemCalls.union([
            "ArgumentParser", "CDemangle", "ELFKit", "FoundationEssentials",
        ]),
        "Tests/ELFVerdict": [],
    ]

    /// The imports of a file that its folder may not have; a folder without a row may have none,
    /// unless it is one of tests.
    static func offences(in file: SourceFile) -> [String] {
        let row = row(for: file)
        guard file.isWritten(in: "swift"),
            row != nil || file.isIn("Sources", "Plugins", "Bootloader")
        else { return [] }
        let allowed = row ?? []
        return file.places { line in
            guard let module = importedModule(line) else { return false }
            return !allowed.contains(module)
        }
    }

    /// The row of the innermost folder that has one.
    private static func row(for file: SourceFile) -> Set<Substring>? {
        rows.filter { file.isIn($0.key) }.max { $0.key.count < $1.key.count }?.value
    }

    /// The module's name in `public import struct Module.Type`, for one.
    private static func importedModule(_ line: Substring) -> Substring? {
        let words = line.split(separator: " ")
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
        guard let index = words.firstIndex(of: "import"),
            words[..<index].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
        else { return nil }
        return words[(index + 1)...].first { !kinds.contains($0) }?.prefix { $0 != "." }
    }

    private static let accessLevels: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}
