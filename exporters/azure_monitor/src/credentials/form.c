/* Names and values as queries and forms have them. */
#include "form.h"

#include <string.h>

static bool plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static void encode(otel__azure_buffer *form, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        char coded[] = {'%', digits[c >> 4], digits[c & 15]};
        if (plain(*value))
            otel__azure_buffer_append(form, value, 1);
        else
            otel__azure_buffer_append(form, coded, sizeof coded);
    }
}

/* Room for the longest that it can become: a buffer that moves would leave a secret behind. */
static bool make_room(otel__azure_buffer *form, size_t more)
{
    otel__azure_buffer larger = {0};
    if (form->capacity - form->size >= more) return true;
    if (!otel__azure_buffer_reserve(&larger, form->size + more)) return false;
    otel__azure_buffer_append(&larger, form->data, form->size);
    otel__azure_form_release(form);
    *form = larger;
    return true;
}

bool otel__azure_form_add(otel__azure_buffer *form, const char *name, const char *value)
{
    if (!value) return true;
    if (!make_room(form, strlen(name) + 3 * strlen(value) + 2)) return false;
    if (form->size && form->data[form->size - 1] != '?') otel__azure_buffer_append(form, "&", 1);
    otel__azure_buffer_append(form, name, strlen(name));
    otel__azure_buffer_append(form, "=", 1);
    encode(form, value);
    return true;
}

void otel__azure_form_release(otel__azure_buffer *form)
{
    if (form->data) explicit_bzero(form->data, form->capacity);
    otel__azure_buffer_release(form);
}
