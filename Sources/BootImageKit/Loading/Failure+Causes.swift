package import DiskImage
package import ELFKit

import HostSystem

extension Failure {
    /// A kernel that cannot be read or must not be loaded.
    package init(_ error: ELFError) {
        let status: Status =
            if error.isInputMissing { .missingInput } else if error.isReadFailure {
                .inputOutput
            } else { .badInput }
        self.init(status, "\(error)")
    }

    /// An image that was not written.
    package init(_ error: WriteError) {
        let status: Status =
            switch error {
            case .failed(.readInput, _, _), .failed(.write, _, _), .failed(.setSize, _, _),
                .inputTooShort, .inputChanged:
                .inputOutput
            case .failed, .outputNotAFile, .outputNotAFolder, .outputElsewhere,
                .outputInTheWay, .outputIsInput:
                .cannotCreateOutput
            }
        self.init(status, "\(error)")
    }
}
