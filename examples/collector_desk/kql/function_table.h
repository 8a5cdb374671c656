/* Rows of the tables of functions. */
#ifndef KQL_FUNCTION_TABLE_H
#define KQL_FUNCTION_TABLE_H
#include "function.h"

/* Its SQL says all. */
#define PLAIN(word, letters, fewest, largest, gives, text)                                                             \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (fewest), .most = (largest), .type = (gives),   \
        .sql = (text)                                                                                                  \
    }
/* Its column is called as what it is made of. */
#define KEEPING(word, letters, number, gives, text)                                                                    \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (number), .most = (number), .type = (gives),    \
        .sql = (text), .keeps_name = true                                                                              \
    }
#define SPECIAL(word, letters, fewest, largest, gives, checker, writer)                                                \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (fewest), .most = (largest), .type = (gives),   \
        .check = (checker), .write = (writer)                                                                          \
    }
/* All arguments, as many as there are, in `text` and a parenthesis. */
#define LISTING(word, letters, fewest, largest, gives, checker, text)                                                  \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (fewest), .most = (largest), .type = (gives),   \
        .sql = (text), .check = (checker), .write = kql_write_listing                                                  \
    }
#endif
