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
        let (file, lists) = try KeyError.attempt { () throws(FileError) in
            let lists = try SecureBootKey.allCases.map { key throws(FileError) in
                (key, try self.file(key, .list).readAll())
            }
            // The flash of QEMU's virt has 64 MiB.
            return (try template.readAll(atMost: 256 << 20), lists)
        }
        do throws(VariableStore.Problem) {
            var store = try VariableStore(file)
            if store.variables.contains(where: { $0.name == SecureBootKey.platform.rawValue }) {
                store.removeAll()
            }
            for (key, list) in lists { try store.set(key.variable(list)) }
            return store.bytes
        } catch {
            throw .store(template, error)
        }
    }
}
