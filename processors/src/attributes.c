/* The attributes processor: rules that add, rename, remove and redact. A record that a rule cannot be applied to goes
 * no further: what should have been hidden may be in it. */
#include "part.h"
#include "pattern.h"
#include "redaction.h"
#include <locale.h>
#include <string.h>

enum { CHANGES = 32 /* of a record, by all processors that are at work on it */, SITE_KEYS = 3 };

typedef struct rule {
    uint32_t action;
    bool body, touches_site; /* the code location, which is no attribute before somebody makes it one */
    char *key, *new_key, *value_text, *expression_text;
    otel_value value;
    otel__redaction redaction;
} rule;

typedef struct attributes {
    otel__part part;
    rule *rules;
    size_t count;
    locale_t plain; /* "C", while expressions are at work; 0: there are none */
    _Atomic uint32_t inside;
    bool broken; /* a child of a fork could not compile its expressions */
} attributes;

/* The record. -------------------------------------------------------------------------------------------------------
 */

static void site_attributes(const otel_log_site *site, otel_attr out[SITE_KEYS])
{
    out[0] = OTEL_STR("code.file.path", site->file);
    out[1] = OTEL_STR("code.function.name", site->function);
    out[2] = OTEL_INT("code.line.number", site->line);
}

static bool spell_out_site(otel_log_record *record)
{
    otel_attr code[SITE_KEYS];
    otel_value given;
    site_attributes(record->site, code);
    record->site = NULL;
    for (int i = 0; i < SITE_KEYS; i++)
        if (!otel_log_record_get(record, code[i].key, &given) && !otel_log_record_set(record, code[i])) return false;
    return true;
}

/* Whether the redaction finds anything there: mostly not, and then nothing has to be spelled out. */
static bool site_is_hit(const rule *r, const otel_log_site *site, otel__scratch *scratch)
{
    otel_attr code[SITE_KEYS];
    bool hit = false;
    site_attributes(site, code);
    for (int i = 0; i < SITE_KEYS; i++)
        if (otel__redact_attr(&r->redaction, scratch, &code[i])) hit = true;
    return hit;
}

static bool needs_site(const rule *r, const otel_log_record *record, otel__scratch *scratch)
{
    if (!record->site || !r->touches_site) return false;
    return r->action != OTEL_RULE_REDACT || site_is_hit(r, record->site, scratch);
}

/* Rules. ------------------------------------------------------------------------------------------------------------
 */

static bool add(const rule *r, otel_log_record *record)
{
    otel_value present;
    return otel_log_record_get(record, r->key, &present) || otel_log_record_set(record, otel_attr_of(r->key, r->value));
}

static bool rename_key(const rule *r, otel_log_record *record)
{
    otel_value value;
    if (!otel_log_record_get(record, r->key, &value)) return true;
    return otel_log_record_remove(record, r->key) && otel_log_record_set(record, otel_attr_of(r->new_key, value));
}

/* Found first, changed then: a change moves what an iterator stands on. */
static bool remove_matching(const rule *r, otel_log_record *record, otel__scratch *scratch)
{
    const char *found[CHANGES];
    size_t count = 0;
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &attr);) {
        if (!otel__pattern_matches(r->key, attr.key, attr.key_size)) continue;
        if (count == CHANGES) return false;
        found[count] = otel__scratch_text(scratch, attr.key, attr.key_size);
        if (!found[count++]) return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!otel_log_record_remove(record, found[i])) return false;
    return true;
}

static bool redact_matching(const rule *r, otel_log_record *record, otel__scratch *scratch)
{
    otel_attr found[CHANGES], attr;
    size_t count = 0;
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &attr);) {
        if (!otel__redact_attr(&r->redaction, scratch, &attr)) continue;
        if (count == CHANGES) return false;
        found[count++] = attr;
    }
    for (size_t i = 0; i < count; i++)
        if (!otel_log_record_set(record, found[i])) return false;
    if (r->body) otel__redact_value(&r->redaction, scratch, &record->body);
    return true;
}

static bool apply(const rule *r, otel_log_record *record, otel__scratch *scratch)
{
    if (needs_site(r, record, scratch) && !spell_out_site(record)) return false;
    switch (r->action) {
    case OTEL_RULE_ADD:
        return add(r, record);
    case OTEL_RULE_SET:
        return otel_log_record_set(record, otel_attr_of(r->key, r->value));
    case OTEL_RULE_RENAME:
        return rename_key(r, record);
    case OTEL_RULE_REMOVE:
        return remove_matching(r, record, scratch);
    default:
        return redact_matching(r, record, scratch);
    }
}

static bool apply_all(const attributes *a, otel_log_record *record, otel__scratch *scratch)
{
    for (size_t i = 0; i < a->count; i++)
        if (!apply(&a->rules[i], record, scratch) || scratch->failed) return false;
    return true;
}

/* Emitting. ---------------------------------------------------------------------------------------------------------
 */

/* The locale is this thread's alone, and only for as long. */
static bool apply_plainly(attributes *a, otel_log_record *record, otel__scratch *scratch)
{
    if (!a->plain) return apply_all(a, record, scratch);
    if (a->broken) return false;
    atomic_fetch_add(&a->inside, 1);
    locale_t before = uselocale(a->plain);
    bool applied = apply_all(a, record, scratch);
    uselocale(before);
    atomic_fetch_sub(&a->inside, 1);
    return applied;
}

static void attributes_emit(otel_log_processor *self, otel_log_record *record)
{
    attributes *a = (attributes *)self;
    otel__scratch scratch;
    otel__scratch_init(&scratch);
    if (apply_plainly(a, record, &scratch)) {
        otel__pass(&a->part, record);
    } else {
        otel__count(&a->part, OTEL__UNREDACTED);
        otel_diag(OTEL_SEVERITY_ERROR, "attributes", "a record was dropped: %s",
                  scratch.failed || a->broken ? "no memory to apply the rules" : "the rules change too much of it");
    }
    otel__scratch_free(&scratch);
}

static bool compile(rule *r)
{
    char words[128];
    const char *fault = otel__redaction_compile(&r->redaction, words);
    if (!fault) return true;
    otel_diag(OTEL_SEVERITY_ERROR, "attributes", "the expression \"%.64s\" cannot be used: %s", r->expression_text,
              fault);
    return false;
}

/* An expression that another thread was in at the fork is locked for ever: it is abandoned. */
static void attributes_after_fork(otel_log_processor *self)
{
    attributes *a = (attributes *)self;
    otel__part_after_fork(self);
    if (!a->plain || !atomic_exchange(&a->inside, 0)) return;
    locale_t before = uselocale(a->plain);
    for (size_t i = 0; i < a->count; i++)
        if (a->rules[i].redaction.text && !compile(&a->rules[i])) a->broken = true;
    uselocale(before);
}

static void attributes_destroy(otel_log_processor *self)
{
    attributes *a = (attributes *)self;
    for (size_t i = 0; i < a->count; i++) {
        rule *r = &a->rules[i];
        otel__redaction_free(&r->redaction);
        otel_release(r->key);
        otel_release(r->new_key);
        otel_release(r->value_text);
        otel_release(r->expression_text);
    }
    otel_release(a->rules);
    if (a->plain) freelocale(a->plain);
}

const otel_log_processor_ops otel__attributes_ops = {.size = sizeof(otel_log_processor_ops),
                                                     .name = "attributes",
                                                     .emit = attributes_emit,
                                                     .enabled = otel__part_enabled,
                                                     .destroy = attributes_destroy,
                                                     .after_fork = attributes_after_fork};

/* Making. -----------------------------------------------------------------------------------------------------------
 */

static const char *fault_of(const otel_attribute_rule *o)
{
    uint8_t type = o->value.type;
    bool redacts = o->action == OTEL_RULE_REDACT;
    if (o->action < OTEL_RULE_ADD || o->action > OTEL_RULE_REDACT) return "there is no such action";
    if (!(redacts && o->text_pattern) && (!o->key || !*o->key)) return "a key is missing";
    if (o->action == OTEL_RULE_RENAME && (!o->new_key || !*o->new_key)) return "the new key is missing";
    if (type > OTEL_TYPE_DOUBLE) return "its value is neither text nor number nor true or false";
    if (redacts && o->text_pattern && type != OTEL_TYPE_EMPTY && type != OTEL_TYPE_STRING)
        return "what stands for text must be text";
    return NULL;
}

static bool copy_value(rule *r, const otel_attribute_rule *o)
{
    r->value = o->value;
    if (o->action == OTEL_RULE_REDACT && o->value.type == OTEL_TYPE_EMPTY) r->value = otel_string("***");
    if (r->value.type != OTEL_TYPE_STRING) return true;
    r->value_text = otel_allocate((size_t)r->value.size + 1);
    if (!r->value_text) return false;
    if (r->value.size) memcpy(r->value_text, r->value.u.string, r->value.size);
    r->value.u.string = r->value_text;
    return true;
}

static bool copy_key(rule *r, const otel_attribute_rule *o)
{
    bool pattern = o->action == OTEL_RULE_REMOVE || o->action == OTEL_RULE_REDACT;
    return pattern ? otel__pattern_copy(&r->key, o->key, "attributes") : otel__text_copy(&r->key, o->key);
}

static bool touches_site(const rule *r)
{
    static const otel_log_site none = {.file = "", .function = ""};
    otel_attr code[SITE_KEYS];
    if (r->action == OTEL_RULE_SET) return false; /* what is given explicitly beats it anyway */
    if (!r->key) return true;
    site_attributes(&none, code);
    for (int i = 0; i < SITE_KEYS; i++)
        if (otel__pattern_matches(r->key, code[i].key, code[i].key_size)) return true;
    return false;
}

static bool make_rule(attributes *a, rule *r, const otel_attribute_rule *o)
{
    const char *fault = fault_of(o);
    if (fault) {
        otel_diag(OTEL_SEVERITY_ERROR, "attributes", "rule %zu: %s", a->count - 1, fault);
        return false;
    }
    r->action = o->action;
    r->body = o->body != 0;
    if (!copy_key(r, o) || !otel__text_copy(&r->new_key, o->new_key) || !copy_value(r, o)) return false;
    r->touches_site = touches_site(r);
    if (o->action != OTEL_RULE_REDACT) return true;
    if (!otel__text_copy(&r->expression_text, o->text_pattern)) return false;
    r->redaction = (otel__redaction){r->key, r->expression_text, NULL, r->value};
    return !o->text_pattern || compile(r);
}

static bool make_rules(attributes *a, const otel_attribute_rule *rules, size_t count, size_t rule_size)
{
    a->rules = otel_allocate((count ? count : 1) * sizeof *a->rules);
    if (!a->rules) return false;
    for (size_t i = 0; i < count; i++) {
        otel_attribute_rule o = {0};
        memcpy(&o, (const char *)rules + i * rule_size, rule_size < sizeof o ? rule_size : sizeof o);
        if (!make_rule(a, &a->rules[a->count++], &o)) return false;
    }
    return true;
}

static bool has_expression(const otel_attribute_rule *rules, size_t count, size_t rule_size)
{
    for (size_t i = 0; i < count; i++) {
        otel_attribute_rule o = {0};
        memcpy(&o, (const char *)rules + i * rule_size, rule_size < sizeof o ? rule_size : sizeof o);
        if (o.action == OTEL_RULE_REDACT && o.text_pattern) return true;
    }
    return false;
}

static bool make(attributes *a, const otel_attribute_rule *rules, size_t count, size_t rule_size)
{
    if (!has_expression(rules, count, rule_size)) return make_rules(a, rules, count, rule_size);
    a->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!a->plain) return false;
    locale_t before = uselocale(a->plain);
    bool made = make_rules(a, rules, count, rule_size);
    uselocale(before);
    return made;
}

otel_log_processor *otel_attributes_log_processor_new_sized(const otel_attribute_rule *rules, size_t count,
                                                            size_t rule_size)
{
    if (count && !rules) {
        otel_diag(OTEL_SEVERITY_ERROR, "attributes", "a list of %zu rules is missing", count);
        return NULL;
    }
    attributes *a = otel_log_processor_new(sizeof *a, &otel__attributes_ops);
    if (!a) return NULL;
    if (make(a, rules, count, rule_size)) return &a->part.base;
    otel_log_processor_destroy(&a->part.base);
    return NULL;
}
