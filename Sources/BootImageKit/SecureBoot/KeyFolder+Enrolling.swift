import HostSystem
package import SystemPackage

extension KeyFolder {
    /// Refuses a folder without keys.
    package func check() throws(KeyError) {
        let list = file(.db, .list)
        do throws(FileError) { _ = try list.readAll() } catch { throw .noKeys(list) }
    }

    /// Returns a store of firmware variables with these keys enrolled.
    ///
    /// The template is the firmware's own store. If it has a platform key already, none of its
    /// variables are kept.
    package func enrolled(in template: FilePath) throws(KeyError) -> [UInt8] {
        try check()
        let lists = try SecureBootKey.allCases.map { key throws(KeyError) in
            (key, try attempt(file(key, .list).readAll(), orThrow: KeyError.file))
        }
        // The flash of QEMU's virt has 64 MiB.
        let store = try attempt(template.readAll(atMost: 256 << 20), orThrow: KeyError.file)
        do throws(VariableStore.Problem) {
            var enrolled = try VariableStore(store)
            if enrolled.variables.contains(where: { $0.name == SecureBootKey.platform.rawValue }) {
                enrolled.removeAll()
            }
            for (key, list) in lists { try enrolled.set(key.variable(list)) }
            return enrolled.bytes
        } catch {
            throw .store(template, error)
        }
    }
}
