package import ELFKit
package import SystemPackage

package struct TestPlan: Equatable, Sendable {
    /// One kernel or image on one firmware or board, or one kernel that QEMU starts itself.
    package struct Boot: Equatable, Sendable {
        /// Its name in reports, without the firmware.
        package var name: String
        package var file: FilePath
        package var starter: Starter
        package var architecture: Architecture

        package init(name: String, file: FilePath, starter: Starter, architecture: Architecture) {
            (self.name, self.file) = (name, file)
            (self.starter, self.architecture) = (starter, architecture)
        }
    }

    package var boots: [Boot]
    package var jobs: Int
    package var retries: Int
    package var limit: Duration
    package var expectation: ExpectedOutcome
    /// The exit status of success; nil for the default of a boot's architecture.
    package var success: Int32?

    package init(
        boots: [Boot], jobs: Int, retries: Int, limit: Duration, expectation: ExpectedOutcome,
        success: Int32? = nil
    ) {
        (self.boots, self.jobs, self.retries) = (boots, jobs, retries)
        (self.limit, self.expectation, self.success) = (limit, expectation, success)
    }
}
