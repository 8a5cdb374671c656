/* The SQL of the desk. One index a table, on the time: each further one would cost every record that comes in. */
#include "schema.h"

const char desk_schema_sql[] =
    "CREATE TABLE IF NOT EXISTS traces("
    "  timestamp TEXT NOT NULL," /* 2026-01-02T03:04:05.6789012Z: sorts as text */
    "  message TEXT,"
    "  severityLevel INTEGER,"
    "  customDimensions TEXT," /* a JSON object of strings */
    "  operation_Id TEXT,"
    "  operation_ParentId TEXT,"
    "  cloud_RoleName TEXT,"
    "  cloud_RoleInstance TEXT,"
    "  itemType TEXT NOT NULL DEFAULT 'trace');"
    "CREATE TABLE IF NOT EXISTS exceptions("
    "  timestamp TEXT NOT NULL,"
    "  problemId TEXT,"
    "  type TEXT,"
    "  outerMessage TEXT,"
    "  details TEXT," /* a JSON array of objects with type, message, stack */
    "  severityLevel INTEGER,"
    "  customDimensions TEXT,"
    "  operation_Id TEXT,"
    "  operation_ParentId TEXT,"
    "  cloud_RoleName TEXT,"
    "  cloud_RoleInstance TEXT,"
    "  itemType TEXT NOT NULL DEFAULT 'exception');"
    "CREATE INDEX IF NOT EXISTS traces_timestamp ON traces(timestamp);"
    "CREATE INDEX IF NOT EXISTS exceptions_timestamp ON exceptions(timestamp);"
    "CREATE VIEW IF NOT EXISTS logs AS"
    "  SELECT timestamp, itemType, severityLevel, message, customDimensions,"
    "         operation_Id, operation_ParentId, cloud_RoleName, cloud_RoleInstance FROM traces"
    "  UNION ALL"
    "  SELECT timestamp, itemType, severityLevel, outerMessage, customDimensions,"
    "         operation_Id, operation_ParentId, cloud_RoleName, cloud_RoleInstance FROM exceptions;";

/* The columns that both tables have come first, so that they are bound alike. */
const char desk_insert_trace_sql[] =
    "INSERT INTO traces(timestamp, message, severityLevel, customDimensions, operation_Id, operation_ParentId,"
    " cloud_RoleName, cloud_RoleInstance) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const char desk_insert_exception_sql[] =
    "INSERT INTO exceptions(timestamp, outerMessage, severityLevel, customDimensions, operation_Id,"
    " operation_ParentId, cloud_RoleName, cloud_RoleInstance, problemId, type, details)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
