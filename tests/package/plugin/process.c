/* What a process can see of itself, in /proc. */
#include "process.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int entries(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    if (!directory) abort();
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* A thread that was joined stands in the list for a moment still: the fewest within a while. */
int process_threads(void)
{
    int fewest = entries("/proc/self/task");
    for (int look = 0; look < 50; look++) {
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        int count = entries("/proc/self/task");
        if (count < fewest) fewest = count;
    }
    return fewest;
}

int process_descriptors(void)
{
    return entries("/proc/self/fd");
}

bool process_has_mapped(const char *path)
{
    char line[4096];
    bool found = false;
    const char *base = strrchr(path, '/');
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps) abort();
    while (fgets(line, sizeof line, maps)) found |= strstr(line, base ? base : path) != NULL;
    fclose(maps);
    return found;
}
