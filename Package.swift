// swift-tools-version: 6.2

import PackageDescription

/// Every Swift target is held to the same rules.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "bootimage",
    products: [
        // SwiftPM makes a product of an executable target by itself, for the package at hand only:
        // named here, `bootimage` would be built for the guest with a package that depends on it.
        .plugin(name: "BootimagePlugin", targets: ["BootimagePlugin"]),
        .library(name: "BootImageKit", targets: ["BootImageKit"]),
        .library(name: "BootInfo", targets: ["BootInfo"]),
        .library(name: "DiskImage", targets: ["DiskImage"]),
        .library(name: "ELFKit", targets: ["ELFKit"]),
        .library(name: "GuestKit", targets: ["GuestKit"]),
        .library(name: "KernelRuntime", targets: ["KernelRuntime"]),
        .library(name: "KernelTesting", targets: ["KernelTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // The host's rooms, each below those that use it.
        .executableTarget(
            name: "bootimage",
            dependencies: [
                "Settings", "BootImageKit", "GuestKit", "FlashKit", "ELFKit", "DiskImage",
                "GuestFSProtocol",
                "HostSystem", "Libc", argumentParser, systemPackage,
            ],
            resources: [.embedInCode("Creating/Templates")], swiftSettings: strict),
        .target(
            name: "Settings",
            dependencies: [
                "BootImageKit", "GuestKit", "ELFKit", "DiskImage", "HostSystem", systemPackage,
            ],
            swiftSettings: strict),
        .target(
            name: "BootImageKit",
            dependencies: [
                "ELFKit", "DiskImage", "GuestFSProtocol", "HostSystem", "Libc", "PrebuiltLoader",
                "SHA2", systemPackage,
            ],
            swiftSettings: strict),
        .target(
            name: "GuestKit",
            dependencies: [
                "ELFKit", "DiskImage", "HostSystem", "Libc", "CDemangle", systemPackage,
            ],
            exclude: ["CDemangle"], swiftSettings: strict),
        .target(name: "CDemangle", path: "Sources/GuestKit/CDemangle"),
        .target(
            name: "FlashKit",
            dependencies: ["DiskImage", "HostSystem", "Libc", "CBlockDevice", systemPackage],
            exclude: ["CBlockDevice"], swiftSettings: strict),
        .target(name: "CBlockDevice", path: "Sources/FlashKit/CBlockDevice"),
        .target(
            name: "ELFKit", dependencies: ["CLibELF", "Libc", systemPackage], exclude: ["CLibELF"],
            swiftSettings: strict),
        .systemLibrary(
            name: "CLibELF", path: "Sources/ELFKit/CLibELF",
            providers: [.apt(["libelf-dev"])]),
        .target(
            name: "DiskImage", dependencies: ["HostSystem", "Libc", systemPackage],
            swiftSettings: strict),
        .target(
            name: "HostSystem", dependencies: ["CHostSystem", "Libc", systemPackage],
            exclude: ["CHostSystem"], swiftSettings: strict),
        .target(name: "CHostSystem", path: "Sources/HostSystem/CHostSystem"),
        .target(name: "Libc", swiftSettings: strict),

        // libguestfs, and the helper executable, which alone links it.
        .executableTarget(
            name: "bootimage-guestfs",
            dependencies: ["GuestFS", "GuestFSProtocol", "Libc", systemPackage],
            swiftSettings: strict),
        .target(
            name: "GuestFS", dependencies: ["CGuestFS", "GuestFSProtocol", "Libc", systemPackage],
            exclude: ["CGuestFS", "Protocol"], swiftSettings: strict),
        .target(
            name: "GuestFSProtocol", path: "Sources/GuestFS/Protocol", swiftSettings: strict),
        .systemLibrary(
            name: "CGuestFS", path: "Sources/GuestFS/CGuestFS",
            providers: [.apt(["libguestfs-dev"])]),

        // The loader as it was built by Bootloader/build: bytes, no code of the host's.
        .target(
            name: "PrebuiltLoader", path: "Bootloader/Prebuilt",
            exclude: ["bios.bin", "BOOTX64.EFI", "BOOTAA64.EFI"]),

        // SHA-256 for the tool; the UEFI loaders are compiled with the same file.
        .target(name: "SHA2", path: "Bootloader/Digest", swiftSettings: strict),
        // How the loader reads memory, ACPI tables and device trees, for its tests.
        .target(name: "LoaderTables", path: "Bootloader/Memory", swiftSettings: strict),

        // `swift package bootimage`, for packages that depend on this one.
        .plugin(
            name: "BootimagePlugin",
            capability: .command(
                intent: .custom(
                    verb: "bootimage", description: "Build, boot or test the package's kernels"))),

        // The guest's rooms: SampleKernel and KernelTesting → BootInfo. A plain host build compiles
        // them too. No target is called Kernel: that name is for packages that depend on this one.
        .executableTarget(
            name: "SampleKernel", dependencies: ["BootInfo", "KernelFont", "KernelRuntime"],
            path: "Sources/Kernel", exclude: ["Font"], swiftSettings: strict),
        .target(name: "KernelFont", path: "Sources/Kernel/Font"),
        .target(
            name: "KernelTesting", dependencies: ["BootInfo", "KernelRuntime"],
            swiftSettings: strict),
        .target(name: "KernelRuntime", dependencies: ["CBootInfo"]),
        .target(
            name: "BootInfo", dependencies: ["CBootInfo"], exclude: ["CBootInfo"],
            swiftSettings: strict),
        .target(name: "CBootInfo", path: "Sources/BootInfo/CBootInfo"),

        // Tests mirror the rooms.
        .target(
            name: "TestSupport", dependencies: [subprocess, systemPackage],
            path: "Tests/TestSupport", swiftSettings: strict),
        // A second opinion on kernels: it must not depend on ELFKit.
        .target(name: "ELFVerdict", path: "Tests/ELFVerdict", swiftSettings: strict),
        // Kernels and mutants of them, for the tests and for fuzzing.
        .target(
            name: "ELFSamples", dependencies: ["ELFKit", "TestSupport"], path: "Tests/ELFSamples",
            swiftSettings: strict),
        .testTarget(
            name: "BootTests",
            dependencies: [
                "bootimage", "BootImageKit", "GuestKit", "DiskImage", "ELFKit", "ELFSamples",
                "HostSystem", "LoaderTables", "TestSupport", subprocess, systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BootimageTests",
            dependencies: [
                "bootimage", "bootimage-guestfs", "Settings", "BootImageKit", "GuestKit",
                "FlashKit", "DiskImage", "ELFKit", "GuestFSProtocol", "HostSystem", "SHA2",
                "TestSupport", argumentParser, subprocess, systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SettingsTests",
            dependencies: [
                "Settings", "BootImageKit", "DiskImage", "TestSupport", systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GuestFSTests",
            dependencies: [
                "bootimage-guestfs", "GuestFS", "GuestFSProtocol", "TestSupport", subprocess,
                systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BootImageKitTests",
            dependencies: [
                "BootImageKit", "DiskImage", "ELFKit", "HostSystem", "TestSupport", systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ELFKitTests",
            dependencies: ["ELFKit", "ELFSamples", "ELFVerdict", "TestSupport", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "DiskImageTests",
            dependencies: ["DiskImage", "HostSystem", "TestSupport", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "FlashKitTests",
            dependencies: ["FlashKit", "DiskImage", "HostSystem", "TestSupport", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "GuestKitTests",
            dependencies: [
                "GuestKit", "ELFKit", "DiskImage", "HostSystem", "TestSupport", systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HostSystemTests", dependencies: ["HostSystem", "TestSupport", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "BootInfoTests", dependencies: ["BootInfo", "CBootInfo"], swiftSettings: strict),
        .testTarget(
            name: "TidyTests", dependencies: ["TestSupport", systemPackage],
            swiftSettings: strict),
    ]
)

// The fuzzer exists for `make fuzz` only: its main function is libFuzzer's.
if Context.environment["BOOTIMAGE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "BootImageKit", "DiskImage", "ELFKit", "ELFSamples", "ELFVerdict", "HostSystem",
                "Libc", "Settings", systemPackage,
            ],
            path: "Fuzz", swiftSettings: strict))
}
