/* A program that knows nothing of telemetry. What the library logs costs a load and a branch, and goes nowhere. */
#include "thermometer.h"
#include <stdio.h>

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        double celsius;
        if (thermometer_read(arguments[i], &celsius))
            printf("%.2f\n", celsius);
        else
            printf("?\n");
    }
    return 0;
}
