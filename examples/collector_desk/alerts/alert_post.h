/* `collector_desk post`: what the desk starts to bring a message to a webhook. */
#ifndef DESK_ALERT_POST_H
#define DESK_ALERT_POST_H

/* Where it goes. */
#define DESK_POST_URL "DESK_POST_URL"

/* Posts the JSON on standard input, tries three times in all, and returns the exit status of the program. */
int desk_post(void);
#endif
