import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import GuestKit
@testable import HostSystem

/// The file that keeps firmware's variables: those of OVMF's package are read, keys are added.
@Suite(.needs("/usr/share/OVMF/OVMF_VARS_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"))
struct VariableStoreTests {
    private static let empty = "/usr/share/OVMF/OVMF_VARS_4M.fd"
    private static let enrolled = "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"

    private static let variable = SecureBootKey.db.variable([1, 2, 3])

    @Test func `the variables of a store that EDK II has written are read`() throws {
        let store = try VariableStore(read(FilePath(Self.enrolled)))
        let names = store.variables.map(\.name)
        for name in ["PK", "KEK", "db", "dbx", "PlatformLang", "SecureBootEnable"] {
            #expect(names.count { $0 == name } == 1, "\(names)")
        }
        let key = try #require(store.variables.first { $0.name == "PK" })
        #expect(key.attributes == FirmwareVariable.keyAttributes)
        #expect(key.vendor.description == "8BE4DF61-93CA-11D2-AA0D-00E098032B8C")
        let list = try #require(store.variables.first { $0.name == "db" })
        #expect(list.vendor.description == "D719B2CB-3D3A-4596-A3BC-DAD00E67656F")
        // EFI_CERT_X509_GUID.
        #expect(list.data.starts(with: SignatureList(certificate: []).bytes.prefix(16)))
    }

    @Test func `a variable is added, and replaces the one with its name`() throws {
        let file = try read(FilePath(Self.empty))
        var store = try VariableStore(file)
        #expect(store.variables.isEmpty)
        for data in [[], [7], [1, 2, 3]] as [[UInt8]] {
            try store.set(SecureBootKey.keyExchange.variable(data))
            try store.set(SecureBootKey.db.variable(data))
        }
        let expected = [SecureBootKey.keyExchange.variable([1, 2, 3]), Self.variable]
        #expect(store.variables == expected)
        #expect(try VariableStore(store.bytes).variables == expected)
        #expect(store.bytes.count == file.count)
        // Nothing but the area of variables is touched.
        #expect(store.bytes[0x4_0000...] == file[0x4_0000...])
    }

    @Test func `a store is full when the next byte has no room`() throws {
        let file = try read(FilePath(Self.empty))
        // The store is so long; it follows a header of 0x48 bytes, and has one of 28.
        let room = 0x3_FFB8 - 28
        let header = 60 + 6
        var store = try VariableStore(file)
        let longest = [UInt8](repeating: 5, count: room - header)
        try store.set(SecureBootKey.db.variable(longest))
        #expect(store.variables.map(\.data.count) == [longest.count])
        var other = try VariableStore(file)
        #expect(throws: VariableStore.Problem.full) {
            try other.set(SecureBootKey.db.variable(longest + [5]))
        }
        #expect(throws: VariableStore.Problem.full) {
            try store.set(SecureBootKey.platform.variable([]))
        }
    }

    @Test(arguments: [0x10, 0x28, 0x48, 0x5C, 0x5D])
    func `what is no store is refused`(_ offset: Int) throws {
        var file = try read(FilePath(Self.empty))
        file[offset] ^= 0xFF
        #expect(throws: VariableStore.Problem.unknownFormat) { try VariableStore(file) }
        #expect(throws: VariableStore.Problem.unknownFormat) {
            try VariableStore(Array(file.prefix(offset)))
        }
    }

    @Test func `keys are not enrolled in a file of another format`() async throws {
        try await withTemporaryFolder { folder in
            let keys = try await SampleKeys.copy(in: folder)
            let template = folder.appending("vars.fd")
            try write("nothing".utf8, to: template)
            #expect(throws: KeyError.store(template, .unknownFormat)) {
                try keys.enrolled(in: template)
            }
        }
    }
}
