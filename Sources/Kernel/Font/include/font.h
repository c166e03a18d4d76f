// A 5 × 7 pixel font for printable ASCII.
#ifndef FONT_H
#define FONT_H

#include <stdint.h>

#define FONT_WIDTH 5
#define FONT_HEIGHT 7

// The five columns of a character from left to right, the lowest bit at the top; a question mark
// for what is not printable ASCII.
const uint8_t *font_glyph(uint8_t character);

#endif
