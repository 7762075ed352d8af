/* Changes of mappings, each with its place in the model. */
#ifndef MAPS_CHANGE_H
#define MAPS_CHANGE_H

#include "maps_model.h"

extern int files[KINDS], verbose; /* descriptors, -1 for none */
extern const char *victim_path;
extern int last_first, last_count; /* what was mapped last */

/* Ends the process with 1 unless the condition holds; says errno. */
void need(int condition, const char *what);

/* Says what is done, if that is wanted. */
void say(const char *what, int first, int count, int more);

void begin_heap(void);
void forget(int first, int count);

/* A part of a mapping that was changed is one of its own. */
void renumber(int first, int end);

void map_some(void);
void unmap_some(void);
void protect_some(void);
void drop_some(void);
void move_some(void);
void resize_some(void);
void change_heap(void);
void change_file(void);
void spoil_victim(void);

/* Maps pages of an image and changes some of them before anybody touched one. */
void cut_unseen(void);

/* Has the kernel write to a page, or read it. */
void call_with(void);

#endif
