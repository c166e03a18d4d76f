// The C library under one name, whether the executable links Glibc or Musl.
#if canImport(Glibc)
    @_exported import Glibc
#elseif canImport(Musl)
    @_exported import Musl
#endif
