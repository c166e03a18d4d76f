/// Inspecting and verifying images, compared with reading them once.
struct ReadingBenchmark {
    let tools: [(label: String, path: String)]
    let workload: Workload

    func run(_ report: inout Report) throws {
        report.section("look at an image, \(workload.name)", "wall", "÷ reading")
        for firmware in ["bios", "uefi"] {
            let image = "\(firmware).img"
            let build = Contenders(workload: workload, tools: tools, folder: ".", loader: "")
                .one(firmware, by: tools[0])
            _ = try build.run()
            defer { build.removeOutputs() }
            let looks = tools.flatMap { tool in
                ["verify", "inspect"].map {
                    Command(label: "\(tool.label), \($0)", arguments: [tool.path, $0, image])
                }
            }
            let once = Command(
                label: "read once",
                arguments: ["dd", "if=\(image)", "of=/dev/null", "bs=128K", "status=none"])
            let samples = try Race(commands: looks + [once], rounds: 7).run()
            guard let reading = samples["read once"] else { continue }
            for look in looks + [once] {
                guard let own = samples[look.label] else { continue }
                let ratio = own.ratio(to: reading).wall
                report.add(
                    firmware.uppercased(), look.label, [own.times.wall, ratio], .milliseconds,
                    .ratio)
                if look.label.hasPrefix(tools[0].label) {
                    report.add(
                        Target(
                            "\(look.label), \(firmware.uppercased()), ÷ reading", ratio,
                            atMost: 1.2, .ratio))
                }
            }
        }
    }
}
