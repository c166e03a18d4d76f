import Libc

internal import CLibELF
internal import SystemPackage

/// The libelf that reads kernels.
public enum ELFLibrary {
    /// The version of elfutils that it was built from.
    public static let version = "0.\(_ELFUTILS_VERSION)"
}

/// An open libelf handle: decodes headers, and nothing leaves it but plain values.
///
/// libelf is asked for headers only. It keeps what it reads until the handle is closed, and it is
/// lenient: it ignores entry sizes and clamps counts. The rules are checked before and after.
struct LibELF: ~Copyable {
    private let handle: OpaquePointer
    private let file: KernelFile

    /// `elf_begin` refuses to work before the version is agreed on, once per process.
    private static let speaksCurrentVersion = elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE)

    /// Reads the ELF header by `pread`, never by `mmap`: of a file that is truncated meanwhile,
    /// mapped pages raise SIGBUS, where reads fail.
    init(_ file: KernelFile) throws(ELFError.Problem) {
        guard Self.speaksCurrentVersion,
            let handle = Self.call({ elf_begin(file.descriptor.rawValue, ELF_C_READ, nil) })
        else { throw Self.lastError(reading: file) }
        self.handle = handle
        self.file = file
    }

    deinit { elf_end(handle) }

    func fileHeader() throws(ELFError.Problem) -> FileHeader {
        guard let header = Self.call({ elf64_getehdr(handle) })?.pointee else { throw lastError }
        return FileHeader(header)
    }

    /// The first `count` program headers of the types that the loader knows, in file order.
    func programHeaders(count: Int) throws(ELFError.Problem) -> [ProgramHeader] {
        var knownCount = 0
        guard elf_getphdrnum(handle, &knownCount) == 0, knownCount == count,
            let table = Self.call({ elf64_getphdr(handle) })
        else { throw lastError }
        return UnsafeBufferPointer(start: table, count: count).enumerated()
            .compactMap { index, header in ProgramHeader(header, at: index) }
    }

    /// The end of the last bytes that any of the first `count` program headers is about, of
    /// whatever type; the highest number if one has an end beyond it.
    func endOfSegments(count: Int) throws(ELFError.Problem) -> UInt64 {
        guard let table = Self.call({ elf64_getphdr(handle) }) else { throw lastError }
        return UnsafeBufferPointer(start: table, count: count)
            .filter { $0.p_type != PT_NULL && $0.p_filesz > 0 }
            .map { Range(start: $0.p_offset, count: $0.p_filesz)?.upperBound ?? .max }
            .max() ?? 0
    }

    /// The first `count` program headers as they are.
    func segmentMap(count: Int) throws(ELFError.Problem) -> [ProgramHeaderEntry] {
        guard let table = Self.call({ elf64_getphdr(handle) }) else { throw lastError }
        return UnsafeBufferPointer(start: table, count: count).enumerated().map { index, header in
            ProgramHeaderEntry(
                index: index, type: header.p_type, flags: header.p_flags,
                fileOffset: header.p_offset, virtualAddress: header.p_vaddr,
                fileByteCount: header.p_filesz, memoryByteCount: header.p_memsz,
                alignment: header.p_align)
        }
    }

    /// The first `count` section headers, so that the index of each is its position.
    func sectionHeaders(count: Int) throws(ELFError.Problem) -> [SectionHeader] {
        var headers: [SectionHeader] = []
        headers.reserveCapacity(count)
        for index in 0..<count {
            guard let section = Self.call({ elf_getscn(handle, index) }),
                let header = elf64_getshdr(section)?.pointee
            else { throw lastError }
            headers.append(SectionHeader(header))
        }
        return headers
    }

    private var lastError: ELFError.Problem { Self.lastError(reading: file) }

    /// Calls libelf, which tells that a read of its own failed but not why: that is in `errno`.
    private static func call<Result>(_ body: () -> Result) -> Result {
        errno = 0
        return body()
    }

    /// Why libelf gave nothing: a read failed, the file became shorter meanwhile, or what libelf
    /// says.
    private static func lastError(reading file: KernelFile) -> ELFError.Problem {
        if errno != 0 { return .cannotRead(Errno(rawValue: errno)) }
        if let end = file.endIfShrunk { return .shrankWhileRead(offset: end) }
        let message = elf_errmsg(-1).map { String(cString: $0) }
        return .header(.undecodable(message ?? "libelf gives no reason"))
    }
}

extension FileHeader {
    fileprivate init(_ header: Elf64_Ehdr) {
        self.init(
            type: header.e_type, machine: header.e_machine, version: header.e_version,
            entry: header.e_entry, programHeaderOffset: header.e_phoff,
            sectionHeaderOffset: header.e_shoff, headerByteCount: header.e_ehsize,
            programHeaderByteCount: header.e_phentsize, programHeaderCount: header.e_phnum,
            sectionHeaderByteCount: header.e_shentsize, sectionHeaderCount: header.e_shnum,
            sectionNameIndex: header.e_shstrndx)
    }
}

extension ProgramHeader {
    fileprivate init?(_ header: Elf64_Phdr, at index: Int) {
        guard let type = SegmentType(rawValue: header.p_type) else { return nil }
        self.init(
            id: SegmentID(type, index), flags: header.p_flags, offset: header.p_offset,
            virtualAddress: header.p_vaddr, physicalAddress: header.p_paddr,
            fileByteCount: header.p_filesz,
            memoryByteCount: header.p_memsz, alignment: header.p_align)
    }
}

extension SectionHeader {
    fileprivate init(_ header: Elf64_Shdr) {
        self.init(
            nameOffset: header.sh_name, type: header.sh_type, flags: header.sh_flags,
            address: header.sh_addr,
            offset: header.sh_offset, byteCount: header.sh_size, link: header.sh_link,
            info: header.sh_info, alignment: header.sh_addralign)
    }
}
