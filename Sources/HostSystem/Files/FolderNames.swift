package import SystemPackage

import Libc

extension FilePath {
    /// The names in the folder, as text, without `.` and `..`; in no order.
    package func names() throws(Errno) -> [String] {
        guard let stream = withPlatformString({ opendir($0) }) else {
            throw Errno(rawValue: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(
                    to: CInterop.PlatformChar.self, capacity: MemoryLayout.size(ofValue: name)
                ) { String(platformPath: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
    }
}
