import HostSystem
import SystemPackage

/// Runs a program for a build.
func running<Value>(
    for use: ProgramUse, _ body: () throws(ProgramError) -> Value
) throws(BuildError) -> Value {
    do throws(ProgramError) { return try body() } catch { throw .program(error, use) }
}

/// Reads and writes temporary files and outputs.
func usingFiles<Value: ~Copyable>(_ body: () throws(FileError) -> Value) throws(BuildError) -> Value
{
    do throws(FileError) { return try body() } catch { throw .file(error) }
}

func readFile(_ path: FilePath) throws(BuildError) -> [UInt8] {
    try usingFiles { () throws(FileError) in try path.readAll() }
}

func writeFile(_ bytes: [UInt8], to path: FilePath) throws(BuildError) {
    try usingFiles { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
}
