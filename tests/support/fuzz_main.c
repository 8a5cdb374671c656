/* Runs a fuzz target without libFuzzer: over every file of its corpus, then over seeded mutations of them. One seed
 * gives the same inputs everywhere; an input that kills the process is written to ./crash-<target>. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* There only under a sanitizer, which ends the process itself. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

enum { LARGEST_INPUT = 1 << 16, MOST_FILES = 4096, MOST_SECONDS = 10, ORDINARY_RUNS = 200000, LONG_RUNS = 5000000 };

typedef struct input {
    uint8_t *bytes;
    size_t size;
} input;

static input corpus[MOST_FILES];
static size_t corpus_count;
static uint64_t random_state;
static const uint8_t *current_bytes;
static size_t current_size;
static char crash_path[256];

static void die(const char *what, const char *name)
{
    fprintf(stderr, "fuzz_main: %s %s: %s\n", what, name, strerror(errno));
    exit(2);
}

/* Only what a signal handler may do. */
static void keep_input(void)
{
    static const char said[] = "fuzz_main: the input that did it is in ./";
    int fd = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return;
    bool whole = write(fd, current_bytes, current_size) == (ssize_t)current_size;
    close(fd);
    if (whole && write(STDERR_FILENO, said, sizeof said - 1) > 0 &&
        write(STDERR_FILENO, crash_path, strlen(crash_path)) > 0 && write(STDERR_FILENO, "\n", 1) > 0)
        return;
}

static void on_signal(int number)
{
    keep_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_for_death(const char *program)
{
    static const int fatal[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    const char *name = strrchr(program, '/');
    snprintf(crash_path, sizeof crash_path, "crash-%s", name ? name + 1 : program);
    signal(SIGABRT, on_signal);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(keep_input);
        return;
    }
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) signal(fatal[i], on_signal);
}

/* splitmix64 */
static uint64_t next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t below(size_t bound)
{
    return bound ? (size_t)(next_random() % bound) : 0;
}

/* In a block of exactly its size, so that a read behind its end is seen. */
static void run_once(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact) die("no memory for", "an input");
    if (size) memcpy(exact, bytes, size);
    current_bytes = exact;
    current_size = size;
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void load_file(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file) die("cannot open", path);
    input *in = &corpus[corpus_count];
    in->bytes = malloc(LARGEST_INPUT);
    if (!in->bytes) die("no memory for", path);
    in->size = fread(in->bytes, 1, LARGEST_INPUT, file);
    if (ferror(file)) die("cannot read", path);
    fclose(file);
    corpus_count++;
}

/* In the order of names: the same on every machine. No directory is an empty corpus. */
static void load_corpus(const char *directory)
{
    struct dirent **entries;
    int n = scandir(directory, &entries, is_input, by_name);
    if (n < 0 && errno == ENOENT) return;
    if (n < 0) die("cannot read", directory);
    for (int i = 0; i < n; i++) {
        if (corpus_count < MOST_FILES) load_file(directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void overwrite(uint8_t *bytes, size_t size)
{
    static const uint8_t telling[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xc3, 0xed, '\n',
                                      '"',  '\\', '{',  '[',  ',',  ';',  '=',  '%'};
    size_t run = 1 + below(4);
    for (size_t at = below(size); run > 0 && at < size; run--, at++) bytes[at] = telling[below(sizeof telling)];
}

/* Puts n bytes of another place (of this input or of another one) at a random place. */
static size_t insert(uint8_t *bytes, size_t size)
{
    const input *other = corpus_count ? &corpus[below(corpus_count)] : NULL;
    size_t at = below(size + 1), n = 1 + below(16);
    if (other && other->size && below(2)) n = 1 + below(other->size);
    if (n > LARGEST_INPUT - size) n = LARGEST_INPUT - size;
    memmove(bytes + at + n, bytes + at, size - at);
    for (size_t i = 0, from = below(other ? other->size : 0); i < n; i++)
        bytes[at + i] = other && from + i < other->size ? other->bytes[from + i] : (uint8_t)next_random();
    return size + n;
}

static size_t cut(uint8_t *bytes, size_t size)
{
    size_t at = below(size), n = 1 + below(below(4) ? 8 : size);
    if (n > size - at) n = size - at;
    memmove(bytes + at, bytes + at + n, size - at - n);
    return size - n;
}

static size_t mutate(uint8_t *bytes, size_t size)
{
    for (size_t steps = 1 + below(6); steps > 0; steps--) {
        size_t kind = size ? below(6) : 5;
        if (kind < 2)
            bytes[below(size)] ^= (uint8_t)(1u << below(8));
        else if (kind == 2)
            bytes[below(size)] = (uint8_t)next_random();
        else if (kind == 3)
            overwrite(bytes, size);
        else if (kind == 4)
            size = cut(bytes, size);
        else
            size = insert(bytes, size);
    }
    return size;
}

static size_t run_mutations(size_t runs)
{
    static uint8_t bytes[LARGEST_INPUT];
    struct timespec started, now;
    clock_gettime(CLOCK_MONOTONIC, &started);
    for (size_t done = 0; done < runs; done++) {
        const input *base = corpus_count ? &corpus[below(corpus_count)] : NULL;
        size_t size = base ? base->size : 0;
        if (size) memcpy(bytes, base->bytes, size);
        run_once(bytes, mutate(bytes, size));
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (runs == ORDINARY_RUNS && now.tv_sec - started.tv_sec >= MOST_SECONDS) return done + 1; /* a slow machine */
    }
    return runs;
}

static uint64_t setting(const char *name, uint64_t absent)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 0) : absent;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: %s <corpus directory>   (OTEL_FUZZ_SEED, OTEL_FUZZ_RUNS, OTEL_TEST_LONG=1)\n",
                arguments[0]);
        return 2;
    }
    uint64_t seed = setting("OTEL_FUZZ_SEED", 1);
    uint64_t runs = setting("OTEL_FUZZ_RUNS", setting("OTEL_TEST_LONG", 0) ? LONG_RUNS : ORDINARY_RUNS);
    random_state = seed;
    watch_for_death(arguments[0]);
    load_corpus(arguments[1]);
    run_once(NULL, 0);
    for (size_t i = 0; i < corpus_count; i++) run_once(corpus[i].bytes, corpus[i].size);
    size_t done = run_mutations((size_t)runs);
    printf("%zu files of the corpus, %zu mutations, seed %llu\n", corpus_count, done, (unsigned long long)seed);
    for (size_t i = 0; i < corpus_count; i++) free(corpus[i].bytes);
    return 0;
}
