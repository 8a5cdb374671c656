/* Reads the rules line by line. A value goes on in lines that begin with a blank, so that a query can be laid out. */
#include "alert_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"
#include "alert_settings.h"
#include "../buffer.h"

/* Instead of a setting: no value goes on, or one of a line that was wrong. */
enum { NONE = -1, IGNORED = -2 };

typedef struct reader {
    desk_alert_rules *rules;
    desk_alert_complain *complain;
    void *context;
    bool failed;
    unsigned line;
    desk_alert_rule *rule; /* whose section this is; NULL before the first */
    unsigned rule_line;
    unsigned seen; /* bits of the settings that the section has */
    int setting;   /* whose value is being collected */
    desk_buffer value;
    unsigned value_line;
} reader;

static void fault(reader *r, unsigned line, const char *words)
{
    r->failed = true;
    r->complain(r->context, line, words);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static desk_text trimmed(desk_text text)
{
    while (text.size && is_blank(text.at[0])) text = (desk_text){text.at + 1, text.size - 1};
    while (text.size && is_blank(text.at[text.size - 1])) text.size--;
    return text;
}

/* A value ends where the next line begins something else. */
static void end_value(reader *r)
{
    const int which = r->setting;
    r->setting = NONE;
    if (which < 0) return;
    while (r->value.size && (is_blank(r->value.at[r->value.size - 1]) || r->value.at[r->value.size - 1] == '\n'))
        r->value.size--;
    desk_put_byte(&r->value, '\0');
    const char *wrong = "is more than there is memory for";
    if (!r->value.failed) wrong = desk_alert_setting_set(r->rule, which, r->value.at);
    if (!wrong) return;
    char words[160];
    snprintf(words, sizeof words, "%s %s", desk_alert_setting_key(which), wrong);
    fault(r, r->value_line, words);
}

static void end_section(reader *r)
{
    end_value(r);
    if (r->rule && !(r->seen & 1u << DESK_ALERT_QUERY_SETTING)) fault(r, r->rule_line, "the rule has no query");
}

static bool is_known(const desk_alert_rules *rules, desk_text name)
{
    for (size_t i = 0; i < rules->count; i++) {
        const char *other = rules->at[i].name;
        if (desk_text_is(name, (desk_text){other, strlen(other)})) return true;
    }
    return false;
}

/* NULL: the name is a good one. */
static const char *wrong_name(const reader *r, desk_text name)
{
    if (name.size == 0) return "a name must stand between [ and ]";
    if (name.size > DESK_ALERT_NAME_MAX_BYTES) return "a name has at most 100 bytes";
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.at[i] < ' ' || name.at[i] == 0x7f) return "a control character in a name";
    }
    return is_known(r->rules, name) ? "there is a rule of that name already" : NULL;
}

static char *copy(desk_text text)
{
    char *own = malloc(text.size + 1);
    if (!own) return NULL;
    memcpy(own, text.at, text.size);
    own[text.size] = '\0';
    return own;
}

/* A rule whose name is wrong is read all the same, for what else is wrong with it. */
static void begin_section(reader *r, desk_text line)
{
    end_section(r);
    r->rule = NULL;
    bool closed = line.at[line.size - 1] == ']';
    desk_text name = trimmed((desk_text){line.at + 1, line.size - 1 - closed});
    const char *wrong = closed ? wrong_name(r, name) : "a ] must stand at the end of the line";
    if (wrong) fault(r, r->line, wrong);
    if (r->rules->count == DESK_ALERT_RULES_MAX) {
        fault(r, r->line, "at most 200 rules");
        return;
    }
    char *own = copy(name);
    if (!own) {
        fault(r, r->line, "out of memory");
        return;
    }
    r->rule = &r->rules->at[r->rules->count++];
    *r->rule = (desk_alert_rule){
        .name = own, .every_ms = 60000, .query_timeout_ms = 1000, .notify_timeout_ms = 10000, .query_line = r->line};
    r->rule_line = r->line;
    r->seen = 0;
}

/* What is wrong with the beginning of a setting; NULL: nothing. */
static const char *wrong_setting(const reader *r, int which)
{
    if (!r->rule) return "a setting before the first [name]";
    if (which < 0)
        return "must be one of query, window, measure, comparison, threshold, every, webhook, command, timeout, "
               "query_timeout";
    return r->seen & 1u << which ? "a setting that the rule has already" : NULL;
}

static void begin_value(reader *r, desk_text line)
{
    end_value(r);
    r->setting = IGNORED;
    const char *equals = memchr(line.at, '=', line.size);
    size_t size = equals ? (size_t)(equals - line.at) : 0;
    const int which = desk_alert_setting(trimmed((desk_text){line.at, size}));
    const char *wrong = equals ? wrong_setting(r, which) : "neither [name] nor key = value nor a comment";
    if (wrong) {
        fault(r, r->line, wrong);
        return;
    }
    desk_text value = trimmed((desk_text){equals + 1, line.size - size - 1});
    r->seen |= 1u << which;
    r->setting = which;
    r->value_line = r->line;
    desk_buffer_clear(&r->value);
    desk_put(&r->value, value);
    if (which != DESK_ALERT_QUERY_SETTING) return;
    r->rule->query_line = r->line;
    r->rule->query_column = (unsigned)(value.at - line.at);
}

/* Lines of a value that say nothing still count, so that a line of the query is a line of the file. */
static void continue_value(reader *r, desk_text line)
{
    if (r->setting < 0) return;
    desk_put_byte(&r->value, '\n');
    desk_put(&r->value, line);
}

static void read_line(reader *r, desk_text line)
{
    desk_text content = trimmed(line);
    if (content.size == 0 || content.at[0] == '#' || content.at[0] == ';')
        continue_value(r, DESK_TEXT(""));
    else if (is_blank(line.at[0]) && r->setting != NONE)
        continue_value(r, line);
    else if (is_blank(line.at[0]))
        fault(r, r->line, "an indented line goes on with a value, and there is none");
    else if (content.at[0] == '[')
        begin_section(r, content);
    else
        begin_value(r, content);
}

static bool is_text(desk_text text)
{
    if (memchr(text.at, '\0', text.size)) return false;
    for (const char *at = text.at, *end = at + text.size; at < end;) {
        size_t size = otel__json_utf8_size(at, end);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

/* Some editors put a mark in front, which says that it is UTF-8. */
static desk_text without_mark(desk_text text)
{
    desk_text mark = DESK_TEXT("\xef\xbb\xbf");
    return desk_text_starts(text, mark) ? (desk_text){text.at + mark.size, text.size - mark.size} : text;
}

static void read_lines(reader *r, desk_text text)
{
    while (text.size) {
        const char *end = memchr(text.at, '\n', text.size);
        size_t size = end ? (size_t)(end - text.at) : text.size;
        r->line++;
        if (is_text((desk_text){text.at, size}))
            read_line(r, (desk_text){text.at, size});
        else
            fault(r, r->line, "not UTF-8");
        size += end != NULL;
        text = (desk_text){text.at + size, text.size - size};
    }
    end_section(r);
}

bool desk_alert_rules_read(desk_alert_rules *rules, desk_text text, desk_alert_complain *complain, void *context)
{
    reader r = {.rules = rules, .complain = complain, .context = context, .setting = NONE};
    *rules = (desk_alert_rules){.at = calloc(DESK_ALERT_RULES_MAX, sizeof *rules->at)};
    if (!rules->at)
        fault(&r, 0, "out of memory");
    else if (text.size > DESK_ALERT_RULES_MAX_BYTES)
        fault(&r, 0, "the file is larger than 1 MiB");
    else
        read_lines(&r, without_mark(text));
    desk_buffer_release(&r.value);
    if (r.failed) desk_alert_rules_release(rules);
    return !r.failed;
}

void desk_alert_rules_release(desk_alert_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        desk_alert_rule *rule = &rules->at[i];
        free(rule->name);
        free(rule->query);
        free(rule->webhook);
        free(rule->command);
    }
    free(rules->at);
    *rules = (desk_alert_rules){0};
}
