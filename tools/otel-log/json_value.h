/* A JSON value as a value of a record. */
#ifndef OTEL__JSON_VALUE_H
#define OTEL__JSON_VALUE_H
#include <otel/attr.h>

#include "json_reader/json_reader.h"

/* A number is an int when it was written without fraction and exponent and fits into 64 bits, else a double. Arrays and
 * maps are made in memory; strings are views of the JSON's unless copy says otherwise. false: out of memory. */
bool otel__json_value(otel__json_arena *memory, const otel__json *json, bool copy, otel_value *out);

/* The members of an object as attributes; out has room for object->size of them. */
bool otel__json_members(otel__json_arena *memory, const otel__json *object, bool copy, otel_attr *out);
#endif
