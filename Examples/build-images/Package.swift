// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "build-images",
    dependencies: [.package(name: "bootimage", path: "../..")],
    targets: [
        .executableTarget(
            name: "build-images",
            dependencies: [.product(name: "BootImageKit", package: "bootimage")])
    ]
)
