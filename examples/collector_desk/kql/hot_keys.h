/* The properties that are asked for most. The schema has an index on each, on exactly these expressions: SQLite uses an
 * index on an expression only where the statement has the same text. */
#ifndef KQL_HOT_KEYS_H
#define KQL_HOT_KEYS_H

#define KQL_HOT_PROPERTY(key) "json_extract(\"customDimensions\",'$." key "')"
#define KQL_HOT_KEYS(X) X("parent_run_id") X("run_type") X("Level")
#endif
