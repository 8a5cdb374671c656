/* Random UUIDs (version 4), as text. */
#ifndef UUID_H
#define UUID_H

typedef struct uuid {
    char text[37];
} uuid;

uuid uuid_random(void);

#endif
