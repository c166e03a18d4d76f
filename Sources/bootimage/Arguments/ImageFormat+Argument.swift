import BootImageKit
import DiskImage

extension ImageFormat: NamedChoice {}
