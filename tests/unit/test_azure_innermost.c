/* Which function a stack trace says it arose in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/innermost.h"
#include <string.h>

static void innermost_is(const char *stack, const char *function)
{
    otel_str found = otel__azure_innermost(stack, strlen(stack));
    assert_int_equal(found.size, strlen(function));
    assert_memory_equal(found.data ? found.data : "", function, found.size);
}

static void known_forms(void **state)
{
    (void)state;
    innermost_is("Traceback (most recent call last):\n  File \"/a.py\", line 9, in main\n    run()\n"
                 "  File \"/b.py\", line 5, in read_block\n    raise OSError(5)\nOSError: x",
                 "read_block");
    innermost_is(
        "java.lang.IllegalStateException: no\r\n\tat shop.Cart.add(Cart.java:12)\r\n\tat shop.Main.main(Main.java:3)",
        "shop.Cart.add");
    innermost_is("Error: no\n    at async add (/app/cart.js:3:9)\n    at main (/app/x.js:1:1)", "add");
    innermost_is("Error: no\n    at /app/cart.js:3:9\n    at new Cart (/app/x.js:1:1)", "Cart");
    innermost_is("System.Exception: no\n   at Shop.Cart.Add(Int32 n) in c:\\cart.cs:line 3", "Shop.Cart.Add");
    innermost_is("#0  read_block (fd=3) at io.c:88\n#1  main () at main.c:12", "read_block");
    innermost_is("#0  0x00007f12 in read_block (fd=3) at io.c:88", "read_block");
    innermost_is("    #0 0x55d0 in read_block /src/io.c:88\n    #1 0x55d1 in main /src/main.c:12", "read_block");
    innermost_is("./agent(read_block+0x2a) [0x55d0c0]\n./agent(main+0x10) [0x55d0d0]", "read_block");
    innermost_is("./agent(+0x2a) [0x55d0c0]\n./agent(main+0x10) [0x55d0d0]", "main"); /* the first that has a name */
}

static void all_else_is_not_known(void **state)
{
    (void)state;
    static const char *const stacks[] = {"",
                                         "s",
                                         "frame\nframe\nframe",
                                         "at",
                                         "at ",
                                         "at least one",
                                         "#0 ",
                                         "#0 0x",
                                         "#0 0x1 in ",
                                         "(",
                                         "a(",
                                         "a(b",
                                         "\n\n",
                                         "a(b+0x1)",
                                         "Traceback",
                                         "File \"x\", line 1, in main",
                                         "Traceback\n  File \"x\", line 1, in ",
                                         "see (+0x1) [x]",
                                         "at (x)"};
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) innermost_is(stacks[i], "");
    char longer[400] = "at ";
    memset(longer + 3, 'f', 300);
    strcpy(longer + 303, "(x)");
    innermost_is(longer, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_forms), cmocka_unit_test(all_else_is_not_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
