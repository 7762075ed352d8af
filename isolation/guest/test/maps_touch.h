/* Accesses to memory that may fail, by this thread or by another. */
#ifndef MAPS_TOUCH_H
#define MAPS_TOUCH_H

#include <stdint.h>

#define PAGE 4096u
#define WORDS (PAGE / 8)
#define HAMMERED 1 /* the word of a page that HAMMER counts in, and that has no other meaning */

enum access { READ, WRITE, RUN, HAMMER };

extern uint64_t seed;
extern int threads;

uint32_t any(uint32_t below);

/* Says what is wrong, with the seed and the operation, and ends the process with 1. */
__attribute__((format(printf, 1, 2), noreturn)) void differ(const char *format, ...);

/* Starts threads, whose stacks and own pages are part of the program. */
void start_touching(int count);

/* Makes an access by any thread and returns 0 or the signal that it gave. HAMMER counts in a word until that fails. */
int touch(enum access how, void *at, uint64_t *value);

/* HAMMER by another thread; the second waits for its end. */
void start_hammering(void *page);
int end_hammering(void);

#endif
