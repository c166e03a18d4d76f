import CHostSystem

/// Whether KVM runs guests on this machine.
package enum KVM {
    package enum Outcome: Sendable {
        case works
        /// There is no /dev/kvm.
        case absent
        /// This user may not open /dev/kvm.
        case denied
        /// It cannot run a guest of one page, as in a virtual machine that emulates in part.
        case fails
        /// The guest did not end in time.
        case hangs
    }

    /// Runs a guest of one page, for at most `limit`.
    package static func probe(limit: Duration) -> Outcome {
        switch probe_kvm(Int32(clamping: limit.wholeMilliseconds)) {
        case KVM_RUNS: .works
        case KVM_ABSENT: .absent
        case KVM_CLOSED: .denied
        case KVM_HANGS: .hangs
        default: .fails
        }
    }

    /// Probes for at most two seconds.
    package static var works: Bool { kvm_runs_guests() }
}
