/// Time from reset to the kernel's first instruction with our loader and GRUB 2, in virtual ms.
struct BootBenchmark {
    let tools: [(label: String, path: String)]
    /// The folder with the sources of the boot programs.
    let sources: String

    private static let kernels: [(name: String, byteCount: Int, bios: Double, uefi: Double)] = [
        ("256 KiB", 256 << 10, 12, 6), ("8 MiB", 8 << 20, 22, 10), ("64 MiB", 64 << 20, 95, 30),
    ]

    func run(_ report: inout Report) throws {
        let images = BootImages(sources: sources)
        let sector = try images.sector()
        let program = try images.program()
        let uefi = try Machine.uefi(knownTo: tools[0].path, image: sector)
        let machines = [Machine.biosIDE, .biosVirtio, uefi]
        report.section("boot, virtual ms until the", "BIOS, IDE", "BIOS, virtio", "UEFI, virtio")
        let entered = try row([sector, sector, program], machines)
        report.add("loader", "", entered, .milliseconds)
        _ = try? benchmark.run(tools[0].path, "keys", "new", "--directory", "keys")
        for kernel in Self.kernels {
            let path = try images.kernel(byteCount: kernel.byteCount)
            let name = "kernel of \(kernel.name)"
            for tool in tools {
                try benchmark.run(
                    tool.path, "build", "--quiet", path, "--protocol", "plain", "--name", "boot")
                let (bios, own) = ("bootimage-boot.bios.img", "bootimage-boot.uefi.img")
                let times = try row([bios, bios, own], machines)
                report.add(name, tool.label, times, .milliseconds)
                guard tool.label == tools[0].label else { continue }
                report.add(
                    Target(
                        "\(name), BIOS, from reset", times[0], atMost: kernel.bios, .milliseconds))
                report.add(
                    Target(
                        "\(name), UEFI, from the loader on", times[2] - entered[2],
                        atMost: kernel.uefi, .milliseconds))
            }
            try signed(path, uefi, name, &report)
            guard BootImages.canMakeGRUB else { continue }
            let grub = try images.grub(path)
            report.add(name, "GRUB 2", try row([grub, grub, grub], machines), .milliseconds)
        }
    }

    private func row(_ images: [String], _ machines: [Machine]) throws -> [Double] {
        try zip(images, machines).map { try $1.boot($0) }
    }

    private func signed(
        _ kernel: String, _ machine: Machine, _ name: String, _ report: inout Report
    ) throws {
        guard isInstalled("sbsign") else { return }
        try benchmark.run(
            tools[0].path, "build", "--quiet", kernel, "--protocol", "plain", "--firmware", "uefi",
            "-o", "signed.img",
            "--sign-key", "keys/db.key", "--sign-cert", "keys/db.pem")
        report.add(
            name, "signed and verified", [nil, nil, try machine.boot("signed.img")], .milliseconds)
    }
}
