// A font of 5 × 7 pixels for printable ASCII.
#ifndef FONT_H
#define FONT_H

#include <stdint.h>

#define FONT_WIDTH 5
#define FONT_HEIGHT 7

// Returns the five columns of a character from left to right, the lowest bit at the top; those of a
// question mark if it is not printable ASCII.
const uint8_t *font_glyph(uint8_t character);

#endif
