// A flat file of the form of Linux's bzImage (Documentation/arch/x86/boot.rst). Its set-up code, in
// real mode, prints the command line and the RAM disk's size, and ends QEMU with status 33.
    .code16
    .globl  _start
_start:
    .org    0x1f1
    .byte   1               // setup_sects
    .org    0x1fe
    .word   0xaa55          // boot_flag
    jmp     start           // at 0x200, where a loader enters
    .ascii  "HdrS"
    .word   0x20c           // version
    .org    0x211
    .byte   0x81            // loadflags: the rest goes to 1 MiB, and there may be a heap
    .org    0x214
    .long   0x100000        // code32_start
ramdisk_image:
    .long   0
ramdisk_size:
    .long   0
    .org    0x228
command_line:
    .long   0
    .long   0x7fffffff      // initrd_addr_max
    .org    0x238
    .long   255             // cmdline_size

    .org    0x268
start:
    // DS is the segment of the set-up code, and the text may be in any other.
    mov     command_line, %eax
    mov     %eax, %esi
    and     $15, %esi
    shr     $4, %eax
    mov     %ax, %es
1:  mov     %es:(%si), %al
    inc     %si
    test    %al, %al
    jz      3f
    call    put
    jmp     1b
3:  mov     $' ', %al
    call    put
    mov     ramdisk_size, %al
    add     $'0', %al
    call    put
    mov     $'\n', %al
    call    put
    mov     $0x10, %al
    mov     $0xf4, %dx
    outb    %al, %dx
2:  hlt
    jmp     2b

put:
    mov     $0x3f8, %dx
    outb    %al, %dx
    ret

    .org    0x400
    .skip   0x200
