/// The headers of a kernel's file and the names of its sections, before the rules on its contents.
struct KernelSections {
    /// `nil` if the file is not ELF, or its headers are broken.
    let tables: HeaderTables?
    /// The section names, each terminated by a zero; empty if they are missing or broken.
    let names: [UInt8]
    let notes: [Note]
    /// Whether the file holds a kernel, and not a program for Linux or debug information only.
    let isKernel: Bool
    /// The broken rules, which matter only if the boot protocol needs the headers.
    let problems: [Problem]

    /// The section of stivale2's header, with its terminating zero.
    private static let stivale2Name = Array(".stivale2hdr".utf8) + [0]
    /// The section of pointers to requests in Limine's base revision 0, with its terminating zero.
    private static let limineName = Array(".limine_reqs".utf8) + [0]

    init(reading file: KernelFile) throws(Problem) {
        let problems = ProblemCollector(stopsAtFirst: false)
        tables = try HeaderTables(reading: file, problems)
        guard let tables else {
            (names, notes, isKernel, self.problems) = ([], [], false, problems.problems)
            return
        }
        let notes = try file.notes(of: tables)
        self.notes = notes
        isKernel = try problems.attempt(try tables.checkIsKernel(notes)) != nil
        names =
            isKernel
            ? try problems.attempt(try tables.sectionNameRange().map(file.bytes) ?? []) ?? [] : []
        self.problems = problems.problems
    }

    /// Adds what asks for a protocol in the sections, segments and notes of an ELF file.
    func addEvidence(to protocols: inout KernelProtocols, in file: KernelFile) throws(Problem) {
        guard let tables else { return }
        protocols.add(
            .bootloader, at: tables.section(named: HeaderTables.configurationName, names: names))
        protocols.limine = try file.limineRequests(in: tables)
        protocols.limine?.sectionOffset = tables.section(named: Self.limineName, names: names)
        protocols.add(.limine, at: protocols.limine?.firstOffset)
        protocols.add(.stivale2, at: tables.section(named: Self.stivale2Name, names: names))
        let xen = notes.filter { $0.owner == Array("Xen".utf8) }
        if let note = xen.first(where: { $0.type == 18 }) {
            protocols.add(.pvh, at: note.offset)
        } else {
            protocols.add(.xen, at: xen.first?.offset)
        }
        let isAsked = protocols.evidence.contains {
            $0.kind.bootProtocol?.isSpoken(on: tables.architecture) == true
        }
        if !isAsked, ImageRules.isLinkedToItsPlace(tables) {
            protocols.add(.armMemory, at: tables.programHeaderTable.lowerBound)
        }
    }
}
