import Libc

internal import CLibELF
internal import SystemPackage

/// The libelf in use.
package enum ELFLibrary {
    /// The version of its elfutils.
    package static let version = "0.\(_ELFUTILS_VERSION)"
}

/// An open libelf handle that decodes headers and returns plain values only.
///
/// libelf keeps what it reads until the handle is closed, so it reads headers only. It is lenient:
/// it ignores entry sizes and clamps counts, so rules are checked before and after.
struct LibELF: ~Copyable {
    private let handle: OpaquePointer
    private let file: KernelFile

    /// `elf_begin` fails before this call, which is needed once per process.
    private static let speaksCurrentVersion = elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE)

    /// Reads the ELF header with `pread`, never `mmap`: if the file is truncated meanwhile, mapped
    /// pages raise SIGBUS, whereas reads fail.
    init(_ file: KernelFile) throws(Problem) {
        guard Self.speaksCurrentVersion,
            let handle = Self.call({ elf_begin(file.descriptor.rawValue, ELF_C_READ, nil) })
        else { throw Self.lastError(reading: file) }
        self.handle = handle
        self.file = file
    }

    deinit { elf_end(handle) }

    func fileHeader() throws(Problem) -> FileHeader {
        var header = GElf_Ehdr()
        guard Self.call({ gelf_getehdr(handle, &header) }) != nil else { throw lastError }
        return FileHeader(header)
    }

    /// Returns all program headers, whose number must be `count`.
    func programHeaders(count: Int) throws(Problem) -> [ProgramHeader] {
        var knownCount = 0
        guard Self.call({ elf_getphdrnum(handle, &knownCount) }) == 0, knownCount == count else {
            throw lastError
        }
        return try (0..<count).map { index throws(Problem) in
            var header = GElf_Phdr()
            guard Self.call({ gelf_getphdr(handle, Int32(index), &header) }) != nil else {
                throw lastError
            }
            return ProgramHeader(header, at: index)
        }
    }

    /// Returns the first `count` section headers; the position of each is its index.
    func sectionHeaders(count: Int) throws(Problem) -> [SectionHeader] {
        var headers: [SectionHeader] = []
        headers.reserveCapacity(count)
        for index in 0..<count {
            var header = GElf_Shdr()
            guard let section = Self.call({ elf_getscn(handle, index) }),
                gelf_getshdr(section, &header) != nil
            else { throw lastError }
            headers.append(SectionHeader(header))
        }
        return headers
    }

    private var lastError: Problem { Self.lastError(reading: file) }

    /// Calls libelf, which reports that a read failed but leaves the cause in `errno`.
    private static func call<Result>(_ body: () -> Result) -> Result {
        errno = 0
        return body()
    }

    /// Why libelf failed: a read failed, the file shrank meanwhile, or libelf's own message.
    private static func lastError(reading file: KernelFile) -> Problem {
        if errno != 0 { return .cannotRead(Errno(rawValue: errno)) }
        if let end = file.endIfShrunk { return .shrankWhileRead(offset: end) }
        let message = elf_errmsg(-1).map { String(cString: $0) }
        return .header(.undecodable(message ?? "libelf reports no reason"))
    }
}

extension FileHeader {
    fileprivate init(_ header: GElf_Ehdr) {
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
    fileprivate init(_ header: GElf_Phdr, at index: Int) {
        self.init(
            id: SegmentID(SegmentType(rawValue: header.p_type), index), flags: header.p_flags,
            fileOffset: header.p_offset, virtualAddress: header.p_vaddr,
            physicalAddress: header.p_paddr, fileByteCount: header.p_filesz,
            memoryByteCount: header.p_memsz, alignment: header.p_align)
    }
}

extension SectionHeader {
    fileprivate init(_ header: GElf_Shdr) {
        self.init(
            nameOffset: header.sh_name, type: header.sh_type, flags: header.sh_flags,
            address: header.sh_addr,
            offset: header.sh_offset, byteCount: header.sh_size, link: header.sh_link,
            info: header.sh_info, alignment: header.sh_addralign)
    }
}
