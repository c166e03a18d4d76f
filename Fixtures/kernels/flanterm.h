// The Limine boot protocol's parameters for Flanterm, a terminal, and how a kernel prints them.
#ifndef FLANTERM_H
#define FLANTERM_H

#include "lines.h"

struct limine_terminal {
    uint64_t canvas, canvas_size;
    uint32_t colours[20];
    const uint8_t *font;
    uint64_t numbers[7]; // width, height, spacing, two scales, margin, rotation
};

// Prints all parameters, and the bitmaps of some characters.
static inline void print_terminal(const struct limine_terminal *terminal) {
    line("terminal canvas", terminal->canvas | terminal->canvas_size);
    start_line("terminal colours");
    for (int i = 0; i < 20; i++) {
        add_number(terminal->colours[i]);
    }
    end_line();
    start_line("terminal font");
    for (int i = 0; i < 7; i++) {
        add_number(terminal->numbers[i]);
    }
    end_line();
    static const uint8_t characters[] = {0, ' ', '!', 'A', 0xC4, 0xDB};
    for (unsigned i = 0; terminal->font != 0 && i < sizeof characters; i++) {
        const uint64_t height = terminal->numbers[1];
        start_line("glyph");
        for (uint64_t row = 0; row < height; row++) {
            add_number(terminal->font[characters[i] * height + row]);
        }
        end_line();
    }
}

#endif
