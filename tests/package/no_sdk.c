/* The component in a program without an SDK: it works, and nobody hears of it. */
#include "component.h"
#include <stdio.h>

int main(void)
{
    printf("%d\n", component_work(21));
    return 0;
}
