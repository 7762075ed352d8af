/* What each page of the arena must contain, and which access to it must fail. See maps_stress.c. */
#ifndef MAPS_MODEL_H
#define MAPS_MODEL_H

#include "maps_touch.h"

#define PAGES 640 /* more than a huge page */
#define FILE_PAGES 24
#define IMAGE_PAGES 300 /* more than this program has */
#define RETURN 0xc3u /* the first byte of all that is written to the beginning of a page: it can be called */

/* What a page is mapped from: STABLE never changes, CHANGING does, VICTIM does when it was copied. */
enum kind { NOTHING, ANON, SHARED_ANON, IMAGE, SHARED_IMAGE, STABLE, CHANGING, SHARED_CHANGING, VICTIM, SHARED_VICTIM, KINDS };

struct page {
	enum kind kind;
	int protection, at; /* at: the page of the file */
	int forked;
	uint32_t map;	/* equal for neighbours that are surely one mapping */
	uint64_t token; /* what was written to this page alone, if not 0 */
};

struct kind_facts {
	const char *name;
	int shared, most; /* the most rights */
};

extern const struct kind_facts of[KINDS];
extern struct page pages[PAGES];
extern char *arena;
extern const char *first_seed;
extern long operation, accesses, faults;
extern int strict, child; /* child: what is shared may be changing */
extern uint64_t changing[FILE_PAGES], victim[FILE_PAGES], image[IMAGE_PAGES * WORDS], lower[FILE_PAGES * WORDS];
extern int changing_pages, image_pages, lower_pages;

uint64_t new_token(enum kind kind, int at);
uint64_t stable_token(int at);
char *page_at(int i);
int end_of(enum kind kind); /* how many pages of it there are */
int expected(const struct page *p, enum access how);

/* What the first and the last word of a page must be, if that is known: 0 stands for the words of below, or for zeros. */
int content(const struct page *p, uint64_t *token, const uint64_t **below);

/* Whether an attempt to write has one outcome only; see lenient in maps_stress.c. */
int is_sure_to_write(const struct page *p);

void set_token(struct page *p, uint64_t token);

/* Accesses a page in some of the ways that there are, and leaves new contents if that must be possible. */
void check(int i);

#endif
