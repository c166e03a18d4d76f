import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import GuestKit

/// Names in Rust's v0 scheme; most are from rustc 1.95, with the text that c++filt prints for them,
/// without the numbers of crates and the types of constants.
struct RustV0NameTests {
    @Test(arguments: [
        ("_RNvCs4Q2Qx8jI5j6_1a3all", "a::all"),
        ("_RNvCs4Q2Qx8jI5j6_1a3all.llvm.7", "a::all"),
        ("_RNCNvCs4Q2Qx8jI5j6_1a3alls_0B3_", "a::all::{closure#1}"),
        ("_RNCNCNvC1a3all00", "a::all::{closure#0}::{closure#0}"),
        ("_RNCNvCs4Q2Qx8jI5j6_1a3all4nameB3_", "a::all::{closure:name#0}"),
        ("_RNvCs4Q2Qx8jI5j6_1au9gre_6ka8i", "a::größe"),
        ("_RNvCs4Q2Qx8jI5j6_1au13v6qp1ar9af17b", "a::内核启动"),
        ("_RNvC1a2_0b", "a::0b"),
        ("_RINvCs4Q2Qx8jI5j6_1a3genTfdayiEEB2_", "a::gen::<(f32, f64, i8, u64, isize)>"),
        ("_RINvC1a3genThEE", "a::gen::<(u8,)>"),
        ("_RINvCs4Q2Qx8jI5j6_1a3genuEB2_", "a::gen::<()>"),
        ("_RINvC1a3genAtj3_E", "a::gen::<[u16; 3]>"),
        ("_RINvC1a3genL_pE", "a::gen::<'_, _>"),
        (
            "_RINvCs4Q2Qx8jI5j6_1a3genSINtNtCsgEmfK2I1SDS_4core6option6OptionINtNtCslNYArtu3iFV_"
                + "5alloc5boxed3BoxhEEEB2_",
            "a::gen::<[core::option::Option<alloc::boxed::Box<u8>>]>"
        ),
        (
            "_RINvCs4Q2Qx8jI5j6_1a3genFG0_RL1_hQL0_tERL1_hEB2_",
            "a::gen::<for<'a, 'b> fn(&'a u8, &'b mut u16) -> &'a u8>"
        ),
        (
            "_RINvCs4Q2Qx8jI5j6_1a3genFG_UKChRL0_tElEB2_",
            #"a::gen::<for<'a> unsafe extern "C" fn(u8, &'a u16) -> i32>"#
        ),
        ("_RINvCs4Q2Qx8jI5j6_1a3genFK6sysv64EuEB2_", #"a::gen::<extern "sysv64" fn()>"#),
        (
            "_RINvCs4Q2Qx8jI5j6_1a3genDG_INtNtNtCsgEmfK2I1SDS_4core3ops8function2FnTRL0_eEEp6Output"
                + "uEL_EB2_",
            "a::gen::<dyn for<'a> core::ops::function::Fn<(&'a str,), Output = ()>>"
        ),
        (
            "_RNvMCs4Q2Qx8jI5j6_1aINtB2_1CKb0_Kcdf_Kx7fffffffffffffff_E3getB2_",
            "<a::C<false, 'ß', 9223372036854775807>>::get"
        ),
        ("_RNvMCs4Q2Qx8jI5j6_1aINtB2_1CKb1_Kc27_Kxn5_E3getB2_", #"<a::C<true, '\'', -5>>::get"#),
        ("_RNvMC1aINtB2_1CKo10000000000000000_E3get", "<a::C<0x10000000000000000>>::get"),
        (
            "_RNvXs0_NtCs4Q2Qx8jI5j6_1a6kernelThQScENtB5_6Driver4name",
            "<(u8, &mut [char]) as a::kernel::Driver>::name"
        ),
        (
            "_RNvXs1_NtCs4Q2Qx8jI5j6_1a6kernelDG_INtNtNtCsgEmfK2I1SDS_4core3ops8function2FnTRL0_h"
                + "PnEEp6OutputbNtNtBE_6marker4SendEL_NtB5_6Driver4name",
            "<dyn for<'a> core::ops::function::Fn<(&'a u8, *const i128), Output = bool> "
                + "+ core::marker::Send as a::kernel::Driver>::name"
        ),
        (
            "_RNvXs_NtCs4Q2Qx8jI5j6_1a6kernelINtB4_6FrameshKj4_ENtNtNtCsgEmfK2I1SDS_4core3ops4drop"
                + "4Drop4dropB6_",
            "<a::kernel::Frames<u8, 4> as core::ops::drop::Drop>::drop"
        ),
        (
            "_RNSNvYNCNvCs4Q2Qx8jI5j6_1a3all0INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceTReEE9"
                + "call_once6vtableB8_",
            "<a::all::{closure#0} as core::ops::function::FnOnce<(&str,)>>::call_once"
                + "::{shim:vtable#0}"
        ),
    ])
    func `a name is that of the source`(_ symbol: String, _ name: String) {
        #expect(RustV0Name(symbol)?.text == name)
    }

    @Test(arguments: [
        "", "_R", "_R0NvC1a3all", "_RNvC1a3al", "_RNvC1a3allx", "_RNvC1a9999999999999999999999x",
        "_RNvB_3all", "_RNvBzzzzzzzzzzzzzzzz_3all", "_RNvC1a3ällo", "_RNvC1au3_99",
        "_RINvC1a1bL0_E",
        "_RINvC1a1bKcd800_E", "_RINvC1a1bKb2_E", "_RINvC1a1bFGzzzzzzzzz_EuE", "_RINvC1a1bhh",
        "_ZN4core9panicking5panic17h0123456789abcdefE", "main",
    ])
    func `other names have none`(_ symbol: String) {
        #expect(RustV0Name(symbol) == nil)
    }

    @Test(.needs("clang", "ld.lld"))
    func `a verdict's line has the source's name`() async throws {
        try await withTemporaryFolder { folder in
            let (source, kernel) = (folder.appending("kernel.s"), folder.appending("kernel"))
            let name = "_RNvMs_NtCs4Q2Qx8jI5j6_6kernel6memoryNtB4_6Frames5alloc"
            let code = ".globl \(name)\n.type \(name), %function\n\(name): ret\n"
            try code.write(toFile: source.string, atomically: false, encoding: .utf8)
            let object = folder.appending("kernel.o").string
            try await Tool(name: "clang").succeed(
                ["--target=x86_64-unknown-none-elf", "-c", source.string, "-o", object])
            try await Tool(name: "ld.lld").succeed(
                ["-m", "elf_x86_64", "-static", "--entry=\(name)", object, "-o", kernel.string])
            let entry = try KernelELF.load(kernel).entry
            let place = CodePlace(entry, in: kernel, movedBy: 0)
            #expect(
                place.ending("guest panic") == "guest panic, at 0x\(String(entry, radix: 16)) "
                    + "in <kernel::memory::Frames>::alloc + 0x0")
        }
    }

    @Test func `nesting and length have limits`() {
        func name(depth: Int) -> RustV0Name? {
            RustV0Name("_RINvC1a1b" + String(repeating: "S", count: depth) + "hE")
        }
        #expect(name(depth: 100) != nil)
        #expect(name(depth: RustV0Name.depthLimit) == nil)
        #expect(name(depth: 1 << 20) == nil)
        #expect(
            RustV0Name(Self.doublings(2))?.text
                == "a::b::<(u8, u8), ((u8, u8), (u8, u8)), "
                + "(((u8, u8), (u8, u8)), ((u8, u8), (u8, u8)))>")
        #expect(RustV0Name(Self.doublings(40)) == nil)
        #expect(RustV0Name("_RNvC1a4000" + String(repeating: "x", count: 4000)) != nil)
        #expect(RustV0Name("_RNvC1a5000" + String(repeating: "x", count: 5000)) == nil)
    }

    /// A symbol with tuples that contain the one before twice.
    private static func doublings(_ count: Int) -> String {
        var (symbol, last) = ("INvC1a1bThhE", 8)
        for _ in 0..<count {
            let reference = "B\(base62(last - 1))_"
            last = symbol.utf8.count
            symbol += "T\(reference)\(reference)E"
        }
        return "_R\(symbol)E"
    }

    private static func base62(_ number: Int) -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return (number < 62 ? "" : base62(number / 62)) + "\(digits[number % 62])"
    }
}
