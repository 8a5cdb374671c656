# Finds cJSON, whose CMake package Debian's libcjson-dev brings in some versions only: target otel::cjson. Installed,
# too: the static libraries need the target.
find_path(OTEL_CJSON_INCLUDE_DIR cjson/cJSON.h)
find_library(OTEL_CJSON_LIBRARY cjson)
mark_as_advanced(OTEL_CJSON_INCLUDE_DIR OTEL_CJSON_LIBRARY)
if(OTEL_CJSON_INCLUDE_DIR AND OTEL_CJSON_LIBRARY AND NOT TARGET otel::cjson)
    add_library(otel::cjson UNKNOWN IMPORTED)
    set_target_properties(otel::cjson PROPERTIES
        IMPORTED_LOCATION "${OTEL_CJSON_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${OTEL_CJSON_INCLUDE_DIR}")
endif()
