/* The deduplicator: of records that repeat each other within a window, the first passes at once, and one with their
 * count when the window is over. */
#include "part.h"
#include "record_key.h"
#include <string.h>

enum { WINDOW_MS_DEFAULT = 10000, RECORDS_DEFAULT = 1024, RECORDS_MOST = 65536, KEY_MOST = 4096, NONE = -1 };

/* Repeats that nobody has been told of. */
typedef struct repeats {
    otel_log_record *copy; /* of the first of them; NULL: there are none */
    uint64_t count, first_time, last_time, last_observed_time;
} repeats;

typedef struct entry {
    uint8_t *key;
    size_t key_size;
    uint64_t hash;
    int64_t end_ns; /* of its window */
    int32_t next;   /* place of another one of the same bucket; NONE */
    repeats repeats;
} entry;

/* Windows are all of one length, so the entries end in the order in which they came. */
typedef struct deduplicator {
    otel__part part;
    pthread_mutex_t lock;
    int64_t window_ns;
    uint32_t max_records;
    entry *ring;                /* place of the nth entry ever: n % max_records */
    uint64_t first, end;        /* those from first to end - 1 are there */
    int32_t *buckets;           /* max_records of them: place of an entry; NONE */
    _Atomic int64_t nearest_ns; /* the end of the oldest window */
} deduplicator;

/* The table, under the lock. ----------------------------------------------------------------------------------------
 */

static entry *place_of(const deduplicator *d, uint64_t n)
{
    return &d->ring[n % d->max_records];
}

static int32_t *bucket_of(const deduplicator *d, uint64_t hash)
{
    return &d->buckets[hash % d->max_records];
}

static uint64_t hash_of(const uint8_t *key, size_t size)
{
    uint64_t hash = size, word = 0;
    for (; size >= 8; key += 8, size -= 8) {
        memcpy(&word, key, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, key, size);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static entry *find(const deduplicator *d, const uint8_t *key, size_t size, uint64_t hash)
{
    for (int32_t at = *bucket_of(d, hash); at != NONE; at = d->ring[at].next) {
        entry *e = &d->ring[at];
        if (e->hash == hash && e->key_size == size && memcmp(e->key, key, size) == 0) return e;
    }
    return NULL;
}

static void note_nearest(deduplicator *d)
{
    atomic_store(&d->nearest_ns, d->first < d->end ? place_of(d, d->first)->end_ns : OTEL_DEADLINE_NEVER);
}

static void remember(deduplicator *d, const uint8_t *key, size_t size, uint64_t hash, int64_t now)
{
    uint8_t *copy = d->end - d->first < d->max_records ? otel_allocate(size) : NULL;
    if (!copy) return;
    memcpy(copy, key, size);
    int32_t *bucket = bucket_of(d, hash);
    entry *e = place_of(d, d->end++);
    *e = (entry){.key = copy, .key_size = size, .hash = hash, .end_ns = now + d->window_ns, .next = *bucket};
    *bucket = (int32_t)(e - d->ring);
    note_nearest(d);
}

static repeats forget_oldest(deduplicator *d)
{
    entry *e = place_of(d, d->first++);
    repeats pending = e->repeats;
    int32_t *link = bucket_of(d, e->hash), place = (int32_t)(e - d->ring);
    while (*link != place) link = &d->ring[*link].next;
    *link = e->next;
    otel_release(e->key);
    *e = (entry){0};
    note_nearest(d);
    return pending;
}

/* false: there is no memory for the copy that will stand for them. */
static bool add_repeat(repeats *r, const otel_log_record *record)
{
    if (!r->copy) {
        r->copy = otel_log_record_clone(record);
        if (!r->copy) return false;
        r->count = 0;
        r->first_time = record->time_unix_nano ? record->time_unix_nano : record->observed_time_unix_nano;
    }
    r->count++;
    r->last_time = record->time_unix_nano;
    r->last_observed_time = record->observed_time_unix_nano;
    return true;
}

/* Passing. ----------------------------------------------------------------------------------------------------------
 */

static void tell(deduplicator *d, const repeats *r)
{
    if (!r->copy) return;
    uint64_t last = r->last_time ? r->last_time : r->last_observed_time;
    r->copy->time_unix_nano = r->last_time;
    r->copy->observed_time_unix_nano = r->last_observed_time;
    otel_log_record_set(r->copy, OTEL_INT("log.dedup.count", r->count));
    otel_log_record_set(r->copy, OTEL_INT("log.dedup.first_unix_nano", r->first_time));
    otel_log_record_set(r->copy, OTEL_INT("log.dedup.last_unix_nano", last));
    otel__count(&d->part, OTEL__ADDED);
    otel_log_pass(&d->part.base, r->copy);
    otel_log_record_destroy(r->copy);
}

static bool end_one(deduplicator *d, int64_t now)
{
    repeats pending = {0};
    otel__part_lock(&d->lock);
    bool over = d->first < d->end && place_of(d, d->first)->end_ns <= now;
    if (over) pending = forget_oldest(d);
    otel__part_unlock(&d->lock);
    tell(d, &pending);
    return over;
}

static void end_windows(deduplicator *d, int64_t now)
{
    while (atomic_load(&d->nearest_ns) <= now)
        if (!end_one(d, now)) return;
}

static bool repeated(deduplicator *d, const otel_log_record *record, const uint8_t *key, size_t size, int64_t now)
{
    uint64_t hash = hash_of(key, size);
    otel__part_lock(&d->lock);
    entry *e = find(d, key, size, hash);
    bool counted = e && add_repeat(&e->repeats, record);
    if (!e) remember(d, key, size, hash, now);
    otel__part_unlock(&d->lock);
    return counted;
}

static void deduplicator_emit(otel_log_processor *self, otel_log_record *record)
{
    deduplicator *d = (deduplicator *)self;
    uint8_t key[KEY_MOST];
    size_t size = otel__record_key(record, key, sizeof key);
    int64_t now = otel__part_now();
    end_windows(d, now);
    if (size <= sizeof key && repeated(d, record, key, size, now))
        otel__count(&d->part, OTEL__REPEATED);
    else
        otel__pass(&d->part, record);
}

/* A processor. ------------------------------------------------------------------------------------------------------
 */

/* The repeats of the nth entry, or of the next one that has any; their windows go on. */
static repeats next_pending(deduplicator *d, uint64_t *n)
{
    repeats pending = {0};
    otel__part_lock(&d->lock);
    if (*n < d->first) *n = d->first;
    for (; !pending.copy && *n < d->end; ++*n) {
        pending = place_of(d, *n)->repeats;
        place_of(d, *n)->repeats = (repeats){0};
    }
    otel__part_unlock(&d->lock);
    return pending;
}

static otel_result deduplicator_flush(otel_log_processor *self, otel_deadline deadline)
{
    deduplicator *d = (deduplicator *)self;
    uint64_t n = 0;
    for (repeats pending; (pending = next_pending(d, &n)).copy;) {
        tell(d, &pending);
        if (otel_deadline_left_ms(deadline) == 0) return OTEL_ERR_TIMEOUT;
    }
    return OTEL_OK;
}

/* All of it, whatever the deadline: what passes on does not wait. */
static otel_result deduplicator_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    (void)deadline;
    while (end_one((deduplicator *)self, OTEL_DEADLINE_NEVER)) {}
    return OTEL_OK;
}

static void clear(deduplicator *d)
{
    memset(d->ring, 0, d->max_records * sizeof *d->ring);
    for (uint32_t i = 0; i < d->max_records; i++) d->buckets[i] = NONE;
    d->first = d->end = 0;
    note_nearest(d);
}

static void drop_all(deduplicator *d)
{
    while (d->first < d->end) otel_log_record_destroy(forget_oldest(d).copy);
}

static void deduplicator_after_fork(otel_log_processor *self)
{
    deduplicator *d = (deduplicator *)self;
    if (otel__part_lock_after_fork(&d->lock)) drop_all(d); /* else: abandoned as it was */
    clear(d);
    otel__part_after_fork(self);
}

static void deduplicator_destroy(otel_log_processor *self)
{
    deduplicator *d = (deduplicator *)self;
    drop_all(d);
    otel_release(d->ring);
    otel_release(d->buckets);
    pthread_mutex_destroy(&d->lock);
}

const otel_log_processor_ops otel__deduplicator_ops = {.size = sizeof(otel_log_processor_ops),
                                                       .name = "deduplicator",
                                                       .emit = deduplicator_emit,
                                                       .enabled = otel__part_enabled,
                                                       .flush = deduplicator_flush,
                                                       .shutdown = deduplicator_shutdown,
                                                       .destroy = deduplicator_destroy,
                                                       .after_fork = deduplicator_after_fork};

static bool make(deduplicator *d, const otel_deduplicator_options *o)
{
    d->window_ns = (int64_t)(o->window_ms ? o->window_ms : WINDOW_MS_DEFAULT) * 1000000;
    d->max_records = o->max_records ? o->max_records : RECORDS_DEFAULT;
    if (d->max_records > RECORDS_MOST) {
        otel_diag(OTEL_SEVERITY_WARN, "deduplicator", "%u records are too many, %u are remembered", d->max_records,
                  RECORDS_MOST);
        d->max_records = RECORDS_MOST;
    }
    pthread_mutex_init(&d->lock, NULL);
    d->ring = otel_allocate(d->max_records * sizeof *d->ring);
    d->buckets = otel_allocate(d->max_records * sizeof *d->buckets);
    if (!d->ring || !d->buckets) return false;
    clear(d);
    return true;
}

otel_log_processor *otel_deduplicator_log_processor_new_sized(const otel_deduplicator_options *options, size_t size)
{
    otel_deduplicator_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    deduplicator *d = otel_log_processor_new(sizeof *d, &otel__deduplicator_ops);
    if (!d) return NULL;
    if (make(d, &o)) return &d->part.base;
    otel_log_processor_destroy(&d->part.base);
    return NULL;
}
