    .code16
#include "counter.inc"

    .org 510
    .word 0xAA55
