/* Which proxy a request goes through. The environment is read when the client is made, with libcurl's names and order;
 * libcurl itself is never left to look there: it would at every connection, while others may be changing it. */
#include "proxy.h"

#include "text.h"

#include <otel/exporters/http.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/environment.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 8192 };

static const struct {
#define OTEL_VARIABLE(name, kind, meaning) const char *name;
#include "variables.def"
#undef OTEL_VARIABLE
} variables = {
#define OTEL_VARIABLE(name, kind, meaning) #name,
#include "variables.def"
#undef OTEL_VARIABLE
};

static const char *after_scheme(const char *url, const char **fault)
{
    static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    const char *mark = strstr(url, "://");
    if (!mark) return url; /* "proxy:3128" */
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (otel__same_word(url, (size_t)(mark - url), schemes[i])) return mark + 3;
    *fault = "it begins with neither http, https, socks4, socks4a, socks5 nor socks5h";
    return url;
}

const char *otel__proxy_fault(const char *url)
{
    char plain[MOST_BYTES + sizeof "http://"];
    const char *fault = NULL, *rest = after_scheme(url, &fault);
    if (fault) return fault;
    if (strlen(rest) > MOST_BYTES) return "it is too long";
    snprintf(plain, sizeof plain, "http://%s", rest);
    return otel_http_url_fault(plain);
}

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *made = otel_allocate(size);
    return made ? memcpy(made, text, size) : NULL;
}

/* What a variable says, when it is set and makes sense. */
static const char *read(const char *name, const char *source)
{
    const char *text = otel_env_text(name);
    const char *fault = text ? otel__proxy_fault(text) : NULL;
    if (fault) otel_diag(OTEL_SEVERITY_WARN, source, "%s is not used, it is no proxy's URL: %s", name, fault);
    return fault ? NULL : text;
}

static const char *read_either(const char *lower, const char *upper, const char *source)
{
    const char *text = read(lower, source);
    return text ? text : read(upper, source);
}

static bool keep(char **field, const char *text)
{
    if (!text || !*text) return true;
    *field = copy(text);
    return *field != NULL;
}

/* Not HTTP_PROXY: in a CGI program that is a header of the request. */
static bool open_environment(otel__proxy *proxy, const char *source)
{
    const char *all = read_either(variables.all_proxy, variables.ALL_PROXY, source);
    const char *http = read(variables.http_proxy, source);
    const char *https = read_either(variables.https_proxy, variables.HTTPS_PROXY, source);
    return keep(&proxy->http, http ? http : all) && keep(&proxy->https, https ? https : all);
}

bool otel__proxy_open(otel__proxy *proxy, const char *url, const char *not_for, const char *source)
{
    *proxy = (otel__proxy){0};
    const char *fault = url && *url ? otel__proxy_fault(url) : NULL;
    if (fault) {
        otel_diag(OTEL_SEVERITY_ERROR, source, "the proxy is not a URL that can be used: %s", fault);
        return false;
    }
    if (!not_for) not_for = otel_env_text(variables.no_proxy);
    if (!not_for) not_for = otel_env_text(variables.NO_PROXY);
    if (!keep(&proxy->not_for, not_for)) return false;
    return url ? keep(&proxy->http, url) && keep(&proxy->https, url) : open_environment(proxy, source);
}

static void forget(char **text)
{
    if (*text) explicit_bzero(*text, strlen(*text));
    otel_release(*text);
    *text = NULL;
}

void otel__proxy_close(otel__proxy *proxy)
{
    forget(&proxy->http);
    forget(&proxy->https);
    forget(&proxy->not_for);
}

const char *otel__proxy_for(const otel__proxy *proxy, const char *url)
{
    return otel__same_word(url, strcspn(url, ":"), "https") ? proxy->https : proxy->http;
}
