// swift-tools-version: 6.2

// A package of its own: only `make fuzz` builds it, with the sanitizers that it cannot do without.
import PackageDescription

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(name: "bootimage", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .target(name: "CMemoryFile"),
        // The second opinion on kernels, where the tests have it.
        .target(name: "ELFVerdict"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CMemoryFile", "ELFVerdict",
                .product(name: "ELFKit", package: "bootimage"),
                .product(name: "DiskImage", package: "bootimage"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]),
    ]
)
