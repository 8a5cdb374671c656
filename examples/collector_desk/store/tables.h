/* The tables, with the columns of the portal. One list says all: enumerators and SQL are made of it. */
#ifndef DESK_TABLE_LIST_H
#define DESK_TABLE_LIST_H

/* COLUMN(enumerator, name, type). These are in every table; its own stand behind the time. */
#define DESK_COMMON_COLUMNS(COLUMN)                                                                                    \
    COLUMN(DESK_TIMESTAMP, timestamp, TEXT) /* 2026-01-02T03:04:05.6789012Z: sorts as text */                          \
    COLUMN(DESK_ITEM_TYPE, itemType, TEXT)                                                                             \
    COLUMN(DESK_CUSTOM_DIMENSIONS, customDimensions, TEXT)     /* a JSON object of strings */                          \
    COLUMN(DESK_CUSTOM_MEASUREMENTS, customMeasurements, TEXT) /* a JSON object of numbers */                          \
    COLUMN(DESK_OPERATION_NAME, operation_Name, TEXT)                                                                  \
    COLUMN(DESK_OPERATION_ID, operation_Id, TEXT)                                                                      \
    COLUMN(DESK_OPERATION_PARENT_ID, operation_ParentId, TEXT)                                                         \
    COLUMN(DESK_OPERATION_SYNTHETIC_SOURCE, operation_SyntheticSource, TEXT)                                           \
    COLUMN(DESK_SESSION_ID, session_Id, TEXT)                                                                          \
    COLUMN(DESK_USER_ID, user_Id, TEXT)                                                                                \
    COLUMN(DESK_USER_AUTHENTICATED_ID, user_AuthenticatedId, TEXT)                                                     \
    COLUMN(DESK_USER_ACCOUNT_ID, user_AccountId, TEXT)                                                                 \
    COLUMN(DESK_APPLICATION_VERSION, application_Version, TEXT)                                                        \
    COLUMN(DESK_CLIENT_TYPE, client_Type, TEXT)                                                                        \
    COLUMN(DESK_CLIENT_MODEL, client_Model, TEXT)                                                                      \
    COLUMN(DESK_CLIENT_OS, client_OS, TEXT)                                                                            \
    COLUMN(DESK_CLIENT_IP, client_IP, TEXT)                                                                            \
    COLUMN(DESK_CLIENT_CITY, client_City, TEXT)                                                                        \
    COLUMN(DESK_CLIENT_STATE, client_StateOrProvince, TEXT)                                                            \
    COLUMN(DESK_CLIENT_COUNTRY, client_CountryOrRegion, TEXT)                                                          \
    COLUMN(DESK_CLIENT_BROWSER, client_Browser, TEXT)                                                                  \
    COLUMN(DESK_CLOUD_ROLE_NAME, cloud_RoleName, TEXT)                                                                 \
    COLUMN(DESK_CLOUD_ROLE_INSTANCE, cloud_RoleInstance, TEXT)                                                         \
    COLUMN(DESK_APP_ID, appId, TEXT)     /* the service's own: empty here */                                           \
    COLUMN(DESK_APP_NAME, appName, TEXT) /* the same */                                                                \
    COLUMN(DESK_IKEY, iKey, TEXT)                                                                                      \
    COLUMN(DESK_SDK_VERSION, sdkVersion, TEXT)                                                                         \
    COLUMN(DESK_ITEM_ID, itemId, TEXT)                                                                                 \
    COLUMN(DESK_ITEM_COUNT, itemCount, INTEGER) /* how many were meant: 100 / sampleRate */

#define DESK_TRACES_COLUMNS(COLUMN)                                                                                    \
    COLUMN(DESK_TRACE_MESSAGE, message, TEXT)                                                                          \
    COLUMN(DESK_TRACE_SEVERITY, severityLevel, INTEGER)

#define DESK_EXCEPTIONS_COLUMNS(COLUMN)                                                                                \
    COLUMN(DESK_EXCEPTION_PROBLEM_ID, problemId, TEXT)                                                                 \
    COLUMN(DESK_EXCEPTION_TYPE, type, TEXT)                                                                            \
    COLUMN(DESK_EXCEPTION_OUTER_MESSAGE, outerMessage, TEXT)                                                           \
    COLUMN(DESK_EXCEPTION_SEVERITY, severityLevel, INTEGER)                                                            \
    COLUMN(DESK_EXCEPTION_DETAILS, details, TEXT) /* a JSON array of objects with type, message, stack */              \
    COLUMN(DESK_EXCEPTION_MESSAGE, message, TEXT)                                                                      \
    COLUMN(DESK_EXCEPTION_METHOD, method, TEXT)                                                                        \
    COLUMN(DESK_EXCEPTION_ASSEMBLY, assembly, TEXT)                                                                    \
    COLUMN(DESK_EXCEPTION_OUTER_TYPE, outerType, TEXT)                                                                 \
    COLUMN(DESK_EXCEPTION_OUTER_METHOD, outerMethod, TEXT)                                                             \
    COLUMN(DESK_EXCEPTION_OUTER_ASSEMBLY, outerAssembly, TEXT)                                                         \
    COLUMN(DESK_EXCEPTION_INNERMOST_TYPE, innermostType, TEXT)                                                         \
    COLUMN(DESK_EXCEPTION_INNERMOST_MESSAGE, innermostMessage, TEXT)                                                   \
    COLUMN(DESK_EXCEPTION_INNERMOST_METHOD, innermostMethod, TEXT)                                                     \
    COLUMN(DESK_EXCEPTION_INNERMOST_ASSEMBLY, innermostAssembly, TEXT)                                                 \
    COLUMN(DESK_EXCEPTION_HANDLED_AT, handledAt, TEXT)

#define DESK_CUSTOM_EVENTS_COLUMNS(COLUMN) COLUMN(DESK_EVENT_NAME, name, TEXT)

/* success is text in these tables, True or False; durations are milliseconds. */
#define DESK_AVAILABILITY_RESULTS_COLUMNS(COLUMN)                                                                      \
    COLUMN(DESK_AVAILABILITY_ID, id, TEXT)                                                                             \
    COLUMN(DESK_AVAILABILITY_NAME, name, TEXT)                                                                         \
    COLUMN(DESK_AVAILABILITY_LOCATION, location, TEXT)                                                                 \
    COLUMN(DESK_AVAILABILITY_SUCCESS, success, TEXT)                                                                   \
    COLUMN(DESK_AVAILABILITY_MESSAGE, message, TEXT)                                                                   \
    COLUMN(DESK_AVAILABILITY_DURATION, duration, REAL)                                                                 \
    COLUMN(DESK_AVAILABILITY_SIZE, size, REAL)

#define DESK_REQUESTS_COLUMNS(COLUMN)                                                                                  \
    COLUMN(DESK_REQUEST_ID, id, TEXT)                                                                                  \
    COLUMN(DESK_REQUEST_SOURCE, source, TEXT)                                                                          \
    COLUMN(DESK_REQUEST_NAME, name, TEXT)                                                                              \
    COLUMN(DESK_REQUEST_URL, url, TEXT)                                                                                \
    COLUMN(DESK_REQUEST_SUCCESS, success, TEXT)                                                                        \
    COLUMN(DESK_REQUEST_RESULT_CODE, resultCode, TEXT)                                                                 \
    COLUMN(DESK_REQUEST_DURATION, duration, REAL)

#define DESK_DEPENDENCIES_COLUMNS(COLUMN)                                                                              \
    COLUMN(DESK_DEPENDENCY_ID, id, TEXT)                                                                               \
    COLUMN(DESK_DEPENDENCY_TARGET, target, TEXT)                                                                       \
    COLUMN(DESK_DEPENDENCY_TYPE, type, TEXT)                                                                           \
    COLUMN(DESK_DEPENDENCY_NAME, name, TEXT)                                                                           \
    COLUMN(DESK_DEPENDENCY_DATA, data, TEXT)                                                                           \
    COLUMN(DESK_DEPENDENCY_SUCCESS, success, TEXT)                                                                     \
    COLUMN(DESK_DEPENDENCY_RESULT_CODE, resultCode, TEXT)                                                              \
    COLUMN(DESK_DEPENDENCY_DURATION, duration, REAL)

#define DESK_CUSTOM_METRICS_COLUMNS(COLUMN)                                                                            \
    COLUMN(DESK_METRIC_NAME, name, TEXT)                                                                               \
    COLUMN(DESK_METRIC_VALUE, value, REAL)                                                                             \
    COLUMN(DESK_METRIC_COUNT, valueCount, INTEGER)                                                                     \
    COLUMN(DESK_METRIC_SUM, valueSum, REAL)                                                                            \
    COLUMN(DESK_METRIC_MIN, valueMin, REAL)                                                                            \
    COLUMN(DESK_METRIC_MAX, valueMax, REAL)

#define DESK_PAGE_VIEWS_COLUMNS(COLUMN)                                                                                \
    COLUMN(DESK_PAGE_VIEW_ID, id, TEXT)                                                                                \
    COLUMN(DESK_PAGE_VIEW_NAME, name, TEXT)                                                                            \
    COLUMN(DESK_PAGE_VIEW_URL, url, TEXT)                                                                              \
    COLUMN(DESK_PAGE_VIEW_DURATION, duration, REAL)

/* TABLE(enumerator, name, itemType, its own columns) */
#define DESK_TABLES_LIST(TABLE)                                                                                        \
    TABLE(DESK_TRACES, traces, trace, DESK_TRACES_COLUMNS)                                                             \
    TABLE(DESK_EXCEPTIONS, exceptions, exception, DESK_EXCEPTIONS_COLUMNS)                                             \
    TABLE(DESK_CUSTOM_EVENTS, customEvents, customEvent, DESK_CUSTOM_EVENTS_COLUMNS)                                   \
    TABLE(DESK_AVAILABILITY_RESULTS, availabilityResults, availabilityResult, DESK_AVAILABILITY_RESULTS_COLUMNS)       \
    TABLE(DESK_REQUESTS, requests, request, DESK_REQUESTS_COLUMNS)                                                     \
    TABLE(DESK_DEPENDENCIES, dependencies, dependency, DESK_DEPENDENCIES_COLUMNS)                                      \
    TABLE(DESK_CUSTOM_METRICS, customMetrics, customMetric, DESK_CUSTOM_METRICS_COLUMNS)                               \
    TABLE(DESK_PAGE_VIEWS, pageViews, pageView, DESK_PAGE_VIEWS_COLUMNS)

#define DESK_ENUMERATOR(enumerator, ...) enumerator,
enum desk_common_column { DESK_COMMON_COLUMNS(DESK_ENUMERATOR) DESK_COMMON };
typedef enum desk_table { DESK_TABLES_LIST(DESK_ENUMERATOR) DESK_TABLES } desk_table;

/* A table's own columns are counted on from the common ones. */
#define DESK_OWN_ENUM(enumerator, name, item_type, columns)                                                            \
    enum desk_##name##_column{enumerator##_BEFORE = DESK_COMMON - 1, columns(DESK_ENUMERATOR) enumerator##_END};
DESK_TABLES_LIST(DESK_OWN_ENUM)

enum { DESK_MOST_COLUMNS = DESK_EXCEPTIONS_END };

typedef struct desk_column {
    const char *name;
    const char *type; /* TEXT, INTEGER or REAL */
} desk_column;

typedef struct desk_table_info {
    const char *name;
    const char *item_type;
    const desk_column *own; /* that no other table need have */
    int own_count;
    int count; /* all of them */
} desk_table_info;

extern const desk_table_info desk_tables[DESK_TABLES];
/* Counted as the enumerators are. */
const desk_column *desk_table_column(desk_table table, int column);

#endif
