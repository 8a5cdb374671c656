# How a library of ours is made: compiled once, linked as a shared and as a static library.
#
#   otel_sources(<variable> <directory>...)     the .c files of directories
#   otel_compile_rules(<target>)                C11, our warnings, our definitions: for everything that we compile
#   otel_protobuf(<variable> <from> <to>)       compiles the .proto files of a directory with protoc-c
#   otel_library(<component> ...)               the libraries otel::<component> and otel::<component>_static

set(OTEL_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
set(OTEL_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes)

# Sanitizers concern everything below this directory, and nothing above it.
if(OTEL_SANITIZE)
    add_compile_options(-fsanitize=${OTEL_SANITIZE} -fno-omit-frame-pointer -g)
    add_link_options(-fsanitize=${OTEL_SANITIZE})
    if(OTEL_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=all)
    endif()
endif()
if(OTEL_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link -g)
endif()

# Addresses that the loader has to adjust, a bit each instead of 24 bytes. An old linker does not write that, an old C
# library does not read it (glibc before 2.36, musl before 1.2.4): a program that is run here tells. For libraries that
# go to older systems than this one: -DOTEL_PACKED_RELOCATIONS=OFF.
if(NOT CMAKE_CROSSCOMPILING)
    include(CheckCSourceRuns)
    set(CMAKE_REQUIRED_FLAGS "-fPIE")
    set(CMAKE_REQUIRED_LINK_OPTIONS -pie -Wl,-z,pack-relative-relocs)
    check_c_source_runs("static int one = 1;\nint *volatile adjusted = &one;\nint main(void) { return *adjusted != 1; }"
                        OTEL_PACKED_RELOCATIONS)
    unset(CMAKE_REQUIRED_FLAGS)
    unset(CMAKE_REQUIRED_LINK_OPTIONS)
endif()

# What many small files cost: a function that one other file calls is no longer one of its own.
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT OTEL_SANITIZE)
    include(CheckCSourceCompiles)
    set(CMAKE_REQUIRED_FLAGS "-flto=auto")
    check_c_source_compiles("int main(void) { return 0; }" OTEL_CAN_LINK_WHOLE)
    unset(CMAKE_REQUIRED_FLAGS)
endif()

function(otel_sources variable)
    set(found "")
    foreach(directory IN LISTS ARGN)
        file(GLOB files CONFIGURE_DEPENDS "${directory}/*.c")
        list(APPEND found ${files})
    endforeach()
    set(${variable} ${found} PARENT_SCOPE)
endfunction()

function(otel_compile_rules target)
    set_target_properties(${target} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
    target_compile_options(${target} PRIVATE ${OTEL_WARNINGS})
    if(OTEL_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# The generated code is not ours to warn about.
function(otel_protobuf variable from to)
    file(GLOB protos CONFIGURE_DEPENDS "${from}/*.proto")
    file(MAKE_DIRECTORY "${to}")
    set(sources "")
    foreach(proto IN LISTS protos)
        get_filename_component(name "${proto}" NAME_WE)
        set(outputs "${to}/${name}.pb-c.c" "${to}/${name}.pb-c.h")
        add_custom_command(OUTPUT ${outputs}
            COMMAND "${OTEL_PROTOC_C}" "--proto_path=${from}" "--c_out=${to}" "${proto}"
            DEPENDS ${protos} COMMENT "protoc-c ${name}.proto" VERBATIM)
        set_source_files_properties(${outputs} PROPERTIES COMPILE_OPTIONS -w)
        list(APPEND sources ${outputs})
    endforeach()
    set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# The linker's version script: the symbols of the reviewed list get the node, everything else stays inside.
function(otel_version_script target list node)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${list}")
    file(STRINGS "${list}" symbols)
    list(JOIN symbols ";\n        " global)
    set(script "${CMAKE_CURRENT_BINARY_DIR}/${target}.map")
    file(CONFIGURE OUTPUT "${script}"
         CONTENT "${node} {\n    global:\n        ${global};\n    local:\n        *;\n};\n" @ONLY)
    target_link_options(${target} PRIVATE "-Wl,--version-script=${script}")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${script}")
endfunction()

# The objects of a library, compiled as otel_library was told (a_...).
function(otel_objects objects)
    add_library(${objects} OBJECT ${a_SOURCES})
    otel_compile_rules(${objects})
    # Calls between functions of one library need no way round through the symbol table.
    # What nobody calls is left out by the linker, ours and a program's that links statically: most of what protoc-c
    # writes is for messages that are only read, or only written.
    target_compile_options(${objects} PRIVATE -fno-semantic-interposition -ffunction-sections -fdata-sections)
    # Nor do calls into other libraries need a stub each: the address is in a table once the library is loaded.
    target_compile_options(${objects} PRIVATE -fno-plt)
    # CMake's own choice for all, -O3, makes an emit not one instruction shorter; -Os makes the rest a fifth smaller.
    target_compile_options(${objects} PRIVATE $<$<CONFIG:Release>:-Os>)
    set_source_files_properties(${a_HOT} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O2>)
    set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
    target_compile_definitions(${objects} PRIVATE ${a_DEFINES})
    target_include_directories(${objects} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/include" ${a_INCLUDES})
    target_link_libraries(${objects} PRIVATE ${a_LINK} ${a_LINK_PUBLIC})
    foreach(used IN LISTS a_PUBLIC a_PRIVATE)
        get_property(directories GLOBAL PROPERTY OTEL_INCLUDES_${used})
        target_include_directories(${objects} PRIVATE ${directories})
    endforeach()
endfunction()

function(otel_shared_library component)
    set(target otel_${component})
    set(objects otel_${component}_objects)
    if(a_WHOLE AND OTEL_CAN_LINK_WHOLE)
        # Objects of its own: those of an archive must not depend on the very compiler that made them.
        set(objects otel_${component}_whole)
        otel_objects(${objects})
        target_compile_options(${objects} PRIVATE -flto=auto)
    endif()
    add_library(${target} SHARED $<TARGET_OBJECTS:${objects}>)
    if(a_WHOLE AND OTEL_CAN_LINK_WHOLE)
        target_link_options(${target} PRIVATE -flto=auto)
    endif()
    set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0 LINKER_LANGUAGE C)
    otel_version_script(${target} "${CMAKE_CURRENT_SOURCE_DIR}/exported_symbols.txt" OTEL_0)
    target_link_options(${target} PRIVATE -Wl,--as-needed -Wl,--gc-sections
                        $<$<BOOL:${OTEL_PACKED_RELOCATIONS}>:-Wl,-z,pack-relative-relocs>)
    # For us: another project may have sanitizers, whose calls clang leaves open until a program is linked.
    if(OTEL_TOP_LEVEL AND NOT OTEL_SANITIZE AND NOT OTEL_FUZZ AND NOT CMAKE_C_FLAGS MATCHES "-fsanitize")
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
    if(NOT CMAKE_INSTALL_RPATH)
        # Its siblings lie beside it, wherever that is.
        set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
    endif()
endfunction()

function(otel_static_library component)
    add_library(otel_${component}_static STATIC $<TARGET_OBJECTS:otel_${component}_objects>)
    set_target_properties(otel_${component}_static PROPERTIES LINKER_LANGUAGE C)
endfunction()

# otel_library(<component>
#     OUTPUT <name>             the file is lib<name>.so and .a, the pkg-config module is <name>
#     DESCRIPTION <words>
#     SOURCES <file>...
#     INCLUDES <directory>...   private ones
#     DEFINES <definition>...   private ones
#     PUBLIC <component>...     whose headers its public headers include
#     PRIVATE <component>...    that it only uses
#     LINK <target>...          third parties
#     LINK_PUBLIC <target>...   third parties whose headers its public headers include
#     PKGCONFIG <module>...     those for pkg-config
#     LINK_FLAGS <flag>...      the same for pkg-config --static
#     HOT <file>...             those of the sources that run with each record: for speed; all others for size
#     WHOLE)                    the shared library is optimized as one piece, where the compiler is GCC
function(otel_library component)
    cmake_parse_arguments(a "WHOLE" "OUTPUT;DESCRIPTION"
                          "SOURCES;HOT;INCLUDES;DEFINES;PUBLIC;PRIVATE;LINK;LINK_PUBLIC;PKGCONFIG;LINK_FLAGS" ${ARGN})
    set(include "${CMAKE_CURRENT_SOURCE_DIR}/include")
    otel_objects(otel_${component}_objects)
    set(directories "${include}")
    foreach(used IN LISTS a_PUBLIC)
        get_property(inherited GLOBAL PROPERTY OTEL_INCLUDES_${used})
        list(APPEND directories ${inherited})
    endforeach()
    list(REMOVE_DUPLICATES directories)
    set_property(GLOBAL PROPERTY OTEL_INCLUDES_${component} "${directories}")

    set(targets "")
    if(OTEL_BUILD_SHARED)
        otel_shared_library(${component})
        list(APPEND targets otel_${component})
    endif()
    if(OTEL_BUILD_STATIC)
        otel_static_library(${component})
        list(APPEND targets otel_${component}_static)
        add_library(otel::${component}_static ALIAS otel_${component}_static)
    endif()
    list(GET targets 0 first) # without shared libraries the plain name means the static one
    add_library(otel::${component} ALIAS ${first})

    foreach(target IN LISTS targets)
        string(REGEX MATCH "_static$" kind "${target}")
        set_target_properties(${target} PROPERTIES OUTPUT_NAME ${a_OUTPUT} EXPORT_NAME ${component}${kind})
        target_include_directories(${target} INTERFACE
            "$<BUILD_INTERFACE:${include}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
        foreach(used IN LISTS a_PUBLIC)
            target_link_libraries(${target} PUBLIC otel_${used}${kind})
        endforeach()
        foreach(used IN LISTS a_PRIVATE)
            target_link_libraries(${target} PRIVATE otel_${used}${kind})
        endforeach()
        target_link_libraries(${target} PRIVATE ${a_LINK} PUBLIC ${a_LINK_PUBLIC})
    endforeach()

    set_property(GLOBAL APPEND PROPERTY OTEL_COMPONENTS ${component})
    set_property(GLOBAL PROPERTY OTEL_TARGETS_${component} "${targets}")
    set_property(GLOBAL PROPERTY OTEL_HEADERS_${component} "${include}")
    set_property(GLOBAL APPEND PROPERTY OTEL_HEADER_DIRECTORIES "${include}")
    set_property(GLOBAL PROPERTY OTEL_OUTPUT_${component} "${a_OUTPUT}")
    set_property(GLOBAL PROPERTY OTEL_DESCRIPTION_${component} "${a_DESCRIPTION}")
    set_property(GLOBAL PROPERTY OTEL_PUBLIC_${component} "${a_PUBLIC}")
    set_property(GLOBAL PROPERTY OTEL_PRIVATE_${component} "${a_PRIVATE}")
    set_property(GLOBAL PROPERTY OTEL_PKGCONFIG_${component} "${a_PKGCONFIG}")
    set_property(GLOBAL PROPERTY OTEL_LINK_FLAGS_${component} "${a_LINK_FLAGS}")
endfunction()
