/* The function that the Swift compiler generates for the type marked @main. */
#ifndef SWIFT_MAIN_H
#define SWIFT_MAIN_H

int swift_main(int argument_count, char **arguments) __asm__("main");

#endif
