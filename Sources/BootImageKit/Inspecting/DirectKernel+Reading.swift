import DiskImage
import ELFKit
import HostSystem
import SystemPackage

extension DirectKernel {
    /// The start of a file that has every header which QEMU looks for.
    private static let startByteCount: UInt64 = 8192
    private static let elfMagic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// Reads a file's headers; nothing that they name is used unchecked.
    init(reading path: FilePath) throws(BuildError) {
        let file = try ImageInput.openRegular(path)
        defer { try? file.descriptor.close() }
        let byteCount = file.byteCount.value
        let start = try file.descriptor.read(
            min(Self.startByteCount, byteCount), at: 0, of: path)
        do throws(DirectFault) {
            if byteCount == 0 { throw .empty }
            if Self.isLinux(start) {
                self = try Self.linux(start, byteCount)
            } else {
                let inspection: Inspection
                do throws(ELFError) {
                    inspection = try KernelELF.inspect(file.descriptor, named: path.text)
                } catch {
                    throw .badHeaders("\(error)")
                }
                let note = try Self.pvhEntry(in: file.descriptor, inspection)
                self = try Self.read(start, inspection, pvhEntry: note)
            }
        } catch {
            throw .input(path, .notDirect(error))
        }
    }

    /// Whether a file with these first bytes is a bzImage.
    static func isLinux(_ start: [UInt8]) -> Bool { start.has("HdrS", at: 0x202) }

    /// Linux's `Documentation/arch/x86/boot.rst`, "The Real-Mode Kernel Header".
    private static func linux(
        _ start: [UInt8], _ byteCount: UInt64
    ) throws(DirectFault) -> DirectKernel {
        let sectorCount = start[0x1F1] == 0 ? 4 : Int(start[0x1F1])
        guard (UInt64(sectorCount) + 1) * 512 < byteCount else {
            throw .badSetup(sectorCount: sectorCount, fileByteCount: byteCount)
        }
        // QEMU puts the part after the set-up code at 1 MiB.
        return DirectKernel(form: .linux, entry: 0x10_0000, memory: [])
    }

    private static func read(
        _ start: [UInt8], _ inspection: Inspection, pvhEntry: UInt32?
    ) throws(DirectFault) -> DirectKernel {
        let byteCount = UInt64(inspection.fileByteCount)
        let isELF = start.starts(with: elfMagic) && start.count >= 64
        let machine: UInt16 = isELF ? start.number(at: 18) : 0
        if !isELF || machine == 3 || machine == 62, let header = inspection.protocols.multiboot {
            if let addresses = header.addresses {
                var kernel = try multiboot(addresses, header, fileByteCount: byteCount)
                kernel.isELF = isELF
                return kernel
            }
            guard isELF, machine == 3 else { throw .multibootIn64Bits }
        }
        guard isELF else {
            if let header = inspection.protocols.image {
                return header.kernel(fileByteCount: byteCount)
            }
            let start = ImageHeader.formerTextOffset
            return DirectKernel(form: .flat, entry: start, memory: [start..<start + byteCount])
        }
        guard [3, 62, 183].contains(machine) else { throw .machine(machine) }
        if inspection.segments.isEmpty {
            let error = inspection.findings.first { $0.rule.severity == .error }
            throw error.map { .badHeaders($0.message) } ?? .noSegments
        }
        let segments = try DirectSegments(inspection)
        let (form, entry) = try entry(start, machine, inspection, pvhEntry)
        let address = segments.physical(entry, isVirtual: form != .pvh)
        guard segments.memory.contains(where: { $0.contains(address) }) else {
            throw .entryOutside(address)
        }
        return DirectKernel(form: form, entry: address, memory: segments.memory, isELF: true)
    }

    /// How an ELF file is started, and its entry point.
    private static func entry(
        _ start: [UInt8], _ machine: UInt16, _ inspection: Inspection, _ pvhEntry: UInt32?
    ) throws(DirectFault) -> (Form, UInt64) {
        let is32Bit = start[4] == 1
        let entry: UInt64 = is32Bit ? UInt64(start.number(at: 24) as UInt32) : start.number(at: 24)
        if machine == 183 { return (.elf, entry) }
        if inspection.protocols.multiboot != nil { return (.multiboot, entry) }
        if let pvhEntry { return (.pvh, UInt64(pvhEntry)) }
        throw .noEntryForQEMU(found: inspection.protocols.evidence.map(\.text))
    }

    /// The physical entry point in the note, which QEMU searches for in segments only.
    private static func pvhEntry(
        in file: FileDescriptor, _ inspection: Inspection
    ) throws(DirectFault) -> UInt32? {
        guard let note = inspection.protocols.evidence.first(where: { $0.kind == .pvh }),
            inspection.segments.contains(where: { $0.holdsNote(at: note.offset) })
        else { return nil }
        // Three numbers and the name "Xen" come first.
        let bytes = try? file.read(4, at: note.offset + 16, of: "")
        guard let bytes else { throw .badHeaders("its PVH note cannot be read") }
        return bytes.count == 4 ? bytes.number(at: 0) : nil
    }

    /// Multiboot 0.6.96, "The address fields of Multiboot header".
    private static func multiboot(
        _ addresses: MultibootAddresses, _ header: MultibootHeader, fileByteCount: UInt64
    ) throws(DirectFault) -> DirectKernel {
        let load = UInt64(addresses.load)
        guard addresses.header >= addresses.load,
            UInt64(addresses.header) - load <= header.offset, let entry = header.entry
        else { throw .badAddresses }
        let fileOffset = header.offset - (UInt64(addresses.header) - load)
        let inFile = load + fileByteCount - fileOffset
        let loadEnd = addresses.loadEnd == 0 ? inFile : UInt64(addresses.loadEnd)
        let end = addresses.zeroEnd == 0 ? loadEnd : UInt64(addresses.zeroEnd)
        guard load < loadEnd, loadEnd <= inFile, loadEnd <= end else { throw .badAddresses }
        guard (load..<end).contains(UInt64(entry)) else { throw .entryOutside(UInt64(entry)) }
        return DirectKernel(form: .multiboot, entry: UInt64(entry), memory: [load..<end])
    }
}

extension ImageHeader {
    /// The kernel where QEMU puts it.
    ///
    /// It keeps the first page for its own code: with less distance, the kernel lies 2 MiB above.
    fileprivate func kernel(fileByteCount: UInt64) -> DirectKernel {
        let offset = placeOffset < 4096 ? placeOffset + Self.unit : placeOffset
        let (end, hasOverflowed) = offset.addingReportingOverflow(
            max(imageByteCount, fileByteCount))
        return DirectKernel(
            form: .image, entry: offset, memory: [offset..<(hasOverflowed ? .max : end)])
    }
}

/// The segments of an ELF file, as QEMU loads them.
private struct DirectSegments {
    private var loads: [(header: ProgramHeader, memory: Range<UInt64>)] = []

    var memory: [Range<UInt64>] { loads.map(\.memory) }

    init(_ inspection: Inspection) throws(DirectFault) {
        for header in inspection.segments
        where header.type == .load && header.memoryByteCount > 0 {
            let file = header.fileOffset.addingReportingOverflow(header.fileByteCount)
            let end = header.physicalAddress.addingReportingOverflow(header.memoryByteCount)
            guard !file.overflow, !end.overflow, header.fileByteCount <= header.memoryByteCount,
                file.partialValue <= UInt64(inspection.fileByteCount)
            else { throw .badSegment(header.id) }
            loads.append((header, header.physicalAddress..<end.partialValue))
        }
        if loads.isEmpty { throw .noSegments }
        loads.sort { $0.memory.lowerBound < $1.memory.lowerBound }
        for (first, second) in zip(loads, loads.dropFirst())
        where first.memory.overlaps(second.memory) {
            throw .overlap(first.header.id, second.header.id)
        }
    }

    /// The physical address of an entry point: ELF's is virtual where the two differ.
    func physical(_ entry: UInt64, isVirtual: Bool) -> UInt64 {
        let code = loads.map(\.header).first { header in
            entry >= header.virtualAddress && entry - header.virtualAddress < header.fileByteCount
        }
        guard isVirtual, let code else { return entry }
        return entry - code.virtualAddress &+ code.physicalAddress
    }
}

extension ProgramHeader {
    fileprivate func holdsNote(at offset: UInt64) -> Bool {
        let isNote = type == SegmentType(rawValue: 4)
        return isNote && offset >= fileOffset && offset - fileOffset < fileByteCount
    }
}

extension [UInt8] {
    fileprivate func has(_ text: String, at offset: Int) -> Bool {
        dropFirst(offset).starts(with: text.utf8)
    }

    /// The little-endian number at an offset; the caller has checked the count.
    fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(
        at offset: Int
    ) -> Number {
        dropFirst(offset).prefix(Number.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}
