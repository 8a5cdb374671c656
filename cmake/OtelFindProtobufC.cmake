# Finds protobuf-c, which brings no CMake package: target otel::protobuf_c, program OTEL_PROTOC_C. Installed, too: the
# static libraries need the target.
find_path(OTEL_PROTOBUF_C_INCLUDE_DIR protobuf-c/protobuf-c.h)
find_library(OTEL_PROTOBUF_C_LIBRARY protobuf-c)
find_program(OTEL_PROTOC_C protoc-c)
mark_as_advanced(OTEL_PROTOBUF_C_INCLUDE_DIR OTEL_PROTOBUF_C_LIBRARY OTEL_PROTOC_C)
if(OTEL_PROTOBUF_C_INCLUDE_DIR AND OTEL_PROTOBUF_C_LIBRARY AND NOT TARGET otel::protobuf_c)
    add_library(otel::protobuf_c UNKNOWN IMPORTED)
    set_target_properties(otel::protobuf_c PROPERTIES
        IMPORTED_LOCATION "${OTEL_PROTOBUF_C_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${OTEL_PROTOBUF_C_INCLUDE_DIR}")
endif()
