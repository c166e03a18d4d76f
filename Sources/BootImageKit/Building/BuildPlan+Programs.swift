import DiskImage
import HostSystem

extension BuildPlan {
    /// The programs that carrying out the plan starts, each once; `isDryRun` leaves out those that
    /// only write.
    func programs(isDryRun: Bool) -> [(name: String, use: ProgramUse)] {
        var programs: [(name: String, use: ProgramUse)] = []
        func add(_ name: String, _ use: ProgramUse) {
            if !programs.contains(where: { $0.name == name }) { programs.append((name, use)) }
        }
        if signing != nil {
            for program in SigningProgram.allCases { add(program.rawValue, .signing) }
        }
        if isDryRun { return programs }
        for output in outputs {
            if output.format != .raw { add(ImageConverter.name, .format(output.format)) }
            if let compression = output.compression {
                add(compression.program, .compression(compression))
            }
        }
        return programs
    }

    /// Checks that the programs are on `PATH`, and that libguestfs is installed if a partition
    /// needs it, before any work starts.
    package func checkHost(isDryRun: Bool = false) throws(BuildError) {
        for (name, use) in programs(isDryRun: isDryRun) {
            _ = try attempt(Program(name), orThrow: { BuildError.program($0, use) })
        }
        if isDryRun { return }
        let foreign = partitions.first { ![.none, .fat32].contains($0.fileSystem) }
        if let foreign, GuestFSHelper() == nil {
            let partition = "partition “\(foreign.name)” (\(foreign.fileSystem))"
            throw .guestFS(.noHelper(partition: partition))
        }
    }
}
