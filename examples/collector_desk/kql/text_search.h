/* All places of a word in a text, in time that grows with both sizes and not with their product: what somebody stored
 * and what somebody asks for may be made for each other, and nothing ends a search in its midst. */
#ifndef KQL_TEXT_SEARCH_H
#define KQL_TEXT_SEARCH_H
#include "../desk.h"

/* True: enough. */
typedef bool kql_found(const char *at, void *context);

/* Calls for each place, also where they overlap; none of an empty word. True: one was enough. */
bool kql_find_each(desk_text text, desk_text word, kql_found *found, void *context);
#endif
