/* The Azure Monitor exporter: logs to Application Insights, by connection string. A record becomes a row of `traces`;
 * of `exceptions` when it carries an exception, of `customEvents` when it has the attribute
 * microsoft.custom_event.name, of `availabilityResults` with the attributes microsoft.availability.*. */
#ifndef OTEL_EXPORTERS_AZURE_MONITOR_H
#define OTEL_EXPORTERS_AZURE_MONITOR_H
#include <otel/exporters/azure_credential.h>
#include <otel/exporters/http.h>
#include <otel/sdk/log_exporter.h>

#ifndef OTEL_AZURE_MONITOR_INLINE
#define OTEL_AZURE_MONITOR_INLINE inline
#endif

/* Which table a record goes to. */
typedef int32_t otel_azure_monitor_kind;
enum {
    OTEL_AZURE_MONITOR_MESSAGE = 0,      /* traces */
    OTEL_AZURE_MONITOR_EXCEPTION = 1,    /* exceptions */
    OTEL_AZURE_MONITOR_EVENT = 2,        /* customEvents */
    OTEL_AZURE_MONITOR_AVAILABILITY = 3, /* availabilityResults */
    OTEL_AZURE_MONITOR_KINDS = 4
};

/* Why records will never be rows. */
typedef int32_t otel_azure_monitor_reason;
enum {
    OTEL_AZURE_MONITOR_REJECTED = 0,  /* the service refused them for good */
    OTEL_AZURE_MONITOR_TOO_LARGE = 1, /* one record alone was too much for the service */
    OTEL_AZURE_MONITOR_SAMPLED = 2,   /* taken, and left out by the service's own sampling */
    OTEL_AZURE_MONITOR_UNKNOWN = 3,   /* the service took part of a request and did not say which */
    OTEL_AZURE_MONITOR_REASONS = 4
};

/* Records of one kind that are lost, for one reason. Grows at the end only. */
typedef struct otel_azure_monitor_loss {
    uint32_t size; /* sizeof(otel_azure_monitor_loss) */
    otel_azure_monitor_kind kind;
    otel_azure_monitor_reason reason;
    uint32_t http_status; /* of the item or the request */
    uint64_t count;
    const char *message; /* the service's words, cleaned and without secrets */
} otel_azure_monitor_loss;

/* {0} means defaults. What is set here is final; what is left open is taken from the environment, then the default.
 * Everything is copied. Grows at the end only. */
typedef struct otel_azure_monitor_options {
    const char *connection_string; /* "InstrumentationKey=...;IngestionEndpoint=https://..." of the resource's overview
                                    * page; NULL: APPLICATIONINSIGHTS_CONNECTION_STRING */
    const char *properties;        /* "full", which is the default; "lean": without the built-in custom dimensions and
                                    * those of the resource, for those who pay by the byte */
    const char *compression;       /* "gzip", which is the default, of requests above 1 KiB; "none" */
    const char *certificate;       /* PEM file: authorities to trust instead of the system's */
    const char *user_agent;        /* put in front of our own: "MyDistro/1.0" */
    const char *proxy;             /* see otel_http_options; NULL: https_proxy, all_proxy; "": none */
    const char *no_proxy;          /* hosts and networks reached without; NULL: the variable */
    otel_http_sender *sender;      /* instead of libcurl; owned from the call on, failure included */
    otel_azure_credential *credential; /* signs requests with tokens of Entra ID; owned from the call on, failure
                                        * included; NULL: what the environment says, else none */
    /* Told of each loss, on the thread that exports; must be quick. What `loss` points to is borrowed. The totals by
     * kind, reason and status: otel_provider_pipeline_losses. */
    void (*on_loss)(void *user, const otel_azure_monitor_loss *loss);
    void *user;
    uint32_t timeout_ms;        /* of one request; 0: 10000 */
    uint32_t max_items;         /* records in one request; 0: 512, at most 64000 */
    uint32_t max_request_bytes; /* before compression; 0: 1 MiB, at least 64 KiB. More goes in several requests */
    uint32_t flatten;           /* 1: maps become one dimension an entry, keys joined with dots; OTEL_C_AZURE_FLATTEN */
    uint32_t sequence;          /* 1: adds the dimension `sequence`, counting up, so that records of one time keep their
                                 * order; OTEL_C_AZURE_SEQUENCE */
    uint32_t must_sign;         /* 1: refused without a credential, so that one whose constructor failed is noticed;
                                 * otherwise NULL means that requests go unsigned when the environment names none */
} otel_azure_monitor_options;

OTEL_EXTERN_C_BEGIN
/* For a batch processor: it works asynchronously (with a credential that blocks, on a thread of its own). NULL:
 * refused, said once through diag in words that hold nothing of the connection string. */
OTEL_API otel_log_exporter *otel_azure_monitor_exporter_new_sized(const otel_azure_monitor_options *options,
                                                                  size_t size);
OTEL_AZURE_MONITOR_INLINE otel_log_exporter *otel_azure_monitor_exporter_new(const otel_azure_monitor_options *options)
{
    return otel_azure_monitor_exporter_new_sized(options, sizeof(otel_azure_monitor_options));
}

/* "azure_monitor", for otel_log_exporter_register. Static. */
OTEL_API const otel_log_exporter_factory *otel_azure_monitor_exporter_factory(void);
OTEL_EXTERN_C_END
#endif
