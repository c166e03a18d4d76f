import CGuestFS
public import GuestFSProtocol
public import SystemPackage
import Libc

/// libguestfs's appliance: a small Linux in a virtual machine, to which disks are added before it
/// starts.
///
/// A handle of libguestfs is used by one thread at a time. Errors are thrown, never printed.
public final class Appliance {
    /// What libguestfs reports while a call runs, on the caller's thread.
    public enum Event: Equatable, Sendable {
        /// The call has come this far; the unit is the call's own.
        case progress(position: UInt64, total: UInt64)
        /// Text from the virtual machine's console, QEMU's messages included.
        case console(String)
        /// A message of the library's: debugging, a warning, or a traced call.
        case library(String)
    }

    let handle: OpaquePointer
    private let observer: Observer
    private var driveCount = 0

    /// Creates a handle that has the settings of the `LIBGUESTFS_…` environment variables.
    ///
    /// The appliance is started by QEMU directly, not by libvirt, unless a variable says
    /// otherwise; without `usesKVM` it is emulated.
    public init(
        usesKVM: Bool, observe: @escaping (Event) -> Void
    ) throws(GuestFSError) {
        guard let handle = guestfs_create() else {
            throw .call(function: .create, message: "out of memory", errno: ENOMEM)
        }
        (self.handle, observer) = (handle, Observer(body: observe))
        guestfs_set_error_handler(handle, nil, nil)
        let events =
            GUESTFS_EVENT_PROGRESS | GUESTFS_EVENT_APPLIANCE | GUESTFS_EVENT_LIBRARY
            | GUESTFS_EVENT_WARNING | GUESTFS_EVENT_TRACE
        let observing = guestfs_set_event_callback(
            handle, Observer.callback, UInt64(events), 0,
            Unmanaged.passUnretained(observer).toOpaque())
        try check(observing, .create)
        if getenv("LIBGUESTFS_BACKEND") == nil {
            try check(guestfs_set_backend(handle, "direct"), .configure)
        }
        if !usesKVM, getenv("LIBGUESTFS_BACKEND_SETTINGS") == nil {
            try check(guestfs_set_backend_setting(handle, "force_tcg", "1"), .configure)
        }
    }

    deinit { guestfs_close(handle) }

    /// libguestfs's version.
    public var version: String? {
        guard let version = guestfs_version(handle) else { return nil }
        defer { guestfs_free_version(version) }
        return "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.release)"
    }

    /// Adds a raw disk, before ``launch()``; the file stays open until then.
    ///
    /// libguestfs takes names only. The one it gets leads to the descriptor, so that nothing in
    /// the file's own name has a meaning; but the file must still have a name.
    ///
    /// - Returns: The disk's device in the appliance.
    public func add(
        _ descriptor: FileDescriptor, readOnly: Bool, sectorByteCount: Int = 512
    ) throws(GuestFSError) -> String {
        let path = "/proc/\(getpid())/fd/\(descriptor.rawValue)"
        guard let resolved = realpath(path, nil) else { throw .imageRemoved(errno: errno) }
        free(resolved)
        let label = Self.label(driveCount)
        driveCount += 1
        let result = "raw".withCString { format in
            label.withCString { label in
                "unsafe".withCString { cacheMode in
                    var options = guestfs_add_drive_opts_argv()
                    options.bitmask =
                        1 << GUESTFS_ADD_DRIVE_OPTS_FORMAT | 1 << GUESTFS_ADD_DRIVE_OPTS_READONLY
                        | 1 << GUESTFS_ADD_DRIVE_OPTS_LABEL
                        | 1 << GUESTFS_ADD_DRIVE_OPTS_BLOCKSIZE
                    options.format = format
                    options.readonly = readOnly ? 1 : 0
                    options.label = label
                    options.blocksize = Int32(sectorByteCount)
                    if !readOnly {
                        // Nothing reads the file before QEMU has ended; it need not be synced.
                        options.bitmask |= 1 << GUESTFS_ADD_DRIVE_OPTS_CACHEMODE
                        options.cachemode = cacheMode
                    }
                    return guestfs_add_drive_opts_argv(handle, path, &options)
                }
            }
        }
        try check(result, .addDrive)
        return "/dev/disk/guestfs/\(label)"
    }

    /// Labels have only letters: a, b, … z, aa, ab, and so on.
    static func label(_ index: Int) -> String {
        let last = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
        return index < 26 ? last : label(index / 26 - 1) + last
    }

    /// Boots the appliance with all disks.
    public func launch() throws(GuestFSError) {
        observer.console = []
        guard guestfs_launch(handle) == 0 else {
            throw .notStarted(message: lastMessage, console: observer.console)
        }
    }

    /// Shuts the appliance down; what was written is then in the files.
    public func shutDown() throws(GuestFSError) {
        try check(guestfs_shutdown(handle), .shutdown)
    }

    func check(_ result: Int32, _ call: GuestFSError.Call) throws(GuestFSError) {
        guard result == -1 else { return }
        throw .call(function: call, message: lastMessage, errno: guestfs_last_errno(handle))
    }

    /// The first line: libguestfs appends what programs printed, and advice about debugging.
    private var lastMessage: String {
        let text = guestfs_last_error(handle).map { String(cString: $0) } ?? ""
        return text.split(separator: "\n").first.map(String.init) ?? "unknown error"
    }
}

/// Passes libguestfs's events on, and keeps the end of the console for a failed start.
private final class Observer {
    private static let lineLimit = 3

    let body: (Appliance.Event) -> Void
    /// The last lines.
    var console: [String] = []

    init(body: @escaping (Appliance.Event) -> Void) { self.body = body }

    static let callback: guestfs_event_callback = {
        _, opaque, event, _, _, buffer, length, numbers, count in
        guard let opaque else { return }
        let observer = Unmanaged<Observer>.fromOpaque(opaque).takeUnretainedValue()
        if event == GUESTFS_EVENT_PROGRESS, count >= 4, let numbers {
            observer.body(.progress(position: numbers[2], total: numbers[3]))
        } else if let buffer, length > 0 {
            let bytes = UnsafeRawBufferPointer(start: buffer, count: length)
            let text = String(decoding: bytes, as: UTF8.self)
            if event == GUESTFS_EVENT_APPLIANCE {
                let lines = text.split(whereSeparator: \.isNewline).map(String.init)
                observer.console = (observer.console + lines).suffix(lineLimit)
                observer.body(.console(text))
            } else {
                observer.body(.library(text))
            }
        }
    }
}
